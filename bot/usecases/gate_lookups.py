"""The single questions that gates need answered. Each is asked only where a gate needs it, and whoever does not answer
leaves a gate unknown: nothing here raises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from bot.domain.change import Intent
from bot.domain.facts import ModelVersion
from bot.domain.gating import Answer, OpenIncident
from bot.domain.gating.branch import training_commit
from bot.domain.gating.http_body import body_of
from bot.domain.policy import ArtifactGate, BranchGate, Gate, HttpGate, IncidentGate
from bot.errors import SlackOpsError
from bot.usecases.context import Context
from bot.usecases.gate_answers import answers

T = TypeVar("T")


def stored(ctx: Context, gates: Iterable[Gate], version: ModelVersion | None) -> bool | None:
    """Whether the version's artifact is there; None where nobody can tell, or no gate asks."""
    if version is None or not any(isinstance(gate, ArtifactGate) for gate in gates):
        return None
    return _told(lambda: ctx.registry.has_artifact(version))


def on_branches(
    ctx: Context, gates: Iterable[Gate], version: ModelVersion | None, own: str | None
) -> dict[tuple[str, str], bool | None]:
    """By repository and branch, whether the training commit is on it. ``own`` is the model's own repository."""
    commit = training_commit(version)
    asked = {(gate.repo or own, gate.branch) for gate in gates if isinstance(gate, BranchGate)}
    named = sorted((repo, branch) for repo, branch in asked if repo is not None)
    return {one: _on_branch(ctx, *one, commit) for one in named} if commit else {}


def _on_branch(ctx: Context, repo: str, branch: str, commit: str) -> bool | None:
    compared = _told(lambda: ctx.forge.compare(repo, branch, commit))
    return compared.contained if compared else None


def open_incidents(
    ctx: Context, gates: Iterable[Gate], model: str, environments: Collection[str]
) -> tuple[OpenIncident, ...] | None:
    """What is open of the model in all these environments; None where nobody can tell, or no gate asks."""
    port = ctx.incidents
    if port is None or not any(isinstance(gate, IncidentGate) for gate in gates):
        return None
    return _told(lambda: tuple(one for name in dict.fromkeys(environments) for one in port.open(model, name)))


def verdicts(
    ctx: Context,
    gates: Sequence[Gate],
    intent: Intent,
    versions: tuple[ModelVersion | None, ModelVersion | None],
    change: str,
    head: str,
) -> Mapping[str, Answer]:
    """What the HTTP gates answer, by their names; ``versions`` are the candidate and the deployed one."""
    asked = [gate for gate in gates if isinstance(gate, HttpGate)]
    if ctx.gate_calls is None or not asked:
        return {}
    return answers(ctx.gate_calls, asked, lambda gate: body_of(gate.name, intent, *versions, change=change, head=head))


def _told(look: Callable[[], T | None]) -> T | None:
    try:
        return look()
    except SlackOpsError:
        return None
