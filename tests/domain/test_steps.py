"""Ladders of steps: who gets how much, and when the next step may come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.policy import StepsRule
from bot.domain.policy.stepping import NEEDS
from bot.domain.rollout import RolloutState as R
from bot.domain.steps import (
    Back,
    Climb,
    Done,
    Hold,
    LadderFacts,
    Shares,
    Wait,
    may_do,
    next_step,
    planned,
    serving,
    shares_of,
)

FACTS = LadderFacts(
    mode="kserve-serverless",
    percents=(10, 50, 100),
    index=0,
    percent=10,
    newest=True,
    paused=False,
    after="none",
    state=R.HEALTHY,
    since=1_000.0,
    watch=600.0,
    stuck=False,
    now=1_600.0,
)
ABORTED = {"index": 1, "percent": 0}


@pytest.mark.parametrize(
    ("turned", "verdict"),
    [
        pytest.param({}, Climb(50), id="watched healthy"),
        pytest.param({"state": None}, Climb(50), id="no engine: watched since the merge"),
        pytest.param({"now": 1_599.0}, Wait(1_600.0), id="not long enough"),
        pytest.param({"since": 1_300.0}, Wait(1_900.0), id="healthy again later: from there"),
        pytest.param({"index": 1, "percent": 50}, Climb(100), id="to the last"),
        pytest.param({"index": 2, "percent": 100}, Done(), id="at the top"),
        pytest.param({"newest": False}, Done(), id="another change came"),
        pytest.param({"after": "open"}, Hold("its next step is open"), id="open"),
        pytest.param({"after": "ended"}, Hold("its next step was closed"), id="closed"),
        pytest.param({"after": "busy"}, Wait(1_720.0), id="another change is open"),
        pytest.param({"paused": True}, Hold("it is paused"), id="paused"),
        pytest.param({"stuck": True}, Wait(1_720.0), id="a gate does not pass"),
        pytest.param({"stuck": True, "now": 1_100.0}, Wait(1_600.0), id="nor is it time"),
        pytest.param({"mode": "ab"}, Hold("a person decides"), id="A/B"),
        pytest.param({"mode": "blue-green", "percents": (0, 100), "percent": 0}, Climb(100), id="flip"),
        pytest.param(ABORTED, Back(), id="aborted"),
        pytest.param(ABORTED | {"state": R.DEGRADED}, Back(), id="aborted, whatever the engine says"),
        pytest.param(ABORTED | {"after": "ended"}, Hold("the rollback was closed"), id="aborted, rollback closed"),
        pytest.param(ABORTED | {"after": "busy"}, Wait(1_720.0), id="aborted, another change is open"),
        pytest.param(ABORTED | {"mode": "seldon"}, Done(), id="two slots: at rest"),
        *(pytest.param({"state": s}, Wait(None), id=s.value) for s in (R.WAITING, R.SYNCING, R.PROGRESSING)),
    ],
)
def test_next_step(turned: dict[str, Any], verdict: object) -> None:
    assert next_step(replace(FACTS, **turned)) == verdict


@pytest.mark.parametrize("state", [R.DEGRADED, R.FAILED, R.SILENT, R.STALLED])
def test_never_climbs_when_unwell(state: R) -> None:
    assert isinstance(next_step(replace(FACTS, state=state, now=9e9)), Hold)


@pytest.mark.parametrize(
    ("turned", "options"),
    [
        pytest.param({}, ("pause", "next", "abort"), id="under way"),
        pytest.param({"paused": True}, ("resume", "next", "abort"), id="paused"),
        pytest.param({"after": "open"}, ("pause", "abort"), id="the next is open"),
        pytest.param({"state": R.PROGRESSING}, ("pause", "abort"), id="not healthy yet"),
        pytest.param({"state": R.DEGRADED}, ("abort",), id="degraded"),
        pytest.param({"mode": "ab"}, ("next", "abort"), id="A/B"),
        pytest.param({"percent": 100, "index": 2}, (), id="at the top"),
        pytest.param({"newest": False}, (), id="over"),
        pytest.param(ABORTED, (), id="aborted"),
    ],
)
def test_what_may_be_done(turned: dict[str, Any], options: tuple[str, ...]) -> None:
    assert may_do(replace(FACTS, **turned)) == options


@pytest.mark.parametrize(
    ("mode", "state", "said", "raw", "told"),
    [
        ("kserve-serverless", "not_pinned", {}, None, Shares(100)),
        ("seldon", "not_pinned", {}, None, Shares(0)),
        ("kserve-serverless", "pinned", {"percent": "10"}, "10", Shares(10)),
        ("seldon", "pinned", {"percent": "10", "rest": "90"}, "10", Shares(10)),
        ("seldon", "pinned", {"percent": "10", "rest": "80"}, "10", "the shares are 10 and 80, which do not make 100"),
        ("seldon", "pinned", {"percent": "999"}, "999", "the shares are 999 and unknown, which do not make 100"),
        ("kserve-serverless", "not_pinned", {}, "ten", "who gets how much of the traffic cannot be read"),
        ("blue-green", "not_pinned", {}, None, Shares(0)),
        ("blue-green", "pinned", {"slot": "green"}, "green", Shares(0, second=True)),
        ("blue-green", "pinned", {"slot": "red"}, "red", "the switch says red; expected blue or green"),
    ],
)
def test_shares(mode: Any, state: str, said: dict[str, str], raw: str | None, told: object) -> None:
    assert shares_of(StepsRule(mode, (10, 100), 60.0), state, said, raw, None) == told


def test_words() -> None:
    assert serving("41", "42", 10) == "42 gets 10 %, 41 gets 90 %"
    assert serving("41", "42", 0) == "41 gets all, 42 stands by"
    assert planned((10, 50, 100), 1800.0) == "In steps of 10, 50, 100 %, each watched for 30 min."


@given(
    mode=st.sampled_from(sorted(NEEDS)),
    state=st.one_of(st.none(), st.sampled_from(list(R))),
    index=st.integers(0, 2),
    paused=st.booleans(),
    stuck=st.booleans(),
    after=st.sampled_from(["none", "open", "ended", "busy"]),
    now=st.floats(0, 1e6),
)
def test_only_what_is_known_to_be_well_climbs(
    mode: str, state: R | None, index: int, paused: bool, stuck: bool, after: Any, now: float
) -> None:
    facts = replace(FACTS, mode=mode, state=state, index=index, percent=FACTS.percents[index], paused=paused)
    verdict = next_step(replace(facts, stuck=stuck, after=after, now=now))
    if isinstance(verdict, Climb):
        assert state in (None, R.HEALTHY)
        assert not paused and not stuck and after == "none" and mode != "ab"
        assert now >= facts.since + facts.watch
        assert verdict.percent > facts.percent


class Ladder(RuleBasedStateMachine):
    """A world that does what the decision says: the share never jumps, and an abort always ends at rest."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = replace(FACTS, now=1_000.0)
        self.before = 0
        self.rolled_back = False

    @rule(seconds=st.floats(1, 2_000))
    def time_passes(self, seconds: float) -> None:
        self.facts = replace(self.facts, now=self.facts.now + seconds)

    @rule(state=st.sampled_from([R.HEALTHY, R.DEGRADED, R.PROGRESSING, R.FAILED]))
    def the_engine_tells(self, state: R) -> None:
        self.facts = replace(self.facts, state=state, since=self.facts.now)

    @precondition(lambda self: "pause" in may_do(self.facts) or "resume" in may_do(self.facts))
    @rule()
    def somebody_pauses_or_resumes(self) -> None:
        self.facts = replace(self.facts, paused=not self.facts.paused)

    @precondition(lambda self: "abort" in may_do(self.facts))
    @rule()
    def somebody_aborts(self) -> None:
        self.facts = replace(self.facts, index=self.facts.index + 1, percent=0)

    @rule()
    def the_bot_looks(self) -> None:
        verdict = next_step(self.facts)
        if isinstance(verdict, Climb):
            self.before = self.facts.percent
            now = self.facts.now
            self.facts = replace(self.facts, index=self.facts.index + 1, percent=verdict.percent, since=now)
        elif isinstance(verdict, Back):
            self.rolled_back = True
            self.facts = replace(self.facts, newest=False)

    @invariant()
    def the_share_is_one_of_the_ladders(self) -> None:
        assert self.facts.percent in (0, *self.facts.percents)
        if self.facts.percent > 10:
            assert self.facts.percents.index(self.facts.percent) == self.facts.percents.index(self.before) + 1
        if self.rolled_back:
            assert next_step(self.facts) == Done()


TestLadder = Ladder.TestCase
