"""A kill between any two calls, and a second try: a training begins once, and what follows from it happens once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import LookRetrain
from bot.domain.retrain_cards import RetrainCard
from bot.usecases.dispatch import Dispatcher
from tests.usecases.retrain_rig import INCIDENT, RetrainRig
from tests.usecases.test_ci_kills import Deadly, Killed

PORTS = ("posts", "chat", "retrains", "incident_log", "inbox", "audit")
MOST = 60


def deadly(rig: RetrainRig, last: int, *, after: bool) -> Deadly:
    """Every call of a port, and of the engine, may be the last one."""
    ports = Deadly(last, after=after)
    wrapped: dict[str, Any] = {name: ports.wrap(getattr(rig.ctx, name)) for name in PORTS}
    engines = dict.fromkeys(rig.ctx.retrainers, ports.wrap(rig.engine))
    rig.dispatcher.ctx = replace(rig.ctx, retrainers=engines, **wrapped)
    return ports


def until_done(rig: RetrainRig, command: Any, key: str, last: int, *, after: bool) -> bool:
    """Carry a row out, and again where it was killed, by another process a minute later; whether it was killed."""
    row = rig.row(command, key)
    ports = deadly(rig, last, after=after)
    try:
        rig.dispatcher(row)
    except Killed:
        rig.clock.tick(60)
        rig.dispatcher = Dispatcher(rig.ctx)
        rig.dispatcher(replace(row, attempt=2))
        return True
    rig.dispatcher = Dispatcher(rig.ctx)
    return ports.left <= 0


def outcome(rig: RetrainRig) -> tuple[object, ...]:
    told = sorted(one.mark for one in rig.chat.sent if one.thread or isinstance(one.message, RetrainCard))
    found = rig.incidents.get(INCIDENT)
    news = [one.mark for one in found.news] if found else []
    rows = sorted(one.key for one in rig.inbox.records if ":retrain" not in one.key and "-look:" not in one.key)
    return (rig.engine.begins, rig.only().state, rig.only().version, told, news, rows, rig.deeds())


def asked(incident: str, last: int, *, after: bool) -> tuple[tuple[object, ...], bool]:
    rig = RetrainRig()
    killed = until_done(rig, rig.command(incident=incident), "k1", last, after=after)
    return outcome(rig), killed


def ends(incident: str, last: int, *, after: bool) -> tuple[tuple[object, ...], bool]:
    rig = RetrainRig()
    row = rig.click(incident=incident)
    rig.clock.tick(600)
    rig.engine.ends(row.id, version="60")
    killed = until_done(rig, LookRetrain(retrain=row.id), "look", last, after=after)
    return outcome(rig), killed


@pytest.mark.parametrize("after", [False, True], ids=["before its effect", "after its effect"])
@pytest.mark.parametrize("story", [asked, ends], ids=["asked", "ends"])
@pytest.mark.parametrize("incident", ["", INCIDENT], ids=["own card", "on an incident"])
def test_a_kill_at_any_call(incident: str, story: Any, after: bool) -> None:
    whole, _ = story(incident, 0, after=False)
    kills = 0
    for last in range(1, MOST):
        seen, killed = story(incident, last, after=after)
        assert seen == whole, last
        if not killed:
            break
        kills += 1
    assert 8 < kills < MOST - 1
