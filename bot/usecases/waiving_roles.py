"""Who may waive: the policy's role `waive`, which nobody is in where it is not written."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.approvals import Askers
from bot.domain.change import Change, Waiver
from bot.domain.facts import Pull
from bot.domain.gates import GateResult
from bot.domain.people import Person, Standing
from bot.domain.policy import Policy
from bot.domain.waiving import ROLE, digest_of, in_force, prefix_of, with_waivers
from bot.errors import Fatal
from bot.usecases.context import Context
from bot.usecases.gate_facts import Judged
from bot.usecases.identity import allowed, askers_of, with_editors

_GONE = frozenset({Standing.DEACTIVATED, Standing.UNKNOWN})


def judged_with_waivers(
    ctx: Context, judged: Judged, change: Change, pull: Pull, results: Sequence[GateResult]
) -> tuple[GateResult, ...]:
    """The results of the policy's own gates, with the waivers of the change, or of the whole that it is a part of."""
    anybody = bool(may_waive(judged.policy, tuple(judged.moves), change.intent.model))
    waivers, digest = holding_waivers(ctx, judged, change, pull), digest_of(change)
    return with_waivers(results, waivers, digest, prefix_of(change), by_anybody=anybody)


def holding_waivers(ctx: Context, judged: Judged, change: Change, pull: Pull) -> tuple[Waiver, ...]:
    """The change's waivers, without those of people who are not in the role, or the workspace, any more, or who ask for
    the change by now."""
    standing = in_force(change.waivers, digest_of(change))
    if change.state.final:
        return standing
    people = {one.by for one in standing}
    places = tuple(dict.fromkeys((change.intent.environment, *judged.moves)))
    still = {by for by in people if _still(ctx, judged.policy, by, places, change.intent.model)}
    theirs = _askers(ctx, change, pull, {one.by for one in standing if not one.own and one.by in still})
    return tuple(one for one in standing if one.by in still and (one.own or one.by not in theirs))


def _still(ctx: Context, policy: Policy, by: Person, places: Sequence[str], model: str) -> bool:
    """Raises ChatUnavailable, ForgeUnavailable: who is in the role is waited for, as it is where approvals count."""
    try:
        return allowed(ctx, policy, by, ROLE, places, model) and ctx.chat.member(by) not in _GONE
    except Fatal:
        return False  # Slack never tells this bot of them


def _askers(ctx: Context, change: Change, pull: Pull, people: Collection[Person]) -> frozenset[Person]:
    """Those of them who ask for the change by now, or wrote to it. Asked only where there is somebody to judge."""
    if not people:
        return frozenset()
    askers = with_editors(ctx, askers_of(ctx, change), change, pull)
    return frozenset(by for by in people if is_theirs(ctx, askers, by))


def is_theirs(ctx: Context, askers: Askers, by: Person) -> bool:
    """Whether it is their own change, by any account that they or somebody before them ever had; one of whom nobody
    knows the account may be the stranger who made it."""
    login, account = ctx.links.login_of(by) or "", ctx.links.account_of(by) or 0
    humans = {by} | (ctx.links.people_of(login, account) if login else frozenset())
    known = any(askers.include(one, login, account) or askers.edited(one, login, account) for one in humans)
    return known or askers.unknown or (askers.strangers and not login)


def may_waive(policy: Policy, environments: Sequence[str], model: str) -> tuple[str, ...]:
    """Who is in the role there, as the policy writes them; empty where nobody is."""
    lists = policy.lists(ROLE, environments, model)
    return tuple(sorted(frozenset().union(*lists))) if all(lists) else ()
