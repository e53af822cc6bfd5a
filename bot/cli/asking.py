"""A command of the chat, asked for on the command line: the same use case, carried out in this process."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog
import typer
from ulid import ULID

from bot.bootstrap import Store, build_chat, build_context, open_store
from bot.cli.answers import Answer, answer_of, kept, tell
from bot.cli.asker import asker_of
from bot.cli.carrying import Carrier
from bot.cli.following import WAITS, Follower
from bot.cli.regions import go_back_in_each, regions_of
from bot.cli.terminal import Standby, Terminal
from bot.cli.words import lines_of
from bot.domain.cards import Message
from bot.domain.change import Change
from bot.domain.commands import Promote, Rollback
from bot.domain.people import Person
from bot.errors import Reason, Refused, SlackOpsError
from bot.ports import Row
from bot.ports.inbox import TYPED
from bot.settings import Settings, load_settings
from bot.usecases.context import Context
from bot.usecases.dispatch import Dispatcher
from bot.usecases.progress import progress_of

Command = Promote | Rollback
SLACK_SECONDS = 3.0
"""How long one call to Slack may take here: somebody waits at the terminal."""
ANSWER_SECONDS = 10.0
"""How long a command is tried without `--wait` before it is left to the bot."""
TURN_SECONDS = 5.0
"""How much longer than a lease others are waited for: by then what a process left behind when it died is taken over."""
INTERRUPTED = (
    "Interrupted, not taken back: it is saved, and a running bot goes on with it. "
    "`slackops status` shows what is open; close the pull request to give it up."
)


@dataclass(frozen=True)
class How:
    """``by``: who asks; ``wait``: until it is merged; ``as_json``: one object instead of lines."""

    by: str | None
    wait: bool
    as_json: bool


def run(command: Callable[[Person], Command], how: How) -> None:
    """Carry out what ``command`` makes for whoever asks, print the answer, exit. Raises Refused for a no to a person,
    StoreUnavailable, SettingsInvalid."""
    try:
        command(Person(team="", user=""))  # what is written wrongly is said before anything is opened
        answer = _open(command, how)
    except SlackOpsError as why:
        if not how.as_json:
            raise
        answer = Answer.refused(why) if isinstance(why, Refused) else Answer.failed(why)
    sys.exit(tell(answer, as_json=how.as_json))


def _open(command: Callable[[Person], Command], how: How) -> Answer:
    settings = load_settings(os.environ)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), cache_logger_on_first_use=False)
    logging.disable(logging.ERROR)  # what matters is said in the answer
    store = open_store(settings)
    try:
        return _ask(settings, store, command(asker_of(store.links, how.by)), how)
    finally:
        store.database.close()


def _ask(settings: Settings, store: Store, command: Command, how: How) -> Answer:
    standby = Standby(build_chat(settings, SLACK_SECONDS), command.by.team)
    terminal = Terminal(standby, command.by, (lambda _: None) if how.as_json else _show)
    asked = build_context(settings, store, terminal)
    usual = Dispatcher(replace(asked, chat=standby))
    owner, lease = f"{socket.gethostname()}:{os.getpid()}", settings.slackops_lease_seconds
    carrier = Carrier(store.inbox, Dispatcher(asked), usual, owner, lease)
    row: Row | None = None
    try:
        key, until = f"{TYPED}{ULID()}", time.monotonic() + lease + TURN_SECONDS
        row = carrier.begin(key, command, until)
        return _carry_out(carrier, usual, terminal, row, command, how)
    except KeyboardInterrupt:
        if row is not None:
            typer.echo(INTERRUPTED, err=True)
        raise
    finally:
        carrier.close()


def _carry_out(
    carrier: Carrier, usual: Dispatcher, terminal: Terminal, row: Row | None, command: Command, how: How
) -> Answer:
    if row is None:
        raise Refused(
            Reason.BUSY,
            f"Another command about {command.model} is being carried out. Nothing was written.",
            "Try again in a moment; `slackops status` shows what is open.",
        )
    until = time.monotonic() + (WAITS if how.wait else ANSWER_SECONDS)
    left = carrier.see_through(row, until)
    regions = regions_of(usual, command) if isinstance(command, Rollback) and left is None else ()
    if regions:
        key = row.key

        def follow(one: Change, so_far: Answer) -> Answer:
            return _follow(carrier, usual, one, so_far, how, f"{key}:{one.id}")

        return go_back_in_each(carrier, usual, terminal, row, regions, until, follow)
    change = _change(usual.ctx, row.id, terminal)
    if left is not None and (change is None or change.number is None):
        return kept(left, change)
    answer = answer_of(terminal, change)
    if change is None or change.number is None or answer.decision != "propose":
        return answer
    return _follow(carrier, usual, change, answer, how, row.key)


def _change(ctx: Context, row_id: str, terminal: Terminal) -> Change | None:
    """The change that came of it: a new one has the row's id; one that was joined is named by what was said."""
    return ctx.changes.get(row_id) or next((one for one in ctx.changes.all_open() if one.url in terminal.urls), None)


def _follow(carrier: Carrier, usual: Dispatcher, change: Change, answer: Answer, how: How, key: str) -> Answer:
    say = (lambda _: None) if how.as_json else typer.echo
    follower = Follower(carrier.look, lambda: progress_of(usual.ctx, usual.repo, change.id), say)
    seen = follower.follow(key, change.number or 0, wait=how.wait)
    return answer.after(seen, usual.ctx.changes.get(change.id) or change)


def _show(message: Message) -> None:
    for line in lines_of(message):
        typer.echo(line)
