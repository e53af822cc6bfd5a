"""What monitors say, taken in: from rows of the inbox to incidents, cards, the audit chain and other changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.commands import Reconcile
from bot.domain.drifting.arriving import rows
from bot.domain.drifting.snoozing import taken
from bot.domain.drifting.windows import Kind, Severity, Window
from bot.errors import Stale
from bot.usecases.dispatch import Dispatcher
from bot.usecases.incident_changing import TRIES, incident_changing
from tests.domain.drifting.stories import window, windows
from tests.usecases.incident_rig import BEN, NOW, RULES, IncidentRig
from tests.usecases.test_ci_kills import Deadly, Killed

START = int(NOW // 60) - 30
PORTS = ("inbox", "incident_log", "audit", "changes", "posts", "chat")
MOST = 200


@pytest.fixture
def rig() -> IncidentRig:
    return IncidentRig()


def come(rig: IncidentRig, *found: Window) -> None:
    """Windows are handed in, and all that follows."""
    put(rig, *found)
    rig.work()
    rig.work(5)


def put(rig: IncidentRig, *found: Window) -> None:
    for key, command in rows(found, rig.clock.now()):
        rig.inbox.put(key, command)


def story(letters: str, start: int = 0, **more: Any) -> list[Window]:
    return windows(letters, START + start, **more)


def deeds(rig: IncidentRig) -> list[str]:
    return [row.entry.what for row in rig.audit.rows() if row.entry.what.startswith("incident")]


def opened(rig: IncidentRig) -> int:
    return len(rig.log.since(0))


def test_from_windows_to_a_card_and_back(rig: IncidentRig) -> None:
    come(rig, *story("B"))
    assert rig.cards() == []
    come(rig, *story("B", 1))
    [one] = rig.log.open("fraud", "production")
    assert rig.card().incident == one.id
    for place in range(3):
        come(rig, *story("F", 2 + place))
    assert rig.log.open() == []
    assert not rig.card().problems[0].is_open
    assert deeds(rig) == ["incident opened", "incident resolved"]
    found = rig.log.get(one.id)
    assert found and (found.ended, found.news, found.channel) == ("3 of 3 windows fine", (), "#fraud")


@pytest.mark.parametrize(
    ("model", "environment", "known"),
    [
        ("fraud", "production", 1),
        ("fraud", "prod", 1),
        ("fraud", "staging", 0),
        ("nobody", "production", 0),
        ("", "", 0),
    ],
)
def test_names_are_those_of_the_policy_and_strangers_are_ignored(
    rig: IncidentRig, model: str, environment: str, known: int
) -> None:
    come(rig, *story("BB", model=model, environment=environment))
    assert [(one.model, one.environment) for one in rig.log.open()] == [("fraud", "production")] * known
    assert not rig.inbox.dead()


def test_kinds_are_incidents_of_their_own_on_one_card_with_one_owner(rig: IncidentRig) -> None:
    come(rig, *story("BB"))
    [first] = rig.log.open()
    incident_changing(rig.ctx, first.id, lambda one: taken(one, BEN, NOW))
    come(rig, *story("BB", 3, kind=Kind.SERVICE))
    drift, service = rig.log.open()
    assert (service.card, service.owner, service.kind) == (drift.id, BEN, Kind.SERVICE)
    assert len(rig.card().problems) == 2


def test_a_flood_about_one_thing_is_a_handful_of_rows_and_one_card(rig: IncidentRig) -> None:
    come(rig, *story("BB"))
    before, saves = len(rig.inbox.records), rig.log.saves
    for n in range(1000):
        put(rig, window("B", START + 2 + n / 2000, score=1.3))
    rig.work()
    rig.work(5)
    assert len(rig.inbox.records) - before <= 6
    assert rig.log.saves - saves <= 4
    rig.card()


def test_what_is_told_again_writes_nothing(rig: IncidentRig) -> None:
    come(rig, *story("BBFFFBB"))
    saves, sent = rig.log.saves, len(rig.sent_all())
    for key, command in rows(story("BBFFFBB"), NOW):
        rig.put(command, f"{key}:again")
    rig.work(60)
    assert (rig.log.saves, len(rig.sent_all())) == (saves, sent)


def test_while_the_policy_cannot_be_read_what_is_said_waits(rig: IncidentRig) -> None:
    rig.checkout.change("main", {".slackops.yaml": b"version: [\n"}, "Oops")
    rig.checkout.fetch()
    come(rig, *story("BB"))
    assert rig.log.open() == []
    rig.checkout.change("main", {".slackops.yaml": RULES.encode()}, "Mend it")
    rig.checkout.fetch()
    rig.work(301)
    assert len(rig.log.open()) == 1


def test_somebody_else_saves_in_between(rig: IncidentRig) -> None:
    come(rig, *story("BB"))
    [one] = rig.log.open()

    def first() -> None:
        incident_changing(rig.ctx, one.id, lambda it: taken(it, BEN, NOW))

    rig.log.between = first
    come(rig, *story("B", 2, severity=Severity.CRITICAL))
    [now] = rig.log.open()
    assert (now.owner, now.severity) == (BEN, Severity.CRITICAL)


def test_a_change_of_an_incident_is_tried_again_but_not_for_ever(rig: IncidentRig) -> None:
    come(rig, *story("BB"))
    [one] = rig.log.open()
    assert incident_changing(rig.ctx, "nobody", lambda it: it) is None
    tried: list[int] = []

    def edit(it: Any) -> Any:
        tried.append(it.revision)
        rig.log.fails = Stale("somebody else")
        return taken(it, BEN, NOW)

    with pytest.raises(Stale):
        incident_changing(rig.ctx, one.id, edit)
    assert len(tried) == TRIES


def merged(at: float) -> Change:
    intent = Intent(Action.PROMOTE, "fraud", "production", "41", "43", None, ())
    made = Change("01CHANGE", intent, (), None, 5.0, "base", "branch", ChangeState.MERGED)
    return replace(made, number=7, merged_at=at)


def test_what_went_in_while_it_was_open_is_told_with_its_end(rig: IncidentRig) -> None:
    come(rig, *story("BB"))
    [one] = rig.log.open()
    rig.ctx.changes.add(merged(rig.clock.now()))
    come(rig, *story("FFF", 2))
    now = rig.log.get(one.id)
    assert now and now.after_version == "43"


def test_an_open_change_is_looked_at_when_it_opens_and_when_it_ends(rig: IncidentRig) -> None:
    change = replace(merged(0.0), state=ChangeState.OPEN, merged_at=None)
    rig.ctx.changes.add(change)
    seen: list[str] = []
    for letters, start in (("B", 0), ("B", 1), ("B", 2), ("F", 3), ("FF", 4)):
        put(rig, *story(letters, start))
        while (row := rig.inbox.claim("w", 60)) is not None:
            if isinstance(row.command, Reconcile):
                seen.append(row.key.split(":")[2])
            else:
                rig.dispatcher(row)
            rig.inbox.done(row)
    assert seen == ["open", "over"]


def played(letters: tuple[str, str], last: int = 0, *, after: bool) -> tuple[IncidentRig, bool]:
    """Windows in two rows, of which the second opens or ends it; a death at the given call; and a second try."""
    rig = IncidentRig()
    come(rig, *story(letters[0]))
    deadly = Deadly(last, after=after)
    rig.dispatcher = Dispatcher(replace(rig.ctx, **{name: deadly.wrap(getattr(rig.ctx, name)) for name in PORTS}))
    put(rig, *story(letters[1], len(letters[0])))
    try:
        rig.work()
        rig.work(5)
    except Killed:
        pass
    rig.dispatcher = Dispatcher(rig.ctx)
    rig.work(61)  # the lease of the dead one ends
    rig.work(5)
    return rig, deadly.left <= 0 < last


def outcome(rig: IncidentRig) -> tuple[object, ...]:
    known = [(one.kind, one.state, one.news) for one in rig.log.since(0)]
    said = [words.partition(" after ")[0] for words in rig.said()]  # how long it was open differs
    return known, deeds(rig), len(rig.cards()), said


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("letters", "what"),
    [(("B", "B"), ["incident opened"]), (("BB", "FFF"), ["incident opened", "incident resolved"])],
    ids=["opens", "ends"],
)
def test_a_kill_at_any_call_loses_nothing_and_doubles_nothing(
    letters: tuple[str, str], what: list[str], *, after: bool
) -> None:
    expected = outcome(played(letters, after=after)[0])
    assert expected[1:3] == (what, 1)
    for last in range(1, MOST):
        rig, killed = played(letters, last, after=after)
        if not killed:
            assert last > 10
            return
        assert outcome(rig) == expected, f"killed at call {last}"
    pytest.fail("it never ended")
