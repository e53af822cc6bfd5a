"""What gates are judged by is looked up only where a gate asks, and whoever does not answer leaves it unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.change import Intent
from bot.domain.compared import Compared
from bot.domain.gating import Answer, OpenIncident
from bot.domain.policy import (
    ArtifactGate,
    BranchGate,
    Gate,
    HttpGate,
    IncidentGate,
    SignatureGate,
    TagGate,
    parse_policy,
)
from bot.domain.signal import Phase, Signal
from bot.errors import Fatal, ForgeUnavailable, RegistryUnavailable, StoreUnavailable
from bot.ports import SignalRecord
from bot.usecases.context import Context
from bot.usecases.gate_facts import Judged, facts_for
from bot.usecases.incidents import OpenIncidents
from bot.usecases.planning_context import SilentRegistry, planning_context
from tests.domain.facts import INTENT
from tests.domain.gating.given import SHA
from tests.fakes.clock import FakeClock
from tests.fakes.forge import FakeForge
from tests.fakes.gates import FakeGateCalls, FakeIncidents
from tests.fakes.registry import FakeRegistry
from tests.fakes.signals import FakeSignals

POLICY = parse_policy(
    {
        ".slackops.yaml": b"""
version: 1
environments: {staging: {}, production: {}}
layouts: [{files: ["{model}/{environment}.yaml"], at: a, value: "{version}"}]
models: {fraud: {primary_metric: roc_auc, repo: acme/fraud}, churn: {primary_metric: roc_auc}}
"""
    }
)
ARTIFACT = ArtifactGate("artifact", False, None, "block", "merge")
MAIN = BranchGate("main", "main", None, "block", "merge")
RELEASE = BranchGate("release", "release/1", "acme/other", "block", "merge")
DRIFT = IncidentGate("no drift", "drift", "block", "merge")
FAIR = HttpGate("fair", "https://gates.example/fair", 10.0, "block", "merge")
SLOW = HttpGate("slow", "https://gates.example/slow", 60.0, "block", "merge")
QUIET: list[Gate] = [
    TagGate("t", "t", (), "block", "merge"),
    SignatureGate("s", "same", "block", "merge"),
]
OPEN = OpenIncident("drift", "null rate", 5.0)


class World:
    def __init__(self) -> None:
        self.registry, self.forge = FakeRegistry(), FakeForge()
        self.calls, self.incidents = FakeGateCalls(), FakeIncidents()
        self.version = self.registry.add("fraud", git_commit=SHA)
        nothing: Any = None
        self.ctx: Context = replace(
            planning_context(nothing, self.registry, FakeClock()),
            forge=self.forge,
            gate_calls=self.calls,
            incidents=self.incidents,
        )

    def facts(
        self, *gates: Gate, intent: Intent = INTENT, moves: tuple[str, ...] = ("production",), **more: Any
    ) -> Any:
        asked = Judged(POLICY, POLICY.environment("production"), "base", intent, moves, self.version, None)
        repo: Any = None
        return facts_for(self.ctx, repo, gates, replace(asked, **more))


@pytest.fixture
def world() -> World:
    return World()


def test_what_no_gate_asks_for_costs_nothing(world: World) -> None:
    world.registry.down = world.forge.down = world.incidents.down = Fatal("asked")
    found = world.facts(*QUIET)
    assert (found.artifact, found.on_branch, found.incidents, found.answers) == (None, {}, None, {})
    assert (world.calls.told, world.incidents.asked) == ([], [])


@pytest.mark.parametrize("there", [True, False, None])
def test_the_artifact(world: World, there: bool | None) -> None:
    world.registry.artifacts["fraud", "1"] = there
    assert world.facts(ARTIFACT).artifact is there


def test_branches_of_the_models_repository_and_of_the_gates_own(world: World) -> None:
    world.forge.between["acme/fraud", "main", SHA] = Compared("main", SHA, "behind", 0, 3, "")
    world.forge.between["acme/other", "release/1", SHA] = Compared("release/1", SHA, "diverged", 2, 3, "")
    found = world.facts(MAIN, RELEASE)
    assert found.on_branch == {("acme/fraud", "main"): True, ("acme/other", "release/1"): False}
    assert found.repo == "acme/fraud"


def test_a_repository_that_the_bot_cannot_see(world: World) -> None:
    assert world.facts(MAIN).on_branch == {("acme/fraud", "main"): None}


@pytest.mark.parametrize("commit", [None, "", "main", SHA[:12], f"me:{SHA}"])
def test_what_is_no_commit_is_not_asked_about(world: World, commit: str | None) -> None:
    world.forge.down = Fatal("asked")
    world.version = replace(world.version, git_commit=commit)
    assert world.facts(MAIN).on_branch == {}


def test_without_a_repository_nobody_is_asked(world: World) -> None:
    found = world.facts(MAIN, intent=replace(INTENT, model="churn"))
    assert (found.repo, found.on_branch) == (None, {})


def test_incidents_of_everything_that_it_moves(world: World) -> None:
    world.incidents.are["fraud", "staging"] = [OPEN]
    assert world.facts(DRIFT).incidents == ()
    assert world.facts(DRIFT, moves=("production", "staging", "production")).incidents == (OPEN,)
    assert world.incidents.asked == [("fraud", "production"), ("fraud", "production"), ("fraud", "staging")]


@pytest.mark.parametrize("error", [RegistryUnavailable("x"), ForgeUnavailable("x"), StoreUnavailable("x"), Fatal("x")])
def test_who_does_not_answer_leaves_it_unknown(world: World, error: Any) -> None:
    world.registry.down = world.forge.down = world.incidents.down = error
    found = world.facts(ARTIFACT, MAIN, DRIFT, FAIR)
    assert (found.artifact, found.on_branch, found.incidents) == (None, {("acme/fraud", "main"): None}, None)
    assert found.answers["fair"].state == "unknown"


def test_a_plan_without_ports_knows_nothing() -> None:
    world, nothing = World(), None
    world.ctx = planning_context(nothing, SilentRegistry("a test"), FakeClock())  # type: ignore[arg-type]
    found = world.facts(ARTIFACT, MAIN, DRIFT, FAIR)
    assert (found.artifact, found.incidents, found.answers) == (None, None, {})
    assert found.on_branch == {("acme/fraud", "main"): None}


def test_http_gates_are_told_and_asked_within_the_total(world: World) -> None:
    world.calls.says[FAIR.url] = Answer("fail", "gap 0.2")
    found = world.facts(FAIR, SLOW, change="01J", head="head0")
    assert found.answers["fair"] == Answer("fail", "gap 0.2")
    assert found.answers["slow"].state == "unknown"
    told = {url: (body["gate"], body["change"], body["head"], timeout) for url, body, timeout in world.calls.told}
    assert told == {FAIR.url: ("fair", "01J", "head0", 10.0), SLOW.url: ("slow", "01J", "head0", 20.0)}


def test_who_goes_back_in_a_hurry_waits_for_no_service(world: World) -> None:
    """Its gates only inform; a service that hangs would keep it back for as long as all of them together may take."""
    assert world.facts(FAIR, SLOW, hurried=True).answers == {}
    assert world.calls.told == []


def test_the_digest_that_was_asked_for(world: World) -> None:
    assert world.facts(ARTIFACT, intent=replace(INTENT, artifact_digest="sha256:1")).digest == "sha256:1"


def test_incidents_out_of_signals() -> None:
    signals = FakeSignals()
    alert = Signal(source="alertmanager", application="Drift/1", phase=Phase.ALERT, at=5.0, message="x", kind="drift")
    signals.add([SignalRecord("fraud", "production", alert, None, 6.0)])
    port = OpenIncidents(signals)
    assert port.open("fraud", "production") == (OpenIncident("drift", "x", 5.0),)
    assert port.open("fraud", "staging") == ()
