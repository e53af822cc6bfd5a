"""Declared runs beside the bot: carried out over a checkout, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.drifting.declared import runs_of
from bot.domain.drifting.measuring import DriftRun
from bot.domain.policy.shown import nearest
from bot.errors import Reason, Refused
from bot.ports import Checkout, Clock, Measuring, Registry
from bot.usecases.drift_run import Found, carry_out
from bot.usecases.fleet import FleetView
from bot.usecases.names import VersionNames
from bot.usecases.planning_context import planning_context
from bot.usecases.repo import Repo


class RunsBeside:
    """``registry`` names the version that serves, and knows its metrics; what it does not tell is unknown."""

    def __init__(self, checkout: Checkout, registry: Registry, clock: Clock, measuring: Measuring) -> None:
        self._ctx = replace(planning_context(checkout, registry, clock), measuring=measuring)
        self._repo = Repo(checkout, VersionNames(registry, clock))

    def carry_out(self, names: Sequence[str]) -> Iterator[tuple[DriftRun, Found | Refused]]:
        """The runs of these names, all of them without one. Raises Refused(BAD_USAGE | POLICY_INVALID), Transient."""
        view = self._repo.fleet.view(self._ctx.checkout.head())
        for run in chosen(runs_of(view.policy, view.placed), names):
            yield run, self._found(view, run)

    def _found(self, view: FleetView, run: DriftRun) -> Found | Refused:
        try:
            return carry_out(self._ctx, self._repo, view, run, self._ctx.clock.now())
        except Refused as why:
            return why


def chosen(runs: Sequence[DriftRun], names: Sequence[str]) -> list[DriftRun]:
    """By the whole name of a run, or by that under which the policy declares it for several models. Raises
    Refused(BAD_USAGE) for a name that is neither, and where there is none at all."""
    if not runs:
        raise Refused(Reason.BAD_USAGE, "The policy declares no run of drift.", "Add one to drift.runs.")
    known = {name: None for run in runs for name in (run.name, run.name.partition("/")[0])}
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near else f"Declared are: {', '.join(list(known)[:10])}."
            raise Refused(Reason.BAD_USAGE, f"The policy declares no run {name!r}.", hint)
    return [run for run in runs if not names or {run.name, run.name.partition("/")[0]} & set(names)]
