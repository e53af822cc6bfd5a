"""The `slackops` command. Each subcommand is a module of its own, imported when it is used."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import audit, drift, gate, keys, plan
from bot.errors import Refused, SlackOpsError

app = typer.Typer(
    name="slackops",
    help="Promote, approve, watch and take back machine-learning models from Slack, by GitOps.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Port = Annotated[int, typer.Option(help="The page's port on 127.0.0.1.", min=1, max=65535)]
Socket = Annotated[bool, typer.Option("--socket", help="Use Socket Mode: no inbound traffic from Slack is needed.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="The model's name in the policy.")]
Plan = Annotated[bool, typer.Option("--plan", help="Only tell what would happen.")]
Why = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Stands on the card and the pull request.")]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="LOGIN", envvar="SLACKOPS_BY", help="Who asks: a linked account's GitHub login."),
]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Until it is merged or closed, for 15 minutes at most.")]


@app.command()
def demo(
    port: Port = 3000,
    reset: Annotated[bool, typer.Option("--reset", help="Start over with a fresh sandbox.")] = False,
) -> None:
    """The whole bot on the embedded default, with a browser page to drive it."""
    from bot.cli.demo import run_demo

    run_demo(port, reset=reset)


@app.command()
def run(socket: Socket = False) -> None:
    """Web, worker and clock in one process."""
    from bot.cli.serve import serve

    serve(web=True, worker=True, socket=socket)


@app.command()
def web() -> None:
    """Only what answers HTTP: Slack and webhooks."""
    from bot.cli.serve import serve

    serve(web=True, worker=False, socket=False)


@app.command()
def worker(socket: Socket = False) -> None:
    """Only what works off the inbox, and the clock."""
    from bot.cli.serve import serve

    serve(web=False, worker=True, socket=socket)


@app.command()
def status(model: Annotated[str | None, typer.Argument(help="Only this model.")] = None, json: Json = False) -> None:
    """Versions in each environment, open changes, dead letters."""
    from bot.cli.status import show_status

    show_status(model, as_json=json)


@app.command()
def promote(  # noqa: PLR0913, PLR0917  (one line an option)
    model: Model,
    version: Annotated[str, typer.Argument(metavar="VERSION|@ALIAS", help="A version; v42 is 42.")],
    environment: Annotated[str | None, typer.Argument(metavar="[ENV]", help="An environment, or its alias.")] = None,
    plan: Plan = False,
    waive: Annotated[
        list[str] | None, typer.Option("--waive", metavar="GATE", help="A gate to waive with it; needs --reason.")
    ] = None,
    reason: Why = None,
    by: By = None,
    wait: Wait = False,
    json: Json = False,
) -> None:
    """Propose a version, as `/promote` does; Slack need not answer. Exit 0 when it is proposed, 1 when refused."""
    from bot.cli.asking import How
    from bot.cli.moves import run_promote

    how = How(by, wait, json)
    run_promote(model, version, environment, how, plan=plan, reason=reason, waive=waive or ())


@app.command()
def rollback(  # noqa: PLR0913, PLR0917  (one line an option)
    model: Model,
    environment: Annotated[str, typer.Argument(metavar="ENV", help="An environment, or its alias.")],
    to: Annotated[str | None, typer.Option("--to", metavar="VERSION", help="A version that it had.")] = None,
    glass: Annotated[bool, typer.Option("--break-glass", help="Merge with no approval; needs --reason.")] = False,
    plan: Plan = False,
    reason: Why = None,
    by: By = None,
    wait: Wait = False,
    json: Json = False,
) -> None:
    """Propose to go back, as `/rollback` does; Slack and the registry need not answer. Exit 0 when it is proposed."""
    from bot.cli.asking import How
    from bot.cli.moves import run_rollback

    run_rollback(model, environment, to, How(by, wait, json), plan=plan, reason=reason, glass=glass)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="A checkout of the deployment repo.", exists=True, file_okay=False)],
    json: Json = False,
) -> None:
    """Policy and targets of a checkout: the version of every model in every environment. Exit 1 on a fault."""
    from bot.cli.check import run_check

    run_check(path, as_json=json)


app.add_typer(plan.app)
app.command("gate")(gate.gate)
app.add_typer(audit.app)
app.add_typer(keys.app)
app.add_typer(drift.app)


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="A checkout of the deployment repo.", exists=True, file_okay=False)],
    models: Annotated[
        str | None, typer.Option(help="Only these models, by their names in the registry: NAME[,NAME].")
    ] = None,
    registry: Annotated[bool, typer.Option("--registry", help="Only the models that MLflow knows.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a policy that is there.")] = False,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the policy instead of writing it.")] = False,
) -> None:
    """Find what declares which model's version in a checkout, and propose a policy: .slackops.yaml."""
    from bot.cli.init import Asked, run_init

    run_init(Asked(path, models, registry, force, stdout))


@app.command("slack-manifest")
def slack_manifest(
    url: Annotated[str | None, typer.Option(help="Where Slack reaches the bot; else PUBLIC_URL.")] = None,
    socket: Socket = False,
    prefix: Annotated[
        str | None, typer.Option(help="The prefix of the slash commands, such as ml-; else SLACKOPS_COMMAND_PREFIX.")
    ] = None,
) -> None:
    """The Slack app's manifest, ready to paste."""
    from bot.cli.manifests import print_slack_manifest

    print_slack_manifest(url, socket=socket, prefix=prefix)


@app.command("github-manifest")
def github_manifest(
    url: Annotated[str | None, typer.Option(help="Where GitHub reaches the bot; else PUBLIC_URL.")] = None,
    polling: Annotated[bool, typer.Option("--polling", help="Nothing reaches the bot: ask for no webhooks.")] = False,
    extras: Annotated[
        list[str] | None, typer.Option("--with", help="actions, deployments, protection or queue.", metavar="NAME")
    ] = None,
    name: Annotated[str, typer.Option(help="The App's name, which GitHub wants to be its only one.")] = "SlackOps",
) -> None:
    """The GitHub App's manifest: each permission's why is in docs/permissions.md."""
    from bot.cli.manifests import print_github_manifest

    print_github_manifest(url, extras or [], polling=polling, name=name)


@app.command("test")
def test_policy(
    path: Annotated[Path, typer.Argument(help="A checkout of the deployment repo.", exists=True, file_okay=False)],
    json: Json = False,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit report there.", metavar="FILE")] = None,
) -> None:
    """The policy's own tests: .slackops/tests/*.yaml. Exit 1 when one fails, 2 on wrong usage."""
    from bot.cli.policy_tests import run_policy_tests

    run_policy_tests(path, as_json=json, junit=junit)


@app.command()
def doctor(json: Json = False) -> None:
    """Tokens, scopes, channels, webhooks, branch rules, store, registry, policy: what is wrong, and the fix."""
    from bot.cli.doctor import run_doctor

    run_doctor(as_json=json)


def main() -> None:
    """Entry point. Exit 1 on a refusal or a fault, 2 on wrong usage; never a stack trace for what a user can mend."""
    try:
        app(prog_name="slackops")
    except Refused as why:
        typer.echo(f"{why.message} [{why.reason}]", err=True)
        if why.unblock:
            typer.echo(why.unblock, err=True)
        sys.exit(1)
    except SlackOpsError as why:
        typer.echo(str(why), err=True)
        sys.exit(1)
    except OSError as why:
        if why.filename is None:
            raise
        typer.echo(f"{why.filename}: {why.strerror}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
