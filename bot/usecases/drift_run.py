"""Carry out one declared run: compare, and hand in what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.commands import MeasureDrift
from bot.domain.drifting.arriving import rows
from bot.domain.drifting.declared import runs_of
from bot.domain.drifting.judged_run import windows_of
from bot.domain.drifting.measuring import DriftRun, Measured
from bot.domain.drifting.windows import Kind, Verdict, Window
from bot.errors import ChatUnavailable, Reason, Refused, RegistryUnavailable, Transient
from bot.ports import Measuring, Row
from bot.usecases.context import Context
from bot.usecases.drift_polling import RUN, seen
from bot.usecases.drift_trouble import note_trouble, subject_of
from bot.usecases.fleet import FleetView
from bot.usecases.repo import Repo

TRIES = 3
"""A store of data that does not answer so often is told about like any other failure, until the next time."""
PAUSE_SECONDS = 60.0
_AGAIN = ":again"


@dataclass(frozen=True)
class Found:
    """What a run found, and what is made of it."""

    measured: Measured
    windows: tuple[Window, ...]


def measure_drift(ctx: Context, repo: Repo, row: Row, command: MeasureDrift) -> None:
    """Windows are handed in before anything is said of the run itself."""
    view = seen(ctx, repo)
    run = next((one for one in runs_of(view.policy, view.placed) if one.name == command.run), None) if view else None
    if view is None or run is None or _is_past(ctx, command):
        return  # it was taken out of the policy, or the next one waits already
    fire, failed = command.fire or row.created_at, None
    try:
        found = carry_out(ctx, repo, view, run, fire)
    except Refused as why:
        failed = why
    except Transient as why:
        if _again(ctx, row, command):
            return
        failed = Refused(Reason.DATA_UNREADABLE, str(why), "It is tried again when the run is due next.")
    else:
        for key, taken in rows(found.windows, ctx.clock.now()):
            ctx.inbox.put(key, taken)
        if found.measured.rows < run.least:
            return  # it can be read, but not whether it can be compared
        failed = _nothing(found.measured)
    subject = subject_of(view.policy, RUN + run.name, f"Drift run {run.name}", run.environment)
    try:
        note_trouble(ctx, subject, failed, fire)
    except ChatUnavailable:
        _again(ctx, row, command)  # else the next time says it


def _nothing(measured: Measured) -> Refused | None:
    """Where there are rows and features, and none of them can be compared, nobody would ever hear of that model."""
    features = [one for one in measured.readings.get(Kind.DRIFT, ()) if one.feature]
    known = any(one.verdict is not Verdict.UNKNOWN for one in features)
    if known or not features:
        return None
    why = measured.notes[0] if measured.notes else features[0].feature
    unblock = "Compare the columns of both data sets: `slackops drift run` says what is wrong with each."
    return Refused(Reason.DATA_UNREADABLE, f"No feature can be compared: {why}.", unblock)


def _again(ctx: Context, row: Row, command: MeasureDrift) -> bool:
    """By a row of its own: one that is tried again itself would keep the runs behind it waiting."""
    tries = row.key.count(_AGAIN) + 1
    if tries < TRIES:
        ctx.inbox.put(row.key + _AGAIN, command, delay=PAUSE_SECONDS * tries)
    return tries < TRIES


def carry_out(ctx: Context, repo: Repo, view: FleetView, run: DriftRun, fire: float) -> Found:
    """Raises Refused(DATA_UNREADABLE | NOT_SUPPORTED), Transient where the data's store did not answer."""
    version = _deployed(ctx, repo, view, run)
    measured = _measuring(ctx).measure(run, _logged(ctx, view, run, version))
    return Found(measured, windows_of(measured, fire, version))


def _measuring(ctx: Context) -> Measuring:
    if ctx.measuring is None:
        raise Refused(Reason.NOT_SUPPORTED, "Nothing here measures drift.", "Install the extra `drift`.")
    return ctx.measuring


def _is_past(ctx: Context, command: MeasureDrift) -> bool:
    known = ctx.drift_memory.get(RUN + command.run) if ctx.drift_memory and command.fire else None
    return known is not None and known[0] > command.fire


def _deployed(ctx: Context, repo: Repo, view: FleetView, run: DriftRun) -> str | None:
    """The version that serves; None where nobody can tell now, which keeps nothing from being measured."""
    placed = view.placed.get((run.model, run.environment))
    if placed is None:
        return None
    try:
        return repo.standing(ctx.checkout.head(), placed.target).version
    except (Refused, RegistryUnavailable):
        return None


def _logged(ctx: Context, view: FleetView, run: DriftRun, version: str | None) -> dict[str, float] | None:
    """The version's own metrics, without those that are logged twice with different values."""
    if version is None or not any(rule.against for rule in run.performance):
        return None
    try:
        known = ctx.registry.version(view.policy.registered_name(run.model), version)
    except (Refused, RegistryUnavailable):
        return None
    return {name: value for name, value in known.metrics.items() if name not in known.conflicts}
