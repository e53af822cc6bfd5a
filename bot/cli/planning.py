"""`slackops plan`: a plan made and printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.worktree import Worktree
from bot.cli.services import NotConfigured, directory, registry
from bot.cli.tables import printable, table
from bot.domain.change import Scalar
from bot.errors import Reason, Refused
from bot.ports import Registry
from bot.usecases.planned import Outcome, refused
from bot.usecases.planning import Planner


def run_plan(
    path: Path,
    ask: Callable[[Planner], Outcome],
    *,
    to: str = "",
    offline: bool,
    needs_registry: bool = False,
    given: Mapping[str, str] | None = None,
    as_json: bool,
) -> None:
    """Print the outcome; exit 0 when it would be proposed, 1 when it would be refused."""
    try:
        outcome = _plan(path, ask, None if offline else _registry(needs_registry), given or {})
    except Refused as why:
        outcome = refused(why, to)
    if as_json:
        typer.echo(json.dumps(outcome.as_json(), indent=2))
    else:
        typer.echo("\n".join(lines(outcome)))
    sys.exit(0 if outcome.proposed else 1)


def _plan(path: Path, ask: Callable[[Planner], Outcome], asked: Registry | None, given: Mapping[str, str]) -> Outcome:
    tree = Worktree(path)
    try:
        outcome = ask(Planner(tree, asked, SystemClock(), given, directory(os.environ) if asked else None))
        if outcome.reason == Reason.NO_EARLIER_VERSION and tree.shallow:
            return replace(outcome, unblock="This clone has only the last commits: `git fetch --unshallow` first.")
        return outcome
    finally:
        tree.close()


def _registry(needed: bool) -> Registry | None:
    """MLflow; None where it is not configured and need not be. Raises Refused that names `--offline`."""
    try:
        return registry(os.environ)
    except NotConfigured as why:
        if needed:
            message = f"The registry is not configured: {why.message}."
            raise Refused(Reason.REGISTRY_UNAVAILABLE, message, "Set it, or plan with --offline.") from None
        return None


def lines(outcome: Outcome) -> Iterator[str]:
    """For people: the decision, what would change, and what it would wait for."""
    yield _text(outcome.message + (f" [{outcome.reason}]" if outcome.reason else ""))
    if outcome.unblock:
        yield _text(outcome.unblock)
    if outcome.edits:
        yield ""
        yield from (_text(f"{e.file}:{e.line}: {_value(e.old)} → {_value(e.new)}") for e in outcome.edits)
    if outcome.diff:
        yield f"\n{_text(outcome.diff.rstrip())}"
    if outcome.gates:
        rows = [(g.name, g.state.value, g.observed, g.required) for g in outcome.gates]
        yield from ("", *table([("GATE", "STATE", "OBSERVED", "REQUIRED"), *rows]))
    if outcome.required:
        yield f"\nApprovals: {outcome.required} from {_text(', '.join(outcome.eligible)) or 'anyone who may write'}"
    yield from (_text(want) for want in outcome.wants)


def _value(scalar: Scalar) -> str:
    if scalar.type == "absent":
        return "(nothing)"
    return f"({scalar.text.count(chr(10)) + 1} lines)" if scalar.type == "block" else scalar.text


def _text(text: str) -> str:
    """Untrusted text of several lines."""
    return "\n".join(printable(line) for line in text.split("\n"))
