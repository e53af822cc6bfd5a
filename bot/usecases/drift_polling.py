"""The clock has declared runs measured and declared sources read: those that are due, each once.

The key of a row holds the time at which it was due, and that time is remembered after the row is there: a kill in
between puts the same row again, which is one row. What was missed while nobody was there is done once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.commands import Command, MeasureDrift, ReadDriftSource
from bot.domain.drifting.declared import runs_of
from bot.domain.drifting.due import AT_ONCE, begun, is_done, last_tick
from bot.domain.drifting.measuring import DriftRun
from bot.errors import Refused
from bot.ports import DriftMemory, Row
from bot.usecases.context import Context
from bot.usecases.fleet import FleetView
from bot.usecases.repo import Repo

RUN, SOURCE = "drift-run:", "drift-source:"
"""How the keys of the memory begin; rows have the time behind them."""
Known = Mapping[str, tuple[float, str]]


def poll_drift(ctx: Context, repo: Repo, row: Row) -> int:
    """Put what is due; how many. Raises StoreUnavailable, ForgeUnavailable where the repo was never read yet."""
    ctx.inbox.absorb(row)
    memory, view = ctx.drift_memory, seen(ctx, repo)
    if memory is None or view is None or not (view.policy.drift.runs or view.policy.drift.sources):
        return 0
    put = 0
    for key, fire, command in [*_sources(ctx, view, memory), *_runs(ctx, view, memory)]:
        ctx.inbox.put(f"{key}:{fire:.0f}", command)
        memory.save(key, fire)
        put += 1
    return put


def seen(ctx: Context, repo: Repo) -> FleetView | None:
    """Every target by today's policy, as it was fetched last; None where the policy cannot be read."""
    try:
        return repo.fleet.view(ctx.checkout.head())
    except Refused:
        return None


def _sources(ctx: Context, view: FleetView, memory: DriftMemory) -> Iterator[tuple[str, float, Command]]:
    known, now = memory.starting(SOURCE), ctx.clock.now()
    for source in view.policy.drift.sources:
        key, fire = f"{SOURCE}{source.name}", last_tick(source.every, now)
        if not is_done(known[key][0] if key in known else None, fire, source.every):
            yield key, fire, ReadDriftSource(source=source.name)


def _runs(ctx: Context, view: FleetView, memory: DriftMemory) -> list[tuple[str, float, Command]]:
    """Those that wait longest first, so that each has its turn however many there are."""
    known, now = memory.starting(RUN), ctx.clock.now()
    due = []
    for run in runs_of(view.policy, view.placed):
        key = f"{RUN}{run.name}"
        fire = _fire(ctx, memory, run, known, now)
        if fire is not None:
            due.append((known.get(key, (0.0, ""))[0], key, fire, MeasureDrift(run=run.name, fire=fire)))
    return [(key, fire, command) for _, key, fire, command in sorted(due, key=lambda one: one[:2])[:AT_ONCE]]


def _fire(ctx: Context, memory: DriftMemory, run: DriftRun, known: Known, now: float) -> float | None:
    """When it was due last, unless that was done."""
    key = f"{RUN}{run.name}"
    last = known[key][0] if key in known else None
    if not run.cron:
        fire = last_tick(run.every, now)
        return None if is_done(last, fire, run.every) else fire
    if last is None:
        memory.save(key, now)
    return ctx.cron.fires(run.cron, run.timezone, begun(last, now), now) if ctx.cron is not None else None
