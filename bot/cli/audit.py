"""`slackops audit`: the subcommands. What they need is imported when one of them runs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

app = typer.Typer(name="audit", help="What was decided and done: proven, written out, reported.", no_args_is_help=True)

Change = Annotated[
    str | None, typer.Option("--change", metavar="ID|#N", help="One change's whole story, as one JSON document.")
]
Moment = "A day (2026-11-01), a moment (2026-11-01T09:00+01:00), or how long ago (30d)."


@app.command()
def verify() -> None:
    """Follow the whole chain, against every head in slackops-state. Exit 1 when anything is wrong or unreadable."""
    from bot.cli.auditing import run_verify

    run_verify()


@app.command()
def export(
    change: Change = None,
    after: Annotated[int, typer.Option(metavar="SEQ", help="Only the rows after this one.", min=0)] = 0,
) -> None:
    """Every row as JSON Lines, the oldest first."""
    from bot.cli.auditing import run_export

    run_export(change, after)


@app.command()
def report(
    model: Annotated[str | None, typer.Option(metavar="MODEL", help="Only this model.")] = None,
    version: Annotated[str | None, typer.Option(metavar="VERSION", help="Only where it came or went.")] = None,
    environment: Annotated[str | None, typer.Option("--env", metavar="ENV", help="Only this environment.")] = None,
    since: Annotated[str | None, typer.Option(metavar="TIME", help=Moment)] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help=f"{Moment} A day is included.")] = None,
    form: Annotated[Literal["md", "csv"], typer.Option("--format", help="Markdown or CSV.")] = "md",
) -> None:
    """Every version change on the default branch: by whom, on what evidence; those outside SlackOps included."""
    from bot.cli.auditing import Asked, run_report

    run_report(Asked(model, version, environment, since, until, form))
