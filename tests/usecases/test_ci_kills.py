"""A kill between any two calls, and a second try: nothing is lost, nothing is told twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import Origin, SnoozeCi
from bot.usecases.dispatch import Dispatcher
from tests.usecases.ci_rig import ANA, C1, C2, C3, TRAINING, CiRig

PORTS = ("posts", "chat", "ci_log", "ci", "inbox", "audit")
MOST = 400


class Killed(BaseException):
    """The process ends here."""


class Deadly:
    """Counts the calls of all ports together; one of them is the last, with or without its effect."""

    def __init__(self, last: int, *, after: bool) -> None:
        self.left, self.after = last, after

    def wrap(self, port: Any) -> Any:
        deadly = self

        class Port:
            def __getattr__(self, name: str) -> Any:
                found = getattr(port, name)
                return deadly.call(found) if callable(found) else found

        return Port()

    def call(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Killed
            answer = method(*args, **more)
            if self.left == 0:
                raise Killed
            return answer

        return run


def fails(rig: CiRig) -> None:
    rig.ends(C3, "unit", "failure", told=False)
    rig.ends(C3, "lint", "failure")


def returns(rig: CiRig) -> None:
    fails(rig)
    rig.ends(C3, "unit", "success")


def is_snoozed(rig: CiRig) -> None:
    fails(rig)
    rig.ask(SnoozeCi(by=ANA, origin=Origin(channel="C0FRAUD"), repo=TRAINING, sha=C3, gate="*", until="1h"))
    rig.drain(3700)


def outcome(rig: CiRig) -> list[tuple[object, ...]]:
    """What the chat shows, and what is written down: each once."""
    told = [(one.mark, one.thread is None, type(one.message).__name__) for one in rig.sent()]
    states = [tuple(rig.states(index).items()) for index in range(len(rig.cards()))]
    rows = sorted(row.key for row in rig.inbox.records if row.key.startswith("news:"))
    return [*told, *states, tuple(rows), tuple(row.entry.what for row in rig.audit.rows())]


def played(story: Callable[[CiRig], None], last: int = 0, *, after: bool = False) -> tuple[CiRig, bool]:
    rig = CiRig()
    rig.hears("C0DEPLOYS")
    rig.push(C1, C2)
    rig.ends(C2, "unit", "success")
    rig.push(C3)
    deadly = Deadly(last, after=after)
    rig.dispatcher = Dispatcher(replace(rig.ctx, **{name: deadly.wrap(getattr(rig.ctx, name)) for name in PORTS}))
    try:
        story(rig)
    except Killed:
        rig.dispatcher = Dispatcher(rig.ctx)
        rig.clock.tick(61)  # the lease of the dead one ends
        rig.drain()
    return rig, deadly.left <= 0 < last


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("story", [fails], ids=["fails"])
def test_a_kill_at_any_call(story: Callable[[CiRig], None], *, after: bool) -> None:
    expected = outcome(played(story)[0])
    for last in range(1, MOST):
        rig, killed = played(story, last, after=after)
        assert outcome(rig) == expected, f"killed at call {last}"
        if not killed:
            assert last > 20
            return
    pytest.fail("it never ended")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("story", "cards"), [(returns, 1), (is_snoozed, 1)], ids=["comes back", "is snoozed"])
def test_a_kill_in_the_middle_of_more(story: Callable[[CiRig], None], cards: int, *, after: bool) -> None:
    """What comes later is not asked for again by the story, so the end is reached by the clock's looks."""
    for last in range(1, MOST):
        rig, killed = played(story, last, after=after)
        if not killed:
            return
        marks = [one.mark for one in rig.sent()]
        assert len(marks) == len(set(marks)), f"killed at call {last}"
        assert len(rig.cards()) == cards, f"killed at call {last}"
    pytest.fail("it never ended")
