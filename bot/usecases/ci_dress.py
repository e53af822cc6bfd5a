"""What a reader of an alert needs besides its state: why it failed, and who may have to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.ci import CiRun, CiState
from bot.domain.ci_branch import Alert, AlertGate, CiBranch, Suspect
from bot.usecases.ci_places import Concern
from bot.usecases.context import Context

Runs = Mapping[str, tuple[CiRun, ...]]
"""The newest runs of commits."""
MOST_EXCERPTS, MOST_SUSPECTS = 4, 5


def dressed(ctx: Context, concern: Concern, branch: CiBranch, runs: Runs) -> CiBranch:
    """The branch with everything that its dirty cards show; what is known already is not asked for again."""
    alerts = dict(branch.alerts)
    for sha in branch.dirty:
        if sha in alerts:
            alerts[sha] = _dressed(ctx, concern, alerts[sha], runs)
    return replace(branch, alerts=alerts)


def _dressed(ctx: Context, concern: Concern, alert: Alert, runs: Runs) -> Alert:
    alert = alert if alert.asked else _suspected(ctx, concern.repo, alert)
    left = MOST_EXCERPTS - sum(bool(one.excerpt) for one in alert.gates)
    gates = list[AlertGate]()
    for one in alert.gates:
        asked = one.failing and not one.dressed and left > 0
        gates.append(_counted(ctx, concern.repo, alert, _explained(ctx, concern.repo, one, runs) if asked else one))
        left -= asked
    return replace(alert, gates=tuple(gates), channels=alert.channels or concern.channels)


def _explained(ctx: Context, repo: str, gate: AlertGate, runs: Runs) -> AlertGate:
    failed = (run for run in runs.get(gate.sha, ()) if run.gate == gate.gate and run.state is CiState.FAILURE)
    run = next(failed, None)
    if run is None or ctx.ci is None:
        return gate
    return replace(gate, excerpt=ctx.ci.excerpt(repo, run), dressed=True)


def _counted(ctx: Context, repo: str, alert: Alert, gate: AlertGate) -> AlertGate:
    """How far its newest commit is from the card's."""
    if gate.sha == alert.sha or not gate.failing:
        return replace(gate, since=0)
    between = ctx.forge.compare(repo, alert.sha, gate.sha)
    return replace(gate, since=between.ahead if between is not None else 0)


def _suspected(ctx: Context, repo: str, alert: Alert) -> Alert:
    between = ctx.forge.compare(repo, alert.green, alert.sha) if alert.green else None
    if between is None:
        return replace(alert, asked=True)
    newest = between.commits[::-1][:MOST_SUSPECTS]
    found = tuple(Suspect(one.sha, one.subject, one.author, one.login) for one in newest)
    return replace(alert, asked=True, suspects=found, more=max(0, between.ahead - len(found)), compare=between.url)
