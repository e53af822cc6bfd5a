"""`slackops gate`: its arguments. What it needs is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import plan

Changed = Annotated[
    str | None, typer.Option("--changed", metavar="BASE", help="Every target whose version moved since this commit.")
]
Staged = Annotated[
    bool, typer.Option("--staged", help="What is staged, not what is on disk; without --changed: against HEAD.")
]
Metrics = Annotated[
    Path | None,
    typer.Option("--metrics", metavar="FILE", help="JSON, of what is not registered.", exists=True, dir_okay=False),
]


def gate(  # noqa: PLR0913, PLR0917  (one line an option)
    model: Annotated[str | None, typer.Argument(metavar="[MODEL]", help="The model's name in the policy.")] = None,
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION|@ALIAS]", help="A version; v42 is 42; `new` with --metrics.")
    ] = None,
    environment: Annotated[str | None, typer.Argument(metavar="[ENV]", help="An environment, or its alias.")] = None,
    repo: plan.Repo = Path(),
    changed: Changed = None,
    staged: Staged = False,
    metrics: Metrics = None,
    checks: Annotated[str, typer.Option("--checks", metavar="none|SHA", help="Whose commit checks count.")] = "none",
    given: plan.Given = None,
    json: plan.Json = False,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit report there.", metavar="FILE")] = None,
) -> None:
    """The quality gates, for CI: a version against what the checkout pins. Exit 1 when one fails or is unknown."""
    from bot.cli.gating import Asked, run_gate

    known = plan.variables(given or [])
    asked = Asked(repo, model, version, environment, changed, staged, metrics, checks, known)
    run_gate(asked, json_=json, report=junit)
