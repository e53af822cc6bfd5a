"""The soak gate as a table; unknown included, and every no with a way on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.gates import GateState
from bot.domain.gating import GateFacts, advisory, judge
from bot.domain.health import Health, Verdict
from bot.domain.policy import SoakGate
from bot.domain.soak import SoakFacts, Stood, judge_soak

DAY = 86_400.0
GATE = SoakGate("soak staging", "staging", DAY)
AT_ONCE = SoakGate("soak staging", "staging", 0.0)
P, F, U, S = GateState.PASS, GateState.FAIL, GateState.UNKNOWN, GateState.SKIPPED
WELL = Health(Verdict.HEALTHY, 100.0, 100.0)
STARTING = Health(Verdict.PENDING, None, 50.0, "1 of 3 pods")
AGAIN = Health(Verdict.PENDING, 100.0, 200.0)
BAD = Health(Verdict.BAD, 100.0, 200.0, "readiness\nfailed " + "x" * 300)
NEVER = Health(Verdict.UNHEARD)
HERE, LEFT = Stood(0.0), Stood(0.0, DAY + 200.0)


def facts(**more: Any) -> SoakFacts:
    usual: dict[str, Any] = {"model": "m", "version": "4", "now": 2 * DAY, "heard": True, "stood": HERE, "health": WELL}
    return SoakFacts(**(usual | more))


@pytest.mark.parametrize(
    ("gate", "seen", "state", "words", "passes_at"),
    [
        pytest.param(GATE, facts(), P, "1 d since it was healthy", None, id="healthy long enough"),
        pytest.param(GATE, facts(now=1_000.0), U, "until 1970-01-02 00:01 UTC", DAY + 100.0, id="soaking"),
        pytest.param(GATE, facts(now=DAY + 100.0), P, "1 d", None, id="to the second"),
        pytest.param(GATE, facts(calm_since=1.5 * DAY), U, "until", 2.5 * DAY, id="from the end of the trouble"),
        pytest.param(GATE, facts(stood=LEFT), P, "1 d", None, id="stood there, long enough"),
        pytest.param(GATE, facts(stood=Stood(0.0, DAY)), F, "`/promote m 4 staging` first", None, id="left too early"),
        pytest.param(GATE, facts(stood=Stood(0.0, 50.0)), F, "`/promote m 4 staging` first", None, id="left before"),
        pytest.param(GATE, facts(stood=Stood(0, 3 * DAY, True)), F, "rolled back there", None, id="rolled back"),
        pytest.param(GATE, facts(health=BAD), F, "not healthy there: readiness failed x", None, id="bad"),
        pytest.param(GATE, facts(health=BAD, heard=False), F, "not healthy there", None, id="bad by an alert alone"),
        pytest.param(GATE, facts(health=STARTING), U, "not healthy yet: 1 of 3 pods", None, id="not healthy yet"),
        pytest.param(GATE, facts(health=STARTING, stood=LEFT), F, "before it was healthy", None, id="never healthy"),
        pytest.param(GATE, facts(health=AGAIN), U, "not healthy just now", None, id="progressing just now"),
        pytest.param(GATE, facts(health=AGAIN, stood=LEFT), P, "1 d", None, id="progressing when it was replaced"),
        pytest.param(GATE, facts(health=NEVER), U, "no engine has told of it yet", None, id="no word of this version"),
        pytest.param(
            GATE, facts(health=NEVER, heard=False), P, "1 d since its merge; no engine reported", None, id="none"
        ),
        pytest.param(
            GATE,
            facts(health=NEVER, heard=False, now=9.0),
            U,
            "since its merge 1970-01-01 00:00 UTC, until",
            DAY,
            id="none, waits",
        ),
        pytest.param(GATE, facts(stood=None), F, "4 never stood there; `/promote m 4 staging` first", None, id="never"),
        pytest.param(GATE, facts(stood=None, readable=False), U, "not known now", None, id="the registry is silent"),
        pytest.param(GATE, facts(placed=False), S, "m has no target in staging", None, id="no target there"),
        pytest.param(GATE, facts(together=True), F, "by this very change", None, id="it moves with the change"),
        pytest.param(GATE, None, U, "not looked up", None, id="not looked up"),
        pytest.param(AT_ONCE, facts(), P, "healthy", None, id="no soak: healthy is enough"),
        pytest.param(AT_ONCE, facts(health=STARTING), U, "not healthy yet", None, id="no soak, not healthy yet"),
        pytest.param(
            AT_ONCE, facts(health=NEVER, heard=False), P, "merged; no engine reported", None, id="no soak, none"
        ),
    ],
)
def test_soak(gate: SoakGate, seen: SoakFacts | None, state: GateState, words: str, passes_at: float | None) -> None:
    result = judge_soak(gate, seen)
    assert (result.state, result.passes_at) == (state, passes_at)
    assert words in result.observed
    assert len(result.observed) <= 120
    assert result.holds_up is (state in (F, U))


def test_it_says_what_it_needs() -> None:
    assert judge_soak(GATE, facts()).required == "1 d healthy in staging"
    assert judge_soak(AT_ONCE, facts()).required == "staging first"


def test_it_is_judged_among_other_gates_and_does_not_block_a_swift_rollback() -> None:
    (result,) = judge([GATE], GateFacts(0.0, None, None, soaked={"staging": facts(stood=None)}))
    assert result.holds_up
    assert not advisory([result])[0].holds_up


@given(
    since=st.floats(0, 10 * DAY),
    stay=st.floats(0, 10 * DAY),
    healthy=st.one_of(st.none(), st.floats(0, 20 * DAY)),
    verdict=st.sampled_from(Verdict),
    heard=st.booleans(),
    left=st.booleans(),
)
def test_nothing_passes_that_was_not_well_for_so_long(
    since: float, stay: float, healthy: float | None, verdict: Verdict, heard: bool, left: bool
) -> None:
    end = since + stay
    stood = Stood(since, end if left else None)
    seen = facts(now=end, stood=stood, heard=heard, health=Health(verdict, healthy, healthy))
    result = judge_soak(GATE, seen)
    start = healthy if heard else since
    assert result.state is not P or (start is not None and end - start >= DAY and verdict is not Verdict.BAD)
    assert result.passes_at is None or result.passes_at > seen.now
