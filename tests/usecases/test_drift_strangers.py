"""Windows of models that nobody has: nothing comes of them, and doctor says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import TakeDrift
from bot.domain.doctor import State
from bot.domain.policy import parse_policy
from bot.usecases.dispatch import Dispatcher
from bot.usecases.doctor_drift import MOST_STRANGERS, DriftProbes
from bot.usecases.drift_strangers import AGAIN, KEPT, MOST
from tests.domain.drifting.stories import window
from tests.fakes.drift_files import FakeDriftFiles
from tests.fakes.drift_memory import FakeDriftMemory
from tests.fakes.metric_runs import FakeMetricRuns
from tests.usecases.incident_rig import NOW, RULES, IncidentRig


class StrangerRig(IncidentRig):
    def __init__(self) -> None:
        super().__init__()
        self.memory = FakeDriftMemory()
        self.ctx = replace(self.ctx, drift_memory=self.memory)
        self.dispatcher = Dispatcher(self.ctx)

    def tells(self, **said: Any) -> None:
        row = self.row(TakeDrift(windows=(window("B", int(NOW // 60), **said),)))
        self.dispatcher(row)

    def doctor(self, policy: str = RULES) -> list[str]:
        probes = DriftProbes(FakeDriftFiles(), FakeMetricRuns(), True, lambda _: True, self.memory)
        found = list(probes.findings(parse_policy({".slackops.yaml": policy.encode()}), self.clock.now(), ()))
        assert {one.state for one in found} <= {State.WARN}
        return [f"{one.message}. {one.fix}" for one in found]


@pytest.fixture
def rig() -> StrangerRig:
    return StrangerRig()


def test_whom_the_policy_has_is_no_stranger(rig: StrangerRig) -> None:
    rig.tells(model="fraud", environment="prod")
    assert (rig.doctor(), rig.memory.saved) == ([], 0)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"model": "frauds", "environment": "production"}, "json nightly tells of frauds in production, which"),
        ({"model": "fraud", "environment": "prd"}, "json nightly tells of fraud in prd, which"),
    ],
)
def test_who_is_not_there_is_named(rig: StrangerRig, said: dict[str, str], words: str) -> None:
    rig.tells(**said, monitor="nightly")
    [told] = rig.doctor()
    assert told.startswith(words)
    assert ("Did you mean fraud?" in told) is (said["model"] == "frauds")
    assert rig.log.tracks() == []
    rig.clock.time += KEPT
    assert rig.doctor() == []


def test_whom_the_policy_has_by_now_is_not_named(rig: StrangerRig) -> None:
    rig.tells(model="churn", environment="production")
    assert rig.doctor(f"{RULES}  churn: {{}}\n") == []


def test_a_flood_is_written_down_once_an_hour_and_stays_small(rig: StrangerRig) -> None:
    for _ in range(20):
        rig.tells(model="churn", environment="production")
    assert rig.memory.saved == 1
    rig.clock.time += AGAIN
    rig.tells(model="churn", environment="production")
    assert rig.memory.saved == 2
    for number in range(MOST + 5):
        rig.clock.time += 1
        rig.tells(model=f"m{number}", environment="production")
    told = rig.doctor()
    assert len(told) == MOST_STRANGERS
    assert f"m{MOST + 4} in production" in told[0]
