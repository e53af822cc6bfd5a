"""`slackops rollback MODEL ENV` where the environment has regions: every region by a change of its own, one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cli.answers import WITHOUT, Answer, answer_of
from bot.cli.carrying import Carrier
from bot.cli.terminal import Terminal
from bot.domain.cards import Refusal
from bot.domain.change import Change
from bot.domain.commands import Rollback
from bot.errors import Refused
from bot.ports import Row
from bot.usecases.dispatch import Dispatcher

Follow = Callable[[Change, Answer], Answer]
"""Sees to one change until it waits for somebody; where it stands then."""


def regions_of(usual: Dispatcher, command: Rollback) -> tuple[str, ...]:
    """The environments that the command names by what they are regions of; none where it names one itself."""
    try:
        policy = usual.repo.policy(usual.ctx.checkout.head())
    except Refused:
        return ()
    if not policy.is_fanned(command.environment):
        return ()
    return tuple(stage.name for stage in policy.stages(command.environment))


def go_back_in_each(
    carrier: Carrier,
    usual: Dispatcher,
    terminal: Terminal,
    row: Row,
    names: tuple[str, ...],
    until: float,
    follow: Follow,
) -> Answer:
    """Carry out what the row put for each region, unless a bot beside it does, and follow what comes of it."""
    carrier.carry_on(row, until)
    changes = [change for name in names if (change := _change(usual, row, name))]
    answers = [follow(change, answer_of(terminal, change)) for change in changes]
    refused = any(isinstance(told, Refusal) for told in terminal.told)
    if refused or not answers:
        return answer_of(terminal, None)
    shown = next((one for one in answers if one.state in WITHOUT), answers[0])
    return replace(shown, message=" ".join(one.message for one in answers))


def _change(usual: Dispatcher, row: Row, environment: str) -> Change | None:
    """The change of a region, whoever carried its row out; one that was merged at once is open no more."""
    assert isinstance(row.command, Rollback)
    changes, model = usual.ctx.changes, row.command.model
    merged = (one for one in changes.merged_for(model, environment, 1) if one.created_at >= row.created_at)
    found = changes.open_for(model, environment) or next(merged, None)
    return found if found is not None and found.number is not None else None
