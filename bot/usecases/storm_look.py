"""A look at a storm's card: bring it up to date, and say in its thread what is news of all of them.

Level-triggered: it goes by what is written down now. What needs a person is told of all of them together; everything
else stands on the card, and in the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands import LookStorm
from bot.domain.drifting.incidents import Incident
from bot.domain.policy import Policy, StormRule
from bot.domain.storm_cards import StormCard
from bot.domain.storm_news import done, of_all
from bot.domain.storm_words import storm_card
from bot.errors import Refused
from bot.ports import PostRecord, Row
from bot.usecases.context import Context
from bot.usecases.incident_look import say_again
from bot.usecases.incident_place import show_and_tell
from bot.usecases.repo import Repo
from bot.usecases.storm_telling import tell_storm


def subject_of(storm: str) -> str:
    """What the bot's memory of its messages calls a storm's card."""
    return f"storm:{storm}"


def look_storm(ctx: Context, repo: Repo, row: Row, command: LookStorm) -> None:
    """Carry out the row; those that wait behind it are done with it."""
    ctx.inbox.absorb(row)
    log = ctx.incident_log
    members = log.of_storm(command.storm) if log else []
    if members:
        say_again(ctx, f"{command.kind}:{command.storm}", command, lambda: _show(ctx, repo, command, members))


def _show(ctx: Context, repo: Repo, command: LookStorm, members: Sequence[Incident]) -> None:
    storm = command.storm
    policy = _policy(ctx, repo)
    channel, notify = members[0].channel, _notify(policy, members)
    places = channel, policy.channel if policy else channel
    limit = (policy.storm if policy else StormRule()).incidents
    said = [*of_all(storm_card(storm, members), members, notify, limit), *done(members)]

    def card(away: str) -> StormCard:
        return storm_card(storm, members, notify, away, ctx.clock.now())

    def tell(posted: PostRecord) -> None:
        tell_storm(ctx, command, posted, members, said)

    show_and_tell(ctx, subject_of(storm), places, card, tell)


def _policy(ctx: Context, repo: Repo) -> Policy | None:
    try:
        return repo.back.policy(ctx.checkout.head())
    except Refused:
        return None


def _notify(policy: Policy | None, members: Sequence[Incident]) -> tuple[str, ...]:
    """The owners of the models; without any, whom the environment calls when something is degraded."""
    if policy is None:
        return ()
    owners = dict.fromkeys(owner for one in members for owner in policy.model(one.model).owners)
    places = dict.fromkeys(one.environment for one in members)
    called = (who for stage in policy.environments if stage.name in places for who in stage.notify.get("degraded", ()))
    return tuple(owners) or tuple(dict.fromkeys(called))
