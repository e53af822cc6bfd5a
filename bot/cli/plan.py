"""`slackops plan`: the subcommands. What they need is imported when one of them runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="plan",
    help="What a command would do. Nothing is written. Exit 0 when it would be proposed, 1 when it would be refused.",
    no_args_is_help=True,
)

Model = Annotated[str, typer.Argument(metavar="MODEL", help="The model's name in the policy.")]
Stage = Annotated[str, typer.Argument(metavar="ENV", help="An environment of the policy, or its alias.")]
Repo = Annotated[Path, typer.Option("--repo", help="A checkout.", exists=True, file_okay=False, metavar="PATH")]
Offline = Annotated[bool, typer.Option("--offline", help="Ask nobody: only the checkout and Git are read.")]
Given = Annotated[
    list[str] | None, typer.Option("--set", help="A variable of the target's templates.", metavar="NAME=VALUE")
]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@app.command()
def promote(
    model: Model,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="A version, or @ALIAS.")],
    environment: Annotated[str | None, typer.Argument(metavar="[ENV]", help="An environment.")] = None,
    repo: Repo = Path(),
    offline: Offline = False,
    given: Given = None,
    json: Json = False,
) -> None:
    """Promote a version. `v42` is 42, unless --offline and the version that stands there now is no plain number."""
    from bot.cli.planning import run_plan

    known = variables(given or [])
    run_plan(
        repo,
        lambda planner: planner.promote(model, version, environment),
        to=version,
        offline=offline,
        needs_registry=True,
        given=known,
        as_json=json,
    )


@app.command()
def rollback(
    model: Model,
    environment: Stage,
    to: Annotated[str | None, typer.Option("--to", help="A version that it had.", metavar="VERSION")] = None,
    repo: Repo = Path(),
    offline: Offline = False,
    json: Json = False,
) -> None:
    """Go back to the version before, or to the one named. The registry need not answer."""
    from bot.cli.planning import run_plan

    run_plan(repo, lambda planner: planner.rollback(model, environment, to), to=to or "", offline=offline, as_json=json)


@app.command()
def unpin(model: Model, environment: Stage, repo: Repo = Path(), offline: Offline = False, json: Json = False) -> None:
    """Take the environment's own pin out, so that it inherits again."""
    from bot.cli.planning import run_plan

    run_plan(
        repo, lambda planner: planner.unpin(model, environment), offline=offline, needs_registry=True, as_json=json
    )


def variables(given: list[str]) -> dict[str, str]:
    """`NAME=VALUE`, each name once. Raises typer.BadParameter."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
        if name in ("version", "model", "environment"):
            raise typer.BadParameter(f"{name} is an argument of the command", param_hint="--set")
        if name in found:
            raise typer.BadParameter(f"{name} is given twice", param_hint="--set")
        found[name] = value
    return found
