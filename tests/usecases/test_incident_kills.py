"""A kill between any two calls, and a second try: one card, each piece of news once, nobody lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.commands import ShowIncident, SnoozeIncident, TakeIncident
from bot.domain.drifting.telling import with_news
from bot.domain.drifting.windows import Kind
from bot.usecases.dispatch import Dispatcher
from tests.usecases.incident_rig import ANA, NOW, IncidentRig, incident
from tests.usecases.test_ci_kills import Deadly, Killed

PORTS = ("posts", "chat", "incident_log", "inbox", "audit")
MOST = 300


def looks(rig: IncidentRig) -> None:
    rig.look("01B")


def takes(rig: IncidentRig) -> None:
    rig.put(TakeIncident(by=ANA, incident="01A"), "click")


def snoozes(rig: IncidentRig) -> None:
    rig.put(SnoozeIncident(by=ANA, incident="01A", until="2h", reason="known"), "click")


def details(rig: IncidentRig) -> None:
    rig.look()
    rig.put(ShowIncident(by=ANA, incident="01A"), "click")


def played(story: Callable[[IncidentRig], None], last: int = 0, *, after: bool = False) -> tuple[IncidentRig, bool]:
    rig = IncidentRig()
    rig.keeps(with_news(incident(), "worse", NOW), incident("01B", Kind.SERVICE, card="01A", opened=NOW))
    deadly = Deadly(last, after=after)
    rig.dispatcher = Dispatcher(replace(rig.ctx, **{name: deadly.wrap(getattr(rig.ctx, name)) for name in PORTS}))
    try:
        story(rig)
    except Killed:
        rig.dispatcher = Dispatcher(rig.ctx)
        rig.work(61)  # the lease of the dead one ends
    rig.dispatcher = Dispatcher(rig.ctx)
    rig.look()
    return rig, deadly.left <= 0 < last


def outcome(rig: IncidentRig) -> tuple[list[str], object, list[str], object]:
    """What the chat shows, and what is written down: each once."""
    known = [(one.state, one.owner, one.snooze, one.news) for one in (rig.known(), rig.known("01B"))]
    told = sorted(one.mark for one in rig.sent_all())
    files = sorted(file.title for file in rig.chat.files.values() if file.channel)
    return told, known, files, [(row.entry.what, row.entry.evidence.get("incident")) for row in rig.audit.rows()]


@pytest.mark.parametrize(("story", "after"), [(looks, False), (looks, True), (takes, True), (snoozes, False)])
def test_a_kill_at_any_call(story: Callable[[IncidentRig], None], *, after: bool) -> None:
    expected = outcome(played(story)[0])
    for last in range(1, MOST):
        rig, killed = played(story, last, after=after)
        if not killed:
            assert last > 10
            return
        assert outcome(rig) == expected, f"killed at call {last}"
    pytest.fail("it never ended")


def test_a_kill_while_details_are_shown() -> None:
    """A picture cannot be found again: where its answer was lost it may be missing, but never there twice."""
    expected = outcome(played(details)[0])
    for last in range(1, MOST):
        rig, killed = played(details, last, after=True)
        if not killed:
            return
        told, known, files, rows = outcome(rig)
        if all(one.key != "click" for one in rig.inbox.records):
            continue  # it died before the click was written down
        assert (told, known, rows) == (expected[0], expected[1], expected[3]), f"killed at call {last}"
        assert len(files) == len(set(files)), f"killed at call {last}"
    pytest.fail("it never ended")
