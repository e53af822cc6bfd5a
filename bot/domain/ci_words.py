"""CI in words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.ci_branch import CiNews
from bot.domain.ci_cards import CiCard
from bot.domain.notice_cards import ThreadEvent, ThreadNews

NAMED = 5


def named(gates: Sequence[str], most: int = NAMED) -> str:
    """`unit-tests, lint and 3 more`."""
    shown, left = [gate[:60] for gate in gates[:most]], len(gates) - most
    return ", ".join(shown) + (f" and {left} more" if left > 0 else "")


def headline(card: CiCard) -> str:
    """`CI failed: acme/fraud-training main abc1234: unit-tests, lint (2)`."""
    failing = card.failing
    state, gates = ("CI failed", failing) if failing else ("CI is back", card.gates)
    count = f" ({len(gates)})" if len(gates) > 1 else ""
    return f"{state}: {card.repo} {card.branch} {card.sha[:7]}: {named([one.gate for one in gates])}{count}"


def together(cards: Sequence[CiCard]) -> str:
    """`CI failed: acme/fraud-training main abc1234: unit-tests; main def5678: lint (2 commits)`, of one repository."""
    if len(cards) == 1:
        return headline(cards[0])
    each = [f"{one.branch} {one.sha[:7]}: {named([gate.gate for gate in one.failing], 2)}" for one in cards[:NAMED]]
    more = f"; and {len(cards) - NAMED} more" if len(cards) > NAMED else ""
    return f"CI failed: {cards[0].repo} {'; '.join(each)}{more} ({len(cards)} commits)"


def reply(news: CiNews, notify: Sequence[str]) -> ThreadNews | ThreadEvent:
    """What the thread of a card says; owners are called where a failure is news once more."""
    gates, sha = named(news.gates), news.sha[:7]
    match news.kind:
        case "back":
            return ThreadEvent(f"Back at {sha}: {gates}.")
        case "too":
            return ThreadEvent(f"Fails too at {sha}: {gates}.")
        case "again":
            return ThreadNews(f"CI failed again: {gates}", f"At {sha}, after it had come back.", tuple(notify))
        case "still":
            return ThreadNews(f"CI fails still: {gates}", f"At {sha}.", tuple(notify))
