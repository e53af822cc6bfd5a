"""`slackops drift run`: the policy's runs over a checkout, or two data sets as they are named."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.measuring import LateMeasuring
from bot.adapters.worktree import Worktree
from bot.cli.drift_hand_in import hand_in
from bot.cli.drift_table import as_json, is_bad, lines
from bot.cli.services import NotConfigured, registry
from bot.cli.tables import printable
from bot.domain.drifting.judged_run import windows_of
from bot.domain.drifting.measuring import DataSet, DriftRun, Method, format_of
from bot.errors import Reason, Refused, SlackOpsError
from bot.ports import Registry
from bot.usecases.drift_beside import RunsBeside
from bot.usecases.drift_run import Found
from bot.usecases.planning_context import SilentRegistry

DRIFTS, WRONG = 1, 2
Results = list[tuple[DriftRun, Found | Refused]]


@dataclass(frozen=True)
class Asked:
    """The arguments. ``reference`` and ``current`` stand for a run that no policy declares."""

    names: tuple[str, ...] = ()
    repo: Path = Path()
    push: bool = False
    url: str | None = None
    reference: str | None = None
    current: str | None = None
    method: Method = "auto"

    @property
    def alone(self) -> bool:
        """Two data sets, and no policy."""
        return self.reference is not None or self.current is not None


def run_drift(asked: Asked, *, json_: bool) -> None:
    """Print what was found; exit 0 where nothing drifts, 1 where something does or cannot be measured, 2 on wrong
    usage. Raises Transient where a store did not answer."""
    _require_sense(asked)
    try:
        found = list(_one_off(asked) if asked.alone else _declared(asked))
        _tell(found, json_=json_)
        if asked.push:
            _push(asked, found)
    except Refused as why:
        typer.echo(printable(f"{why.message} [{why.reason}]"), err=True)
        typer.echo(printable(why.unblock or ""), err=True)
        sys.exit(WRONG if why.reason is Reason.BAD_USAGE else DRIFTS)
    sys.exit(DRIFTS if any(is_bad(one) for _, one in found) else 0)


def _require_sense(asked: Asked) -> None:
    """Raises typer.BadParameter for arguments that do not go together."""
    if asked.alone and (asked.reference is None or asked.current is None):
        raise typer.BadParameter("--reference and --current go together")
    if asked.alone and (asked.names or asked.push):
        raise typer.BadParameter("what no policy declares has no NAME, and is not pushed")
    if not asked.alone and asked.method != "auto":
        raise typer.BadParameter("--method goes with --reference and --current; the policy says a run's own")


def _declared(asked: Asked) -> Iterator[tuple[DriftRun, Found | Refused]]:
    tree = Worktree(asked.repo)
    try:
        yield from RunsBeside(tree, _registry(), SystemClock(), LateMeasuring()).carry_out(asked.names)
    finally:
        tree.close()


def _registry() -> Registry:
    try:
        return registry(os.environ)
    except NotConfigured as why:
        return SilentRegistry(why.message)


def _one_off(asked: Asked) -> Iterator[tuple[DriftRun, Found | Refused]]:
    numeric = asked.method if asked.method != "chi_square" else "auto"
    categorical = asked.method if asked.method not in ("ks", "wasserstein") else "auto"
    reference, current = _data(asked.reference or ""), _data(asked.current or "")
    run = DriftRun("drift", "", "", reference, current, numeric=numeric, categorical=categorical)
    measured = LateMeasuring().measure(run)
    yield run, Found(measured, windows_of(measured, time.time()))


def _data(path: str) -> DataSet:
    return DataSet(path, format=format_of(path))


def _tell(found: Results, *, json_: bool) -> None:
    if json_:
        typer.echo(json.dumps([as_json(*one) for one in found], indent=2))
        return
    for run, one in found:
        for line in lines(run, one):
            typer.echo(line)


def _push(asked: Asked, found: Results) -> None:
    """Said beside what was found, so that JSON stays JSON."""
    windows = [window for _, one in found if not isinstance(one, Refused) for window in one.windows]
    if not windows:
        return
    try:
        taken = hand_in(windows, os.environ, asked.url, time.time())
    except SlackOpsError as why:
        typer.echo(printable(f"Not handed in: {why}"), err=True)
        sys.exit(DRIFTS)
    typer.echo(f"Handed in: {taken.value}.", err=True)
