"""`slackops gate`: the gates of a checkout's policy, judged and told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.worktree import Worktree
from bot.adapters.worktree_staged import StagedTree
from bot.cli.gate_report import as_json, junit, lines, refusal_json
from bot.cli.metrics_file import read_metrics
from bot.cli.services import NotConfigured, directory, gate_calls, registry
from bot.cli.tables import printable
from bot.domain.facts import Check
from bot.errors import Reason, Refused, SlackOpsError
from bot.ports import Registry
from bot.usecases.gating_cli import NEW, Gated, GateRun, Given

FAILED, WRONG = 1, 2


@dataclass(frozen=True)
class Asked:
    """The arguments. Either ``model``, ``version`` and ``environment``, or ``changed`` (a commit) or ``staged``."""

    repo: Path
    model: str | None = None
    version: str | None = None
    environment: str | None = None
    changed: str | None = None
    staged: bool = False
    metrics: Path | None = None
    checks: str = "none"
    given: dict[str, str] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        """Whether it is about every target that moved."""
        return self.changed is not None or self.staged


def run_gate(asked: Asked, *, json_: bool, report: Path | None) -> None:
    """Print what the gates say. Exit 0 when none holds it up, 1 when one does or it is refused, 2 on wrong usage."""
    _require_sense(asked)
    try:
        found = _judge(asked)
    except Refused as why:
        _tell_refusal(why, json_=json_)
        sys.exit(WRONG if why.reason is Reason.BAD_USAGE else FAILED)
    typer.echo(json.dumps(as_json(found, many=asked.many), indent=2) if json_ else "\n".join(lines(found)))
    if report is not None:
        _write(report, junit(found))
    sys.exit(0 if all(one.passed for one in found) else FAILED)


def _write(report: Path, body: bytes) -> None:
    try:
        report.write_bytes(body)
    except OSError as why:
        typer.echo(printable(f"The report cannot be written: {why}"), err=True)
        sys.exit(WRONG)


def _require_sense(asked: Asked) -> None:
    """Raises typer.UsageError for arguments that do not go together."""
    named = [asked.model, asked.version, asked.environment]
    if asked.many and any(named):
        raise typer.BadParameter("MODEL VERSION ENV and --changed or --staged exclude each other")
    if not asked.many and not all(named):
        raise typer.BadParameter("name MODEL VERSION ENV, or ask for --changed BASE or --staged")
    if asked.metrics is not None and asked.version != NEW:
        raise typer.BadParameter(f"what is judged by its metrics alone is not registered: VERSION is {NEW!r}")
    if asked.metrics is None and asked.version == NEW:
        raise typer.BadParameter(f"VERSION {NEW!r} is not registered: name its metrics by --metrics FILE")


def _judge(asked: Asked) -> Sequence[Gated]:
    metrics = read_metrics(asked.metrics) if asked.metrics else None
    named = not asked.many and metrics is None
    known, ports = _registry(needed=named), _ports()
    tree = StagedTree(asked.repo) if asked.staged else Worktree(asked.repo)
    try:
        run = GateRun(tree, known, SystemClock(), Given(asked.given, metrics, _checks(asked.checks, ports), ports))
        if not asked.many:
            return [run.one(asked.model or "", asked.version or "", asked.environment or "")]
        return list(run.moved(_base(tree, asked)))
    finally:
        tree.close()


def _base(tree: Worktree, asked: Asked) -> str | None:
    """The commit to compare with. None only where the index is the first commit of all. Raises Refused."""
    name = asked.changed or "HEAD"
    found = tree.named(name)
    if found is None and asked.changed is not None:
        raise Refused(Reason.BAD_USAGE, f"{name!r} is no commit of this checkout.", "Fetch it first: `git fetch`.")
    return found


def _registry(*, needed: bool) -> Registry | None:
    """MLflow; None where it is not configured and need not be: what only it knows is unknown then."""
    try:
        return registry(os.environ)
    except NotConfigured as why:
        if needed:
            raise Refused(
                Reason.REGISTRY_UNAVAILABLE, f"The registry is not configured: {why.message}.", "Set it."
            ) from None
        typer.echo(printable(f"What the registry would tell is unknown: {why.message}."), err=True)
        return None


def _ports() -> dict[str, Any]:
    """What gates may ask besides the registry, as far as the environment configures it."""
    forge = directory(os.environ).forge
    return {"gate_calls": gate_calls(os.environ), **({"forge": forge} if forge is not None else {})}


def _checks(sha: str, ports: dict[str, Any]) -> tuple[Check, ...] | str | None:
    if sha == "none":
        return None
    if "forge" not in ports:
        missing = directory(os.environ).missing.get("github", "no forge is configured")
        raise Refused(
            Reason.BAD_USAGE, f"The checks of {sha!r} cannot be read: {missing}.", "Set it, or --checks none."
        )
    look: Callable[[str], Sequence[Check]] = ports["forge"].checks
    try:
        return tuple(look(sha))
    except SlackOpsError as why:  # unknown is not none: a gate that allows none must not let it pass
        return f"the checks cannot be read: {why}"


def _tell_refusal(why: Refused, *, json_: bool) -> None:
    if json_:
        typer.echo(json.dumps(refusal_json(why), indent=2))
        return
    typer.echo(printable(f"{why.message} [{why.reason}]"), err=True)
    if why.unblock:
        typer.echo(printable(why.unblock), err=True)
