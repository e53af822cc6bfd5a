"""The commands of freezes and bans, each to its use case; and what the answer to one is headed with."""

from __future__ import annotations

from bot.domain.commands import Ban, Freeze, ListStops, Unban, Unfreeze
from bot.ports import Row
from bot.usecases.banning import ban, unban
from bot.usecases.context import Context
from bot.usecases.freezing import freeze, list_stops, unfreeze
from bot.usecases.repo import Repo

StopCommand = Freeze | Unfreeze | Ban | Unban | ListStops


def carry_out_stop(ctx: Context, repo: Repo, row: Row, command: StopCommand) -> None:
    """Carry out the command. Raises Refused for a no."""
    match command:
        case Freeze():
            freeze(ctx, repo, row, command)
        case Unfreeze():
            unfreeze(ctx, repo, row, command)
        case Ban():
            ban(ctx, repo, row, command)
        case Unban():
            unban(ctx, repo, row, command)
        case ListStops():
            list_stops(ctx, command)


def stop_title(command: StopCommand) -> str:
    """`Not frozen: fraud-detector in production`, for a refusal."""
    match command:
        case Freeze(environment=environment, model=model) | Unfreeze(environment=environment, model=model):
            place = f"{model} in {environment}" if model else environment
            return f"{'Not frozen' if isinstance(command, Freeze) else 'Freeze not lifted'}: {place}"
        case Ban(model=model, version=version, alias=alias) | Unban(model=model, version=version, alias=alias):
            what = f"{model} {version or f'@{alias}'}"
            return f"{'Not banned' if isinstance(command, Ban) else 'Ban not lifted'}: {what}"
        case ListStops(what=what):
            return what.capitalize()
