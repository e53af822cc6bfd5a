"""An incident's card and its thread: one card, updated in place, news told once, wherever it was killed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.commands import LookStorm
from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.snoozing import snoozed, taken
from bot.domain.drifting.telling import with_news
from bot.domain.drifting.windows import Kind, Severity
from bot.domain.incident_words import headline
from bot.domain.notice_cards import ThreadEvent, ThreadNews
from bot.errors import ChatUnavailable, Fatal, ForgeUnavailable
from tests.usecases.incident_rig import ANA, BEN, HOUR, NOW, IncidentRig, incident


def test_one_card_with_what_a_reader_needs() -> None:
    rig = IncidentRig()
    rig.keeps(incident())
    rig.look()
    card = rig.card()
    assert headline(card) == "Drift: fraud, production"
    assert (card.version, card.back_to) == ("41", "40")
    [problem] = card.problems
    assert [one.feature for one in problem.worst] == ["amount", "country"]
    assert (problem.beyond, problem.total, problem.windows, problem.bad) == (2, 3, 3, 3)
    assert [(one.name, one.verdict.value) for one in card.monitors] == [("evidently weekly", "bad")]
    assert rig.cards()[0].posted.channel == "C0FRAUD"


def test_owners_are_called_once_in_the_thread() -> None:
    rig = IncidentRig()
    rig.keeps(incident())
    rig.look()
    rig.look()
    [reply] = rig.replies()
    assert isinstance(reply.message, ThreadNews)
    assert (reply.message.headline, reply.message.notify) == ("Drift: fraud, production", ("slack:U0BEN",))
    assert (reply.thread, reply.broadcast) == (rig.cards()[0].posted.ts, False)
    assert rig.known().news == ()


def test_what_is_critical_from_the_first_is_told_to_the_channel_too() -> None:
    rig = IncidentRig()
    rig.keeps(incident(severity=Severity.CRITICAL))
    rig.look()
    assert rig.replies()[0].broadcast
    assert headline(rig.card()) == "Critical drift: fraud, production"


def test_repeated_signals_change_the_card_and_say_nothing() -> None:
    rig = IncidentRig()
    rig.keeps(incident())
    rig.look()
    before = len(rig.chat.sent)
    rig.keeps(rig.known().model_copy(update={"score": 4.0, "peak": 4.0}))
    rig.look()
    rig.look()
    assert (len(rig.chat.sent), rig.cards()[0].edits, rig.card().problems[0].score) == (before, 1, 4.0)


def test_several_kinds_share_a_card_and_its_thread() -> None:
    rig = IncidentRig()
    rig.keeps(incident(), incident("01B", Kind.PERFORMANCE, card="01A", opened=NOW - 60))
    rig.look("01B")  # whichever of them asks, it is the one card
    assert headline(rig.card()) == "Drift and performance: fraud, production"
    assert rig.said() == ["Drift: fraud, production", "Performance: fraud, production"]
    second = rig.replies()[1].message
    assert isinstance(second, ThreadNews)
    assert second.notify == ()  # owners know the card already
    rig.keeps(rig.known().model_copy(update={"state": IncidentState.RESOLVED, "resolved": NOW}))
    rig.look()
    assert headline(rig.card()) == "Performance: fraud, production"


NEWS: dict[str, tuple[str, bool]] = {
    "reopened": ("Drift again: fraud, production", False),
    "worse": ("Drift got worse: fraud, production", False),
    "critical": ("Drift is critical: fraud, production", True),
    "snooze_broke": ("Snooze broken, drift got worse: fraud, production", True),
    "snooze_ended": ("Snooze over, drift goes on: fraud, production", False),
    "contradicted": ("Monitors contradict each other: e says bad, n says fine.", False),
    "retrain": ("had it trained again.", False),
}


@pytest.mark.parametrize("kind", NEWS)
def test_the_words_of_news(kind: Any) -> None:
    rig = IncidentRig()
    words = "e says bad, n says fine" if kind == "contradicted" else ""
    rig.keeps(with_news(incident(owner=ANA).model_copy(update={"news": ()}), kind, NOW, words))
    rig.look()
    [reply] = rig.replies()
    assert (rig.said()[0], reply.broadcast) == NEWS[kind]
    if isinstance(reply.message, ThreadNews):
        assert reply.message.notify == ("slack:U0ANA",)  # owners were called when it opened


def test_taken_snoozed_and_resolved_in_words() -> None:
    rig = IncidentRig()
    one = snoozed(taken(incident(), ANA, NOW), BEN, NOW + HOUR, "holidays", NOW)
    rig.keeps(one)
    rig.look()
    assert headline(rig.card()) == "Drift, snoozed: fraud, production"
    over = rig.known().model_copy(
        update={"state": IncidentState.RESOLVED, "resolved": NOW, "ended": "3 of 3 windows fine"}
    )
    rig.keeps(with_news(over, "resolved", NOW))
    rig.look()
    assert rig.said()[1:] == [
        "is on it.",
        "snoozed it until 2026-12-23 05:26 UTC: holidays",
        "Drift resolved after 1 h: 3 of 3 windows fine.",
    ]
    last = rig.replies()[-1].message
    assert isinstance(last, ThreadEvent)
    assert last.to == (ANA,)
    assert headline(rig.card()) == "Resolved drift: fraud, production"


def test_a_snooze_ends_by_the_clock() -> None:
    rig = IncidentRig()
    rig.keeps(snoozed(incident(), BEN, NOW + HOUR, None, NOW))
    rig.look()
    rig.clock.tick(HOUR + 1)
    rig.look()
    assert rig.known().state is IncidentState.OPEN
    assert rig.said()[-1] == "Snooze over, drift goes on: fraud, production"
    last = rig.replies()[-1].message
    assert isinstance(last, ThreadNews)
    assert last.notify == ("slack:U0BEN",)  # whoever wanted quiet


def test_told_is_not_lost_where_somebody_else_changes_it_meanwhile() -> None:
    rig = IncidentRig()
    rig.keeps(incident())
    more = with_news(rig.known(), "worse", NOW)
    rig.log.between = lambda: rig.keeps(more)
    rig.look()
    assert [news.kind for news in rig.known().news] == ["worse"]
    rig.look()
    assert rig.said() == ["Drift: fraud, production", "Drift got worse: fraud, production"]


def test_while_slack_is_away_the_look_is_made_again_by_itself() -> None:
    rig = IncidentRig()
    rig.keeps(incident())
    rig.chat.fails = ChatUnavailable("Slack asks for a pause", 30.0)
    rig.look()
    assert rig.cards() == []
    rig.work(31)
    assert (len(rig.cards()), len(rig.replies())) == (1, 1)


def test_a_channel_that_is_gone_gives_way_to_the_default_one() -> None:
    rig = IncidentRig()
    rig.keeps(incident(channel="#gone"))
    rig.look()
    rig.look()
    assert (rig.cards()[0].posted.channel, rig.card().instead_of) == ("C0DEPLOYS", "#gone")
    assert [reply.posted.channel for reply in rig.replies()] == ["C0DEPLOYS"]
    assert rig.cards()[0].edits == 0


def test_a_channel_that_is_archived_later_gives_way_as_well() -> None:
    rig = IncidentRig()
    rig.keeps(incident())
    rig.look()
    rig.chat.channels = rig.chat.channels[:1]
    rig.chat.sent = [sent for sent in rig.chat.sent if sent.posted.channel != "C0FRAUD"]  # updates find nothing
    rig.keeps(with_news(rig.known(), "worse", NOW))
    rig.look()
    assert (rig.cards()[0].posted.channel, rig.card().instead_of) == ("C0DEPLOYS", "#fraud")
    assert rig.said() == ["Drift got worse: fraud, production"]


def test_where_neither_can_be_written_that_is_a_fault_and_nothing_is_lost() -> None:
    rig = IncidentRig()
    rig.keeps(incident(channel="#gone"))
    rig.chat.channels = []
    with pytest.raises(Fatal):
        rig.look()
    assert [news.kind for news in rig.known().news] == ["opened"]


@pytest.mark.parametrize("policy", [b"version: 7\n", b"environments: ["])
def test_a_broken_policy_keeps_no_card_back(policy: bytes) -> None:
    rig = IncidentRig()
    rig.checkout.change("main", {".slackops.yaml": policy}, "Oh")
    rig.keeps(incident())
    rig.look()
    assert (rig.card().back_to, len(rig.replies())) == ("40", 1)  # by the last policy that could be read


def test_a_forge_that_is_away_keeps_no_card_back(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = IncidentRig()
    rig.keeps(incident())

    def away() -> str:
        raise ForgeUnavailable("no answer")

    monkeypatch.setattr(rig.checkout, "fetch", away)
    rig.look()
    assert rig.card().version == "41"


def test_what_the_repo_does_not_declare_has_a_card_without_a_way_back() -> None:
    rig = IncidentRig()
    rig.keeps(incident(model="stranger", version="7"))
    rig.look()
    assert (rig.card().version, rig.card().back_to) == ("7", None)


def test_a_storm_shows_it_in_place_of_its_own_card() -> None:
    rig = IncidentRig()
    rig.keeps(incident())
    rig.look()
    rig.keeps(rig.known().model_copy(update={"storm": "S1"}))
    rig.look()
    assert rig.card().stormed
    waiting = _later(rig)
    assert LookStorm(storm="S1") in waiting


def _later(rig: IncidentRig) -> list[Any]:
    rig.clock.tick(60)
    found = []
    while (row := rig.inbox.claim("w", 60)) is not None:
        found.append(row.command)
        rig.inbox.done(row)
    return found


def test_a_stranger_to_the_log_is_nothing() -> None:
    rig = IncidentRig()
    rig.look("01NOBODY")
    assert rig.chat.sent == []


def test_markup_in_a_monitors_words_mentions_nobody() -> None:
    rig = IncidentRig()
    rig.keeps(incident(message="<!channel> *look*", url="javascript:alert(1)"))
    rig.look()
    said = str(render(rig.card()))
    assert "<!channel>" not in said
    assert "javascript" not in said
