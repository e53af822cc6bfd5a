"""What a storm's thread says: what needs a person is told, of all of them together, and once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import Receipt
from bot.domain.commands import LookStorm, SnoozeIncident, TakeIncident
from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.telling import with_news
from bot.domain.drifting.windows import Severity
from bot.domain.notice_cards import ThreadNews
from bot.usecases.dispatch import Dispatcher
from tests.usecases.incident_rig import ANA, BEN, HOUR, IncidentRig, incident
from tests.usecases.test_ci_kills import Deadly, Killed
from tests.usecases.test_storm import MANY, name, opens, shown, storm

PORTS = ("posts", "chat", "incident_log", "inbox")


@pytest.fixture
def rig() -> IncidentRig:
    return IncidentRig()


def again(rig: IncidentRig) -> None:
    """A look at the storm, for its own sake."""
    rig.clock.tick(1.0)
    rig.put(LookStorm(storm=name(5)), f"look:{rig.clock.now()}")


def happens(rig: IncidentRig, number: int, kind: Any, **fields: Any) -> None:
    one = rig.known(name(number)).model_copy(update=fields)
    rig.keeps(with_news(one, kind, rig.clock.now(), f"{number} times its limit"))


def resolve_all(rig: IncidentRig, size: int) -> None:
    for number in range(size):
        happens(rig, number, "resolved", state=IncidentState.RESOLVED, resolved=rig.clock.now())


@pytest.mark.parametrize(
    ("kind", "head", "loud"),
    [
        ("snooze_broke", "Snooze broken, it got worse", True),
        ("critical", "Critical", True),
        ("worse", "Got worse", False),
        ("reopened", "Back again", False),
        ("snooze_ended", "Snooze over, it goes on", False),
    ],
)
def test_what_needs_a_person_is_told_of_all_together(rig: IncidentRig, kind: str, head: str, loud: bool) -> None:
    storm(rig)
    before = len(rig.replies())
    for number in (1, 2, 3):
        happens(rig, number, kind, owner=BEN, score=float(number))
    again(rig)
    again(rig)
    [reply] = rig.replies()[before:]
    assert isinstance(reply.message, ThreadNews)
    assert reply.message.headline == f"{head}: fraud-3, production and 2 more"
    assert (reply.message.notify, reply.broadcast) == (("slack:U0BEN",), loud)
    assert not any(rig.known(name(number)).news for number in range(MANY))


def test_what_comes_bit_by_bit_is_two_replies_in_a_quarter_of_an_hour(rig: IncidentRig) -> None:
    storm(rig, 12)
    before = len(rig.replies())
    for number in range(10):
        happens(rig, number, "critical")
        rig.work(6.0)
        again(rig)
    assert rig.said()[before:] == ["Critical: fraud-0, production"]
    assert rig.known(name(9)).news  # it is not lost
    rig.work(900.0)
    assert rig.said()[before + 1 :] == ["Critical: fraud-1, production and 8 more"]


def test_who_opens_critical_later_is_told_and_at_first_the_card_says_it(rig: IncidentRig) -> None:
    for number in range(MANY):
        opens(rig, number, severity=Severity.CRITICAL)
    assert shown(rig).critical == MANY
    before = len(rig.replies())
    rig.clock.tick(1.0)
    opens(rig, 7, severity=Severity.CRITICAL)
    one = rig.known(name(7)).model_copy(update={"news": ()})
    rig.keeps(with_news(one, "opened", rig.clock.now()))
    rig.work(6.0)
    assert rig.said()[before:] == ["Critical: fraud-7, production"]


def test_a_snooze_of_all_that_ends_is_told_to_whoever_wanted_it(rig: IncidentRig) -> None:
    storm(rig)
    rig.click(SnoozeIncident, by=ANA, storm=name(5), until="1h")
    assert dict(shown(rig).counts) == {IncidentState.SNOOZED: MANY}
    before = len(rig.replies())
    rig.work(HOUR + 2.0)
    rig.work(6.0)
    assert dict(shown(rig).counts) == {IncidentState.OPEN: MANY}
    [reply] = rig.replies()[before:]
    assert isinstance(reply.message, ThreadNews)
    assert reply.message.headline == "Snooze over, it goes on: fraud-0, production and 5 more"
    assert reply.message.notify == ("slack:U0ANA",)


def test_who_took_or_snoozed_it_is_told_once(rig: IncidentRig) -> None:
    storm(rig)
    before = len(rig.replies())
    rig.click(TakeIncident, by=ANA, storm=name(5))
    rig.click(SnoozeIncident, by=ANA, storm=name(5), until="1h", reason="upstream")
    again(rig)
    taken, snoozed = rig.said()[before:]
    assert taken == "is on what nobody was on; List shows who is on what."
    assert snoozed.startswith(f"snoozed {MANY} incidents until ")
    assert snoozed.endswith(": upstream")


def test_whoever_may_silence_only_some_is_told_so(rig: IncidentRig) -> None:
    storm(rig)
    rig.keeps(mine := incident(name(8), opened=rig.clock.now(), storm=name(5)))
    rig.click(SnoozeIncident, by=BEN, storm=name(5), until="1h")
    assert rig.known(mine.id).state is IncidentState.SNOOZED
    assert rig.known(name(1)).state is IncidentState.OPEN
    told = rig.whispered()
    assert isinstance(told, Receipt)
    assert "Not 6 more: they are for their owners" in told.text


def test_snooze_all_leaves_alone_what_somebody_wants_quiet_for_longer(rig: IncidentRig) -> None:
    storm(rig)
    rig.keeps(mine := incident(name(8), opened=rig.clock.now(), storm=name(5)))
    rig.click(SnoozeIncident, by=BEN, model="fraud", environment="production", until="1w")
    held = rig.known(mine.id).snooze
    rig.click(SnoozeIncident, by=ANA, storm=name(5), until="1h")
    assert rig.known(mine.id).snooze == held
    assert rig.known(name(1)).state is IncidentState.SNOOZED


def test_when_it_doubles_and_when_it_is_over_is_said_once(rig: IncidentRig) -> None:
    storm(rig, 13)
    again(rig)
    again(rig)
    assert [words for words in rig.said() if "grown" in words] == ["The storm has grown to 13 incidents"]
    rig.clock.tick(2 * HOUR)
    resolve_all(rig, 13)
    over = rig.clock.now()
    again(rig)
    again(rig)
    [words] = [words for words in rig.said() if "over after" in words]
    assert words == "The storm is over after 2 h: nothing is open any more of 13 models."
    assert shown(rig).over == over


def test_what_ends_quietly_ends_on_the_card(rig: IncidentRig) -> None:
    """As those do that were snoozed, or that open and close again and again."""
    storm(rig)
    for number in range(MANY):
        over = {"state": IncidentState.RESOLVED, "resolved": rig.clock.now()}
        rig.keeps(rig.known(name(number)).model_copy(update=over))
    before = len(rig.replies())
    again(rig)
    assert (shown(rig).over is not None, len(rig.replies())) == (True, before)


def test_a_channel_that_is_archived_gives_way_to_the_default_one(rig: IncidentRig) -> None:
    storm(rig)
    rig.chat.channels = rig.chat.channels[:1]
    rig.chat.sent = [sent for sent in rig.chat.sent if sent.posted.channel != "C0FRAUD"]  # updates find nothing
    happens(rig, 1, "snooze_broke")
    again(rig)
    assert (shown(rig).instead_of, rig.said()) == ("#fraud", ["Snooze broken, it got worse: fraud-1, production"])
    rig.look(name(1))  # its own card stands where nobody can write


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_call_tells_each_once(after: bool) -> None:
    for last in range(1, 200):
        rig = IncidentRig()
        storm(rig)
        for number in (1, 2, 3):
            rig.clock.tick(1.0)
            happens(rig, number, "critical")
        before = len(rig.replies())
        deadly = Deadly(last, after=after)
        ports: dict[str, Any] = {port: deadly.wrap(getattr(rig.ctx, port)) for port in PORTS}
        rig.dispatcher = Dispatcher(replace(rig.ctx, **ports))
        try:
            again(rig)
        except Killed:
            rig.dispatcher = Dispatcher(rig.ctx)
            rig.work(61.0)  # the lease of the dead one ends
            rig.work(901.0)
        assert rig.said()[before:] == ["Critical: fraud-1, production and 2 more"], f"killed at call {last}"
        assert not any(rig.known(name(number)).news for number in range(MANY)), f"killed at call {last}"
        if deadly.left > 0:
            assert last > 10
            return
    pytest.fail("it never ended")
