"""What gates look at in a policy test: out of the file, where the bot asks registry, forge and engines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.change import Intent
from bot.domain.facts import Check, CheckState, Column, DatasetInput, ModelVersion, Signature
from bot.domain.gating import Answer, GateFacts, OpenIncident
from bot.domain.health import Health, Verdict
from bot.domain.policy import BranchGate, Environment, Gate, Policy, SoakGate
from bot.domain.policy_case import Given, Stood
from bot.domain.policy_case_facts import Candidate, DatasetGiven, SignatureGiven
from bot.domain.policy_case_values import moment_of
from bot.domain.soak import SoakFacts
from bot.domain.soak import Stood as StoodSince

SOME_COMMIT = "c0ffee" + "0" * 34
"""What a version was trained from where a case only says on which branches that is."""


def gate_facts_of(
    given: Given, policy: Policy, gates: Sequence[Gate], intent: Intent, now: float, *, proposing: bool
) -> GateFacts:
    """The same facts as the bot looks up; before there is a commit it has no checks."""
    repo = policy.model(given.model or "").repo
    said = given.candidate
    return GateFacts(
        now=now,
        candidate=_version(given, intent.to, said),
        deployed=_version(given, given.deployed.version, given.deployed) if given.deployed else None,
        first=intent.frm is None,
        checks=None if proposing else _checks(given, now),
        soaked=_soaked(given, policy, gates, now),
        aliased={name: _version(given, one.version, one) if one else None for name, one in given.aliased.items()},
        on_branch=_on_branches(given, gates, repo),
        repo=repo,
        artifact=said.artifact if said else None,
        incidents=_incidents(given, now),
        answers={name: Answer(state, "as the test says") for name, state in given.answers.items()},
    )


def _version(given: Given, version: str, said: Candidate | None) -> ModelVersion | None:
    """What the registry says of a version; None where it says nothing."""
    if said is None:
        return None
    known = ModelVersion(given.model or "", version, None, None, None, None, 0.0)
    commit = said.git_commit or (SOME_COMMIT if given.on_branches is not None else None)
    return replace(
        known,
        metrics=dict(said.metrics),
        conflicts=said.unclear,
        series=frozenset(said.series),
        tags=dict(said.tags),
        signature=_signature(said.signature),
        datasets=_datasets(said.datasets),
        git_commit=commit,
        artifact_digest=said.artifact_digest,
        started_at=moment_of(said.trained) if said.trained else None,
    )


def _signature(said: SignatureGiven | None) -> Signature | None:
    if said is None:
        return None
    inputs = (Column(name, kind, name not in said.optional) for name, kind in said.inputs.items())
    return Signature(tuple(inputs), tuple(Column(name, kind) for name, kind in said.outputs.items()))


def _datasets(said: Iterable[DatasetGiven]) -> tuple[DatasetInput, ...]:
    return tuple(DatasetInput(one.name, one.digest or "", one.context) for one in said)


def _checks(given: Given, now: float) -> list[Check]:
    """The commit's checks. One that runs for so long is pending, whatever else is said of it."""
    states = given.checks | dict.fromkeys(given.running, "pending")
    spans = {name: span.total_seconds() for name, span in given.running.items()}
    return [
        Check(name, CheckState(state), started_at=now - spans[name] if name in spans else None)
        for name, state in states.items()
    ]


def _on_branches(given: Given, gates: Iterable[Gate], own: str | None) -> dict[tuple[str, str], bool | None]:
    asked = ((gate.repo or own, gate.branch) for gate in gates if isinstance(gate, BranchGate))
    if given.on_branches is None:
        return {}
    return {(repo, branch): branch in given.on_branches for repo, branch in asked if repo is not None}


def _incidents(given: Given, now: float) -> tuple[OpenIncident, ...] | None:
    if given.incidents is None:
        return None
    return tuple(OpenIncident(one.kind, one.words, now - one.for_.total_seconds()) for one in given.incidents)


def _soaked(given: Given, policy: Policy, gates: Iterable[Gate], now: float) -> dict[str, SoakFacts]:
    """How the version did in every stage that a gate waits for."""
    stages = {gate.environment for gate in gates if isinstance(gate, SoakGate)}
    return {name: _soak(given, policy.environment(name), now) for name in stages}


def _soak(given: Given, stage: Environment, now: float) -> SoakFacts:
    said = given.soak.get(stage.name) or next((given.soak[one] for one in stage.aliases if one in given.soak), None)
    facts = SoakFacts(given.model or "", given.version or "", now, heard=stage.rollout.engine != "none")
    if said is None:
        return facts
    since = now - said.for_.total_seconds()
    return replace(facts, stood=StoodSince(since, None, said.rolled_back), health=_health(said, since))


def _health(said: Stood, since: float) -> Health:
    if said.healthy:
        return Health(Verdict.HEALTHY, healthy_at=since, since=since)
    return Health(Verdict.BAD, since=since, words="not healthy")
