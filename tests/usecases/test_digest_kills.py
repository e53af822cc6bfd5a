"""A kill between any two calls of one digest: the channel gets one, with one picture at most, and the next goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commands import LookDigests, SendDigest
from bot.usecases.dispatch import Dispatcher
from tests.usecases.digest_rig import DAY, HOUR, MONDAY, DigestRig, incident
from tests.usecases.test_ci_kills import Deadly, Killed

PORTS = ("posts", "chat", "drift_memory", "inbox")
"""Those that are written to."""
MOST = 200


def played(last: int, *, after: bool) -> tuple[DigestRig, bool]:
    rig = DigestRig()
    rig.ctx.charts.png = lambda _: b"PNG"  # type: ignore[method-assign,union-attr]
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    rig.clock.time = MONDAY
    deadly = Deadly(last, after=after)
    deadened = Dispatcher(replace(rig.ctx, **{name: deadly.wrap(getattr(rig.ctx, name)) for name in PORTS}))
    try:
        deadened(rig.row(LookDigests()))
        deadened(rig.row(SendDigest(digest="ml", fire=MONDAY)))
    except Killed:
        rig.clock.tick(61)
        rig.look()
    return rig, deadly.left <= 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_kill_at_any_call(*, after: bool) -> None:
    for last in range(1, MOST):
        rig, killed = played(last, after=after)
        shared = [one for one in rig.chat.files.values() if one.thread]
        assert len(rig.digests()) == 1, f"killed at call {last}"
        assert rig.digests()[0].headline == "Digest: 1 open, 1 new"
        assert len(shared) <= 1, f"killed at call {last}"
        rig.at(MONDAY + HOUR)
        assert len(rig.digests()) == 1, f"killed at call {last}"
        rig.at(MONDAY + DAY)
        assert rig.digests()[1].headline == "Digest: 1 open", f"killed at call {last}"
        if not killed:
            assert last > 10
            assert len(shared) == 1
            return
    pytest.fail("it never ended")
