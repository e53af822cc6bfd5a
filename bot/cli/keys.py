"""`slackops keys rotate`: stored tokens sealed again with the first key."""

from __future__ import annotations

import os

import typer

app = typer.Typer(name="keys", help="The keys that stored tokens are sealed with.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The keys that stored tokens are sealed with."""


@app.command("rotate")
def rotate() -> None:
    """Seal stored tokens again with the first of SLACKOPS_ENCRYPTION_KEYS. May be stopped, and run again."""
    from bot.bootstrap import open_store
    from bot.errors import Reason, Refused
    from bot.settings import load_settings

    store = open_store(load_settings(os.environ))
    try:
        done, lost = store.tokens.rotate()
    finally:
        store.database.close()
    typer.echo(f"{done} sealed with the first key.")
    if lost:
        unblock = "Put the key back that sealed them and run this again; otherwise those people link again."
        raise Refused(Reason.NOT_LINKED, f"{lost} cannot be opened with any of the keys.", unblock)
    typer.echo("The other keys are needed no more.")
