"""The other doors to one's own gate: another account, joining or writing later; and rules that only look the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commands import Promote, WaiveGate
from bot.domain.gates import GateResult, GateState
from bot.domain.gating import GateFacts, judge
from bot.domain.gating.facts import Answer
from bot.domain.people import Person, Standing
from bot.domain.policy import Gate
from bot.domain.policy.model import (
    BranchGate,
    CheckGate,
    DatasetGate,
    HttpGate,
    MetricGate,
    TagGate,
)
from bot.domain.waiving import new_waiver, with_waivers
from bot.errors import ChatUnavailable
from tests.attacks.deeds import approves_there, asked, looked_at, merged, status, written
from tests.attacks.test_waivers import BAD, RULES, gates, waive, waived
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, PATH
from tests.usecases.trust_machine_world import ANA, BEN, EVE, World, manifest


@pytest.fixture
def world() -> World:
    made = World()
    made.push_policy(RULES)
    return made


def test_an_account_that_the_requester_had_long_ago_waives_nothing(world: World) -> None:
    world.link(ANA, 6)
    world.links.remove(ANA)
    world.link(ANA, 1)
    change = asked(world, version=BAD)
    world.links.remove(EVE)
    world.link(EVE, 6)
    waive(world, EVE, change)
    assert world.changes.get(change.id).waivers == ()  # type: ignore[union-attr]
    assert "You asked for" in (written(world, "refused")[-1].why or "")


def test_whoever_joins_the_askers_takes_the_waiver_along(world: World) -> None:
    change = waived(world)
    world.by(BEN, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT)
    world.work()
    assert gates(world, change) == "failure"
    waive(world, EVE, change)
    assert gates(world, change) == "success"


def test_whoever_writes_to_the_branch_afterwards_takes_the_waiver_along(world: World) -> None:
    change = waived(world)
    world.checkout.change(change.branch, {PATH: manifest(BAD)}, "The same again", author="ben")
    assert gates(world, change) == "failure"


def test_one_that_was_asked_for_with_the_promotion_stays_where_others_join(world: World) -> None:
    world.push_policy(replace(RULES, waive=("slack:U0ANA",)))
    row = world.by(
        ANA, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT, waive=("roc_auc",), reason="it is fine"
    )
    world.work()
    change = world.changes.get(row)
    assert change is not None
    world.by(EVE, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT)
    world.work()
    assert gates(world, change) == "success"


def test_where_nobody_must_approve_a_waiver_outlives_joining(world: World) -> None:
    world.push_policy(replace(RULES, required=0, auto=False))
    change = waived(world)
    world.by(BEN, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT)
    world.work()
    assert gates(world, change) == "success"


def _silent(_: Person) -> Standing:
    raise ChatUnavailable("slow")


def test_while_nobody_can_tell_who_is_in_the_role_it_does_not_merge(world: World) -> None:
    world.push_policy(replace(RULES, required=0, auto=False))
    change = waived(world)
    world.push_policy(replace(RULES, required=0))
    member = world.chat.member
    world.chat.member = _silent  # type: ignore[method-assign,assignment]
    looked_at(world, change.number or 0)
    assert not merged(world)
    assert status(world, change.number or 0, "slackops/gates") == "success"
    world.chat.member = member  # type: ignore[method-assign]
    world.clock.tick(3_600)
    looked_at(world, change.number or 0)
    assert merged(world)


def test_while_the_policy_cannot_be_read_whoever_gave_it_takes_it_back(world: World) -> None:
    change = waived(world)
    world.push_policy(None)
    waive(world, BEN, change, withdraw=True)
    assert world.changes.get(change.id).waivers[0].withdrawn_by == BEN  # type: ignore[union-attr]


def test_the_refusal_of_a_joiner_does_not_advise_what_they_did(world: World) -> None:
    change = asked(world, version=BAD)
    world.by(BEN, Promote, model=MODEL, version=BAD, environment=ENVIRONMENT, waive=("roc_auc",), reason="I want it")
    world.work()
    assert world.changes.get(change.id).waivers == ()  # type: ignore[union-attr]
    told = [str(one.message) for one in world.chat.whispers if one.person == BEN][-1]
    assert "the request that opens a change" in told


def test_a_merge_that_was_refused_is_told_anew_with_the_waiver_of_somebody_else(world: World) -> None:
    change = waived(world)
    required, world.forge.required = world.forge.required, {"ci/not-run"}
    approves_there(world, 3, change)
    waive(world, BEN, change, withdraw=True)
    waive(world, EVE, change)
    assert not merged(world)
    world.forge.required = required
    world.clock.tick(3_600)
    looked_at(world, change.number or 0)
    assert merged(world)
    gates_ = written(world, "merged")[0].evidence["gates"]
    assert [one["waived"]["by"] for one in gates_ if "waived" in one] == [str(EVE)]


HTTP = HttpGate("review", "https://checks.example.com/a", 5.0, "block", "merge")
METRIC = MetricGate("auc", "auc", "higher", 0.9, None, None, "block", "merge")
TAG = TagGate("stage", "stage", ("a", "b", "c", "d"), "block", "merge")
CHECK = CheckGate("ci/*", "ci/*", "block", "merge")
BRANCH = BranchGate("branch", "main", "acme/a", "block", "merge")
DATA = DatasetGate("data", "training", 60.0, "dated", "block", "merge")


def judged(gate: Gate, **facts: object) -> GateResult:
    (found,) = judge([gate], GateFacts(0.0, None, None, **facts))  # type: ignore[arg-type]
    assert found.state in (GateState.UNKNOWN, GateState.FAIL)
    return found


def holds(before: GateResult, after: GateResult) -> bool:
    given = with_waivers([before], (), "d")[0]
    waiver = new_waiver(given, BEN, "why", 0.0, "d", "W1")
    return bool(with_waivers([after], [waiver], "d")[0].waived)


@pytest.mark.parametrize(
    ("gate", "other"),
    [
        pytest.param(HTTP, replace(HTTP, url="https://checks.example.com/b"), id="another-address"),
        pytest.param(TAG, replace(TAG, values=("a", "b", "c", "e")), id="a-value-that-is-not-shown"),
        pytest.param(CHECK, replace(CHECK, timeout=60.0), id="a-limit-of-time"),
        pytest.param(BRANCH, replace(BRANCH, repo="acme/b"), id="another-repository"),
        pytest.param(DATA, replace(DATA, dated_by="other"), id="another-date"),
        pytest.param(METRIC, replace(METRIC, threshold=0.95), id="another-threshold"),
        pytest.param(METRIC, replace(METRIC, slices="worst"), id="other-slices"),
        pytest.param(METRIC, replace(METRIC, no_baseline="fail"), id="another-word-on-a-missing-baseline"),
        pytest.param(METRIC, replace(METRIC, metric="recall"), id="another-metric-of-that-name"),
        pytest.param(METRIC, replace(METRIC, direction="lower"), id="another-direction"),
    ],
)
def test_a_rule_that_means_something_else_is_not_waived_by_the_old_waiver(gate: Gate, other: Gate) -> None:
    assert holds(judged(gate), judged(gate))
    assert not holds(judged(gate), judged(other))


def test_how_it_blocks_and_for_whom_it_is_changes_no_rule() -> None:
    assert holds(judged(METRIC), judged(replace(METRIC, at="propose", only=("fraud",))))


@pytest.mark.parametrize("state", ["fail", "unknown"])
def test_what_an_http_gate_answers_ends_no_waiver_and_gives_none(state: str) -> None:
    said = Answer(state, "0.81", "at least 0.9 (of 12:31)")  # type: ignore[arg-type]
    silent = Answer("unknown", "no answer within 5 s")
    assert holds(judged(HTTP, answers={"review": said}), judged(HTTP, answers={"review": silent}))
    assert holds(judged(HTTP), judged(HTTP, answers={"review": said}))


def test_a_forged_name_or_reason_writes_no_trailer(world: World) -> None:
    change = waived(world)
    world.by(BEN, WaiveGate, change=change.id, gate="roc_auc\nSlackOps-Waived: freeze", reason="x\nSlackOps-To: 9")
    world.work()
    approves_there(world, 3, change)
    assert merged(world)
    message = world.checkout.message(world.forge._pulls[change.number or 0].merge_commit or "")
    told = [line for line in message.splitlines() if line.startswith("SlackOps-Waived")]
    assert told == ["SlackOps-Waived: roc_auc"]
