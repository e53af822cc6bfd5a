"""Everything that gates are judged by, looked up: the one place that knows which gate needs what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.change import Intent
from bot.domain.facts import Check, ModelVersion
from bot.domain.gating import GateFacts
from bot.domain.policy import Environment, Gate, Policy
from bot.usecases.context import Context
from bot.usecases.gate_aliases import aliased
from bot.usecases.gate_lookups import on_branches, open_incidents, stored, verdicts
from bot.usecases.repo import Repo
from bot.usecases.soak import Waiting, soaks


@dataclass(frozen=True)
class Judged:
    """What is judged: an intent at a commit of the default branch, under these rules. ``moves`` are all environments
    that it moves. ``checks`` is None before there is a commit; ``change`` is its id and ``head`` its commit, where it
    has one. ``hurried``: its gates only inform, so no service of somebody else's is waited for."""

    policy: Policy
    environment: Environment
    commit: str
    intent: Intent
    moves: Collection[str]
    candidate: ModelVersion | None
    deployed: ModelVersion | None
    checks: Sequence[Check] | None = None
    change: str = ""
    head: str = ""
    hurried: bool = False


def facts_for(ctx: Context, repo: Repo, gates: Sequence[Gate], judged: Judged) -> GateFacts:
    """The facts that these gates need, and no others: what no gate asks for costs no call."""
    intent = judged.intent
    waiting = Waiting(judged.policy, judged.commit, intent.model, intent.to, judged.moves)
    candidate, deployed = versions = judged.candidate, judged.deployed
    own = judged.policy.model(intent.model).repo
    return GateFacts(
        now=ctx.clock.now(),
        candidate=candidate,
        deployed=deployed,
        first=intent.frm is None,
        checks=judged.checks,
        soaked=soaks(ctx, repo, gates, waiting),
        aliased=aliased(ctx, gates, judged.policy.registered_name(intent.model)) if candidate else {},
        repo=own,
        on_branch=on_branches(ctx, gates, candidate, own),
        artifact=stored(ctx, gates, candidate),
        digest=intent.artifact_digest,
        incidents=open_incidents(ctx, gates, intent.model, judged.moves),
        answers={} if judged.hurried else verdicts(ctx, gates, intent, versions, judged.change, judged.head),
    )
