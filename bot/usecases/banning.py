"""`/slackops ban` and `unban`."""

from __future__ import annotations

from bot.domain.commands import Ban, Unban
from bot.domain.policy import Policy
from bot.domain.state_files import BANS, format_bans, parse_bans
from bot.domain.stop_cards import StopNews
from bot.domain.stop_edits import with_ban, without_ban
from bot.domain.stops import Banned, ban_words
from bot.errors import RegistryUnavailable
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.repo import Repo, target_at
from bot.usecases.state_branch import commit_state, read_stops
from bot.usecases.stopping import account, announce, commit_text, declared, look_again, note_stop, opened, whole
from bot.usecases.tell import receipt

EFFECT = "No promotion and no rollback brings it in."


def ban(ctx: Context, repo: Repo, row: Row, command: Ban) -> None:
    """Carry out the command. A version that is banned already stays banned by whoever was first."""
    base, policy = opened(ctx, repo, command, "ban")
    declared(repo, base, command.model)
    version, login = _version(ctx, policy, row, command), account(ctx, command)
    new = Banned(command.model, version, command.by, row.created_at, row.id, command.reason, login)
    text = commit_text(f"Ban {new.model} {new.version}", login or str(command.by), command.reason)

    def edit(old: bytes | None) -> bytes | None:
        bans = with_ban(whole(parse_bans, old), new)
        return None if bans is None else format_bans(bans)

    commit_state(ctx, row, BANS, edit, text)
    holds = read_stops(ctx.checkout).ban_of(new.model, version)
    if holds and holds.id != row.id:
        receipt(ctx, command.by, command.origin, f"Already so: {ban_words(holds)}.")
        return
    note_stop(ctx, row, command, "banned", version=version)
    look_again(ctx, row, lambda change: (change.intent.model, change.intent.to) == (new.model, version))
    news = StopNews(f"Banned: {new.model} {version}", command.by, command.reason, None, EFFECT, _lift(new))
    announce(ctx, row, command, _channels(repo, policy, base, new.model), news)


def unban(ctx: Context, repo: Repo, row: Row, command: Unban) -> None:
    """Carry out the command."""
    base, policy = opened(ctx, repo, command, "ban")
    version = _version(ctx, policy, row, command)
    text = commit_text(f"Unban {command.model} {version}", account(ctx, command) or str(command.by), command.reason)

    def edit(old: bytes | None) -> bytes:
        return format_bans(without_ban(whole(parse_bans, old), command.model, version))

    commit_state(ctx, row, BANS, edit, text)
    note_stop(ctx, row, command, "unbanned", version=version)
    look_again(ctx, row, lambda change: (change.intent.model, change.intent.to) == (command.model, version))
    what, effect = f"Not banned any more: {command.model} {version}", "It may be brought in again."
    news = StopNews(what, command.by, command.reason, None, effect)
    announce(ctx, row, command, _channels(repo, policy, base, command.model), news)


def _version(ctx: Context, policy: Policy, row: Row, command: Ban | Unban) -> str:
    """The version that is meant: an alias as it points now, and a number of which the registry knows. A registry that
    does not answer keeps nobody from naming a number: there may be no time to wait for it."""
    done = next((one.version for one in read_stops(ctx.checkout).bans if one.id == row.id), None)
    if done and isinstance(command, Ban):
        return done  # an earlier run of this row got as far as the branch; the alias may point elsewhere by now
    name = policy.registered_name(command.model)
    if command.alias:
        return ctx.registry.by_alias(name, command.alias).version
    version = command.version or ""
    if isinstance(command, Unban):
        return version
    try:
        return ctx.registry.version(name, version).version
    except RegistryUnavailable:
        return version


def _lift(new: Banned) -> str:
    model = f'"{new.model}"' if " " in new.model else new.model
    return f"/slackops unban {model} {new.version} --reason TEXT"


def _channels(repo: Repo, policy: Policy, base: str, model: str) -> list[str]:
    """Those of every environment that the model may come to."""
    stages = policy.environments
    return [stage.channel for stage in stages if target_at(policy, repo, base, model, stage.name)]
