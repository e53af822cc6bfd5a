"""`/slackops freeze`, `unfreeze` and `freezes`."""

from __future__ import annotations

from bot.domain.commands import Freeze, ListStops, Unfreeze
from bot.domain.policy import Policy
from bot.domain.state_files import FREEZES, format_freezes, parse_freezes
from bot.domain.stop_cards import StopLine, StopList, StopNews
from bot.domain.stop_edits import with_freeze, without_freeze
from bot.domain.stops import Frozen, holding, moment
from bot.domain.until import end_of
from bot.errors import Refused
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.state_branch import commit_state, read_stops
from bot.usecases.stopping import account, announce, commit_text, declared, look_again, note_stop, opened, whole
from bot.usecases.stops import places, whole_of
from bot.usecases.tell import answer

EFFECT = "Changes may be proposed and approved, and merge by themselves when it ends."


def freeze(ctx: Context, repo: Repo, row: Row, command: Freeze) -> None:
    """Carry out the command. A freeze of the same place is replaced: so its end is moved."""
    base, policy = opened(ctx, repo, command, "freeze")
    environment = place_of(policy, command.environment)
    if command.model:
        declared(repo, base, command.model)
    until = end_of(command.until, row.created_at) if command.until else None
    login = account(ctx, command)
    new = Frozen(environment, command.model, command.by, row.created_at, row.id, until, command.reason, login)
    end = f" until {moment(until)}" if until is not None else ""
    text = commit_text(f"Freeze {new.place}{end}", login or str(command.by), command.reason)

    def edit(old: bytes | None) -> bytes:
        return format_freezes(with_freeze(whole(parse_freezes, old), new))

    commit_state(ctx, row, FREEZES, edit, text)
    note_stop(ctx, row, command, "frozen", environment=environment, evidence={"until": until})
    look_again(ctx, row, lambda change: command.model in (None, change.intent.model))
    lift = f"/slackops unfreeze {_typed(new)}"
    news = StopNews(f"Frozen: {new.place}", command.by, command.reason, until, EFFECT, lift)
    announce(ctx, row, command, _channels(policy, environment), news)


def unfreeze(ctx: Context, repo: Repo, row: Row, command: Unfreeze) -> None:
    """Carry out the command. What waited for it is looked at again."""
    _, policy = opened(ctx, repo, command, "freeze")
    environment = _written(ctx, policy, command)
    place = f"{command.model} in {environment}" if command.model else environment
    text = commit_text(f"Unfreeze {place}", account(ctx, command) or str(command.by), command.reason)

    def edit(old: bytes | None) -> bytes:
        return format_freezes(without_freeze(whole(parse_freezes, old), environment, command.model, row.created_at))

    commit_state(ctx, row, FREEZES, edit, text)
    note_stop(ctx, row, command, "unfrozen", environment=environment)
    look_again(ctx, row, lambda change: command.model in (None, change.intent.model))
    news = StopNews(f"Not frozen any more: {place}", command.by, command.reason, None, "What waited for it goes on.")
    announce(ctx, row, command, _channels(policy, environment), news)


def _written(ctx: Context, policy: Policy, command: Unfreeze) -> str:
    """The environment as the freeze itself has it: one that was renamed or taken out of the policy since must be
    lifted too."""
    held = read_stops(ctx.checkout).freezes
    if any((one.environment, one.model) == (command.environment, command.model) for one in held):
        return command.environment
    try:
        return place_of(policy, command.environment)
    except Refused:
        return command.environment  # then it is not frozen, which says what to look at


def list_stops(ctx: Context, command: ListStops) -> None:
    """Answer the asker; anybody may ask."""
    ctx.checkout.fetch()
    stops = read_stops(ctx.checkout)
    if command.what == "freezes":
        held = sorted(holding(stops.freezes, ctx.clock.now()), key=lambda one: (one.environment, one.model or ""))
        lines = tuple(StopLine(one.place, one.by, one.since, one.until, one.reason) for one in held)
        card = StopList("Freezes", lines, "Nothing is frozen.", stops.freezes_fault)
    else:
        bans = sorted(stops.bans, key=lambda one: (one.model, one.version))
        lines = tuple(StopLine(f"{one.model} {one.version}", one.by, one.since, None, one.reason) for one in bans)
        card = StopList("Bans", lines, "No version is banned.", stops.bans_fault)
    answer(ctx, command.by, command.origin, card)


def place_of(policy: Policy, asked: str) -> str:
    """The environment's name; for one that fans out its own, which stands for all its regions. Raises
    Refused(UNKNOWN_ENVIRONMENT)."""
    for stage in policy.environments:
        if stage.fanned and asked in whole_of(stage):
            return stage.fanned
    return policy.environment(asked).name


def _channels(policy: Policy, environment: str) -> list[str]:
    return [stage.channel for stage in policy.environments if environment in places(policy, [stage.name])]


def _typed(frozen: Frozen) -> str:
    """The place as a command has it; a name with spaces stands in quotes."""
    model = f'"{frozen.model}" ' if frozen.model and " " in frozen.model else f"{frozen.model} " if frozen.model else ""
    return f"{model}{frozen.environment}"
