"""`slackops drift`: the subcommands. What they need is imported when one of them runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    name="drift", help="What monitors say of models in use: handed in, or measured.", no_args_is_help=True
)

Source = Annotated[
    Literal["evidently", "nannyml", "whylogs", "json"] | None,
    typer.Option("--source", help="The tool that wrote it; without it the report's shape tells."),
]


@app.callback()
def drift() -> None:
    """What monitors say of models in use: handed in, or measured."""


@app.command("push")
def push(  # noqa: PLR0913, PLR0917  (one line an option)
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The report, JSON; - reads standard input.")],
    source: Source = None,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="Its name in the policy.")] = None,
    environment: Annotated[
        str | None, typer.Option("--environment", "--env", metavar="ENV", help="An environment, or its alias.")
    ] = None,
    monitor: Annotated[
        str | None, typer.Option("--monitor", metavar="NAME", help="Which of several monitors of the model.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When the data ended: 2026-01-05T10:00:00Z; else now.")
    ] = None,
    share: Annotated[
        str | None, typer.Option("--share", metavar="0..1", help="Of the features, from which the model drifts.")
    ] = None,
    threshold: Annotated[
        str | None, typer.Option("--threshold", metavar="NUMBER", help="A limit for figures that come without one.")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Where the bot is; else PUBLIC_URL, or its database.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Hand in a monitor's report, as `POST /webhooks/drift` does. Exit 0 when it is taken, 1 when it is refused."""
    from bot.cli.drift_push import Asked, run_push

    said = {"source": source, "model": model, "environment": environment, "monitor": monitor, "at": at}
    said |= {"share": share, "threshold": threshold}
    run_push(Asked(file, {name: value for name, value in said.items() if value is not None}, url), as_json=json)


@app.command("run")
def run(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Runs of the policy; all of them without one.")
    ] = None,
    repo: Annotated[
        Path, typer.Option("--repo", help="A checkout.", exists=True, file_okay=False, metavar="PATH")
    ] = Path(),
    reference: Annotated[
        str | None, typer.Option("--reference", metavar="FILE", help="Parquet or CSV, in the place of a policy.")
    ] = None,
    current: Annotated[
        str | None, typer.Option("--current", metavar="FILE", help="What is compared with --reference.")
    ] = None,
    method: Annotated[
        Literal["auto", "psi", "ks", "jensenshannon", "wasserstein", "chi_square"],
        typer.Option("--method", help="With --reference: how features are compared that it fits."),
    ] = "auto",
    push: Annotated[bool, typer.Option("--push", help="Hand in what was found, as `drift push` does.")] = False,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Where the bot is; else PUBLIC_URL, or its database.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Measure what the policy declares: current data against its reference. Exit 1 when it drifts, 2 on wrong usage."""
    from bot.cli.drift_run import Asked, run_drift

    run_drift(Asked(tuple(names or ()), repo, push, url, reference, current, method), json_=json)
