"""What channels are told of the registry, and what `/models` marks."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks import render
from bot.domain.cards import DeployedLine, ModelLine, ModelList
from bot.domain.registry_cards import RegistryNews
from bot.domain.registry_mismatch import Moved, agrees, disagrees, moved_from
from tests.support.slack_contract import check_message

MOVED = Moved("7", "6", {"production": "6"}, ("#ml",))


def said(card: object, prefix: str = "") -> str:
    """All the words, within Slack's rules."""
    message = render(card, prefix)  # type: ignore[arg-type]
    check_message(message)
    return json.dumps(message, ensure_ascii=False)


def test_a_mismatch_says_what_to_do() -> None:
    words = said(disagrees("fraud", "champion", MOVED, ("slack:U0BEN",)), "ml-")
    assert "@champion says 7, Git pins 6" in words
    assert "<@U0BEN>" in words
    assert "Next: `/ml-promote fraud 7 production`, or set @champion back to 6 in MLflow." in words


def test_what_is_over_calls_nobody() -> None:
    card = agrees("fraud", "champion", MOVED, "6")
    words = said(card)
    assert "Over: fraud, production: @champion says 6" in words
    assert "Next:" not in words
    assert "@champion was taken away" in said(agrees("fraud", "champion", MOVED, None))


def test_names_from_the_registry_mention_nobody_and_format_nothing() -> None:
    hostile = Moved("<!channel>*7*", None, {"<@U0BEN>": "`6`"}, ())
    words = said(disagrees("<!here>", "a_b_", hostile))
    assert not [bad for bad in ("<!channel>", "<!here>", "<@U0BEN>") if bad in words]


def test_long_words_fit() -> None:
    said(RegistryNews("h" * 9000, "t" * 9000, "u" * 9000, ("slack:U0BEN",) * 300))


def test_what_was_moved_is_kept_whole() -> None:
    assert moved_from(MOVED.dumps()) == MOVED


def test_models_names_both_sides() -> None:
    place = DeployedLine("production", "6", "pinned", None, "", "champion", "7", "5", 1_795_220_453.0)
    words = said(ModelList((ModelLine("fraud", (place,), "7"),)))
    assert "mismatch in production: @champion says 7, Git pins 6" in words
    assert "the cluster still reports 5, since <!date^1795220453^" in words
