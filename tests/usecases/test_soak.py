"""How long a version stood well in the stage before: out of Git's history and of what engines told."""

from __future__ import annotations

import pytest

from bot.domain.gates import GateState
from bot.domain.signal import Phase
from bot.usecases.planning import Planner
from tests.usecases.chain_rig import HOUR, POLICY, STAGING, chain_rig, head_time, move, soak, tell

ENGINE = POLICY.replace("staging: {}", "staging: {rollout: {engine: argocd}}")
P, F, U = GateState.PASS, GateState.FAIL, GateState.UNKNOWN
BACK = "Back\n\nSlackOps-Action: rollback\nSlackOps-Model: fraud\nSlackOps-Environment: staging\nSlackOps-To: 40\n"


def test_a_version_that_never_stood_there() -> None:
    result = soak(chain_rig())
    assert (result.state, result.observed) == (F, "42 never stood there; `/promote fraud 42 staging` first")


@pytest.mark.parametrize(("after", "state"), [(600.0, U), (HOUR - 1, U), (HOUR, P)])
def test_without_an_engine_it_counts_from_the_merge(after: float, state: GateState) -> None:
    rig = chain_rig()
    move(rig, STAGING, "42", after=after)
    result = soak(rig)
    assert result.state is state
    assert "no engine reported" in result.observed
    assert result.passes_at == (head_time(rig) + HOUR if state is U else None)


def test_an_engine_that_never_told_of_the_model_is_as_none() -> None:
    rig = chain_rig(ENGINE)
    move(rig, STAGING, "42", after=HOUR)
    assert soak(rig).state is P


def test_it_counts_from_healthy() -> None:
    rig = chain_rig(ENGINE)
    move(rig, STAGING, "42", after=2 * HOUR)
    merged = head_time(rig)
    tell(rig, "staging", "40", Phase.HEALTHY, merged - 50.0)
    assert soak(rig).observed == "no engine has told of it yet"
    tell(rig, "staging", "42", Phase.PROGRESSING, merged + 10.0, "1 of 3 pods")
    assert soak(rig).observed == "not healthy yet: 1 of 3 pods"
    tell(rig, "staging", "42", Phase.HEALTHY, merged + HOUR + 10.0)
    waiting = soak(rig)
    assert (waiting.state, waiting.passes_at) == (U, merged + 2 * HOUR + 10.0)
    rig.clock.tick(10.0)
    assert soak(rig).state is P


def test_trouble_begins_the_time_anew() -> None:
    rig = chain_rig(ENGINE)
    move(rig, STAGING, "42", after=3 * HOUR)
    merged = head_time(rig)
    tell(rig, "staging", "42", Phase.HEALTHY, merged + 10.0)
    tell(rig, "staging", "42", Phase.DEGRADED, merged + HOUR, "readiness failed")
    bad = soak(rig)
    assert (bad.state, bad.observed) == (F, "it is not healthy there: readiness failed")
    tell(rig, "staging", "42", Phase.HEALTHY, merged + 2.5 * HOUR)
    assert (soak(rig).state, soak(rig).passes_at) == (U, merged + 3.5 * HOUR)


def test_a_short_look_of_the_engine_does_not() -> None:
    rig = chain_rig(ENGINE)
    move(rig, STAGING, "42", after=3 * HOUR)
    merged = head_time(rig)
    tell(rig, "staging", "42", Phase.HEALTHY, merged + 10.0)
    tell(rig, "staging", "42", Phase.PROGRESSING, merged + 2 * HOUR)
    assert soak(rig).observed == "not healthy just now"
    tell(rig, "staging", "42", Phase.HEALTHY, merged + 2 * HOUR + 60.0)
    assert soak(rig).state is P


def test_an_alert_counts_whoever_carries_it_out() -> None:
    rig = chain_rig()
    move(rig, STAGING, "42", after=HOUR)
    tell(rig, "staging", None, Phase.ALERT, head_time(rig) + 30.0, "errors")
    assert soak(rig).state is F
    tell(rig, "staging", None, Phase.CALM, head_time(rig) + 90.0)
    assert soak(rig).state is P


@pytest.mark.parametrize(
    ("stood", "message", "state", "words"),
    [
        pytest.param(HOUR, "On", P, "1 h since its merge", id="long enough, then replaced"),
        pytest.param(600.0, "On", F, "`/promote fraud 42 staging` first", id="replaced too early"),
        pytest.param(HOUR, BACK, F, "42 was rolled back there", id="rolled back"),
    ],
)
def test_a_version_that_stood_there(stood: float, message: str, state: GateState, words: str) -> None:
    rig = chain_rig()
    move(rig, STAGING, "42")
    rig.checkout._time += int(stood)
    move(rig, STAGING, "40" if message == BACK else "41", message)
    result = soak(rig)
    assert result.state is state
    assert words in result.observed


def test_what_stands_there_now_cannot_be_read() -> None:
    rig = chain_rig()
    move(rig, STAGING, "42", after=HOUR)
    rig.checkout.change("main", {STAGING: b"uri: {{ .Values.x }}\n"})
    rig.checkout.fetch()
    assert (soak(rig).state, soak(rig).waits) == (U, True)


def test_an_environment_that_follows_cannot_wait_for_the_change_that_moves_it() -> None:
    rig = chain_rig("""\
environments:
  staging: {}
  production: {after: {environment: staging}}
models:
  fraud:
    targets:
      staging: [{files: [fraud/staging.yaml], at: uri, value: "s3://{version}"}]
      production:
        - {files: [fraud/production/us.yaml], at: other, value: "s3://{version}", when_absent: "inherit:staging"}
""")
    result = soak(rig, "staging")
    assert (result.state, result.observed) == (F, "staging gets it by this very change, not before")


@pytest.mark.parametrize(
    ("policy", "offline", "state", "words"),
    [
        (POLICY, True, "unknown", "not evaluated offline"),
        (POLICY, False, "pass", "1 h since its merge; no engine reported"),
        (ENGINE, False, "unknown", "only the running bot hears what engines tell"),
    ],
    ids=["offline", "no engine", "an engine"],
)
def test_a_plan_on_the_command_line_hears_no_engine(policy: str, offline: bool, state: str, words: str) -> None:
    rig = chain_rig(policy)
    move(rig, STAGING, "42", after=HOUR)
    planner = Planner(rig.checkout, None if offline else rig.registry, rig.clock, {})
    (gate,) = planner.promote("fraud", "42", "prod-us").as_json()["gates"]
    assert (gate["name"], gate["state"], gate["observed"]) == ("soak staging", state, words)
