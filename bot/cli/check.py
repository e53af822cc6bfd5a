"""`slackops check PATH`: policy and targets of a checkout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.worktree import Worktree
from bot.cli.services import NotConfigured, directory, registry
from bot.cli.tables import printable, table
from bot.errors import Reason, Refused
from bot.ports import Registry
from bot.usecases.check import CheckLine, GroupLine, approvers, check, policy_faults, undeclared
from bot.usecases.names import VersionNames
from bot.usecases.planning_context import SilentRegistry
from bot.usecases.repo import Repo


def run_check(path: Path, *, as_json: bool) -> None:
    """Print it; exit 1 on a fault. Raises Refused where there is no checkout that Git would read."""
    tree = Worktree(path)
    try:
        repo = Repo(tree, VersionNames(_registry(), SystemClock()))
        lines = check(repo, tree.head())
        _tell_json([line.as_json() for line in lines]) if as_json else _tell(repo, tree.head(), lines)
        sys.exit(1 if any(line.faulty for line in lines) else 0)
    except Refused as why:
        if why.reason is not Reason.POLICY_INVALID:
            raise
        _tell_invalid(why, as_json=as_json)
        sys.exit(1)
    finally:
        tree.close()


def _registry() -> Registry:
    """MLflow names the versions of ids where it is configured; a checkout can be read without it."""
    try:
        return registry(os.environ)
    except NotConfigured as why:
        return SilentRegistry(why.message)


def _tell_json(told: Any) -> None:
    typer.echo(json.dumps(told, indent=2))


def _tell_invalid(why: Refused, *, as_json: bool) -> None:
    faults = policy_faults(why)
    if as_json:
        _tell_json({"faults": faults})
        return
    for fault in faults:
        where = f"{fault['file']}:{fault['line']}" if fault["line"] else fault["file"]
        typer.echo(printable(": ".join(part for part in (where, fault["key"], fault["message"]) if part)))
    typer.echo(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'} in the policy", err=True)


def _tell(repo: Repo, base: str, lines: tuple[CheckLine, ...]) -> None:
    policy = repo.policy(base)
    for line in shown(lines):
        typer.echo(line)
    for name in undeclared(policy, lines):
        typer.echo(f"{printable(name)} has no target in any environment")
    for text in groups(approvers(policy, directory(os.environ))):
        typer.echo(text)
    faults = sum(line.faulty for line in lines)
    typer.echo(f"{len(lines)} targets, {faults or 'no'} {'fault' if faults == 1 else 'faults'}", err=bool(faults))


def shown(lines: tuple[CheckLine, ...]) -> Iterator[str]:
    """A table of the versions, then what is wrong."""
    head = ("MODEL", "ENVIRONMENT", "VERSION", "STATE", "WHERE")
    rows = [(one.model, one.environment, _version(one), one.state, _where(one)) for one in lines]
    yield from table([head, *rows])
    yield from (
        printable(f"{_where(one)}: {one.model} in {one.environment}: {one.message}") for one in lines if one.message
    )


def _version(line: CheckLine) -> str:
    """The version, else the id that stands for it, else what is written there."""
    if line.version is not None:
        return line.version
    ids = (("model", line.variables.get("model_id")), ("run", line.variables.get("run_id")))
    words = next((f"{word} {value}" for word, value in ids if value), None)
    return words if words and not line.faulty else line.raw or "–"


def _where(line: CheckLine) -> str:
    return f"{line.file}:{line.line}" if line.line else line.file


def groups(found: Iterator[GroupLine]) -> Iterator[str]:
    """Whom the approver groups resolve to."""
    for one in found:
        who = one.note if one.members is None else ", ".join(one.members) or "nobody"
        yield printable(f"approvers of {one.environment}: {one.reference}{f': {who}' if one.group else ''}")
