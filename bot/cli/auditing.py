"""What `slackops audit` does: over the database, the deployment repo's mirror, and for a change the forge."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.bootstrap import Store, build_context, build_credentials, build_mirror, open_store
from bot.cli.tables import printable
from bot.domain.audit_period import period_of
from bot.domain.audit_tables import as_csv, as_markdown
from bot.domain.stops import moment
from bot.errors import StoreUnavailable
from bot.settings import Settings, load_settings
from bot.usecases.audit_check import Checked, check_audit, named
from bot.usecases.audit_report import Records, Wanted, report_of
from bot.usecases.audit_story import exported, story_of
from bot.usecases.names import VersionNames
from bot.usecases.repo import Repo


@dataclass(frozen=True)
class Asked:
    """The options of `slackops audit report`, as they were written."""

    model: str | None
    version: str | None
    environment: str | None
    since: str | None
    until: str | None
    form: str


def run_verify() -> None:
    """Print the verdict; exit 1 where anything is wrong. Raises StoreUnavailable, SettingsInvalid."""
    settings = load_settings(os.environ)
    with _store(settings) as store:
        mirror = build_mirror(settings, build_credentials(settings))
        checked = check_audit(store.audit, mirror, time.time())
    for line in _words(checked):
        typer.echo(line)
    sys.exit(0 if checked.whole else 1)


def _words(checked: Checked) -> Iterator[str]:
    verdict, anchors = checked.verdict, checked.anchors.known
    for fault in named(checked):
        yield printable(f"WRONG {f'row {fault.seq}: ' if fault.seq else ''}{fault.text}")
    newest = max(anchors, key=lambda one: one.head.seq, default=None)
    told = f"{len(anchors)} heads in slackops-state"
    if newest is not None:
        told += f", the newest is row {newest.head.seq} of {moment(newest.at)}"
    yield f"{verdict.rows} rows; {told}."
    if checked.whole:
        since = verdict.head.seq - (newest.head.seq if newest else 0)
        yield f"Whole. {since} rows are newer than the newest head: only the chain itself vouches for those."


def run_export(change: str | None, after: int) -> None:
    """Print rows, or one change's story. Raises Refused(UNKNOWN_CHANGE), StoreUnavailable, SettingsInvalid."""
    settings = load_settings(os.environ)
    with _store(settings) as store:
        if change is None:
            for row in store.audit.rows(after):
                typer.echo(json.dumps(exported(row), ensure_ascii=False))
            return
        ctx = build_context(settings, store)
        repo = Repo(ctx.checkout, VersionNames(ctx.registry, ctx.clock))
        typer.echo(json.dumps(story_of(ctx, repo, change), ensure_ascii=False, indent=2))


def run_report(asked: Asked) -> None:
    """Print the report. A database that does not answer is said, and Git alone is read. Raises Refused,
    ForgeUnavailable, SettingsInvalid."""
    settings = load_settings(os.environ)
    period = period_of(asked.since, asked.until, time.time())
    registry = MlflowRegistry(
        settings.mlflow_tracking_uri, settings.mlflow_registry_uri, timeout=settings.slackops_registry_timeout
    )
    mirror = build_mirror(settings, build_credentials(settings))
    repo = Repo(mirror, VersionNames(registry, SystemClock()))
    version = asked.version[1:] if asked.version and asked.version[:1] in "vV" and asked.version[1:].isdigit() else None
    wanted = Wanted(period, asked.model, version or asked.version, asked.environment)
    with contextlib.ExitStack() as open_:
        try:
            store = open_.enter_context(_store(settings))
        except StoreUnavailable as why:
            typer.echo(f"Git alone is read: {why}", err=True)
            found = report_of(repo, None, wanted)
        else:
            found = report_of(repo, Records(store.changes, store.audit), wanted)
    for note in found.notes if asked.form == "csv" else ():
        typer.echo(note, err=True)
    typer.echo(as_csv(found) if asked.form == "csv" else as_markdown(found), nl=False)


@contextlib.contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    try:
        yield store
    finally:
        store.database.close()
