"""Who someone is to the policy: Slack user, groups, linked account, teams. Looked up, never taken from a name."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.approvals import ApprovalRule, Askers
from bot.domain.change import Change
from bot.domain.people import Person
from bot.domain.policy import Environment, Policy
from bot.errors import ChatUnavailable, Fatal, Reason, Refused
from bot.usecases.context import Context


def at_home(ctx: Context, person: Person) -> None:
    """Raises Refused for somebody of another workspace: a channel may be shared, what it steers is not."""
    if person.team != ctx.chat.team():
        raise Refused(
            Reason.NOT_ALLOWED, "You are not a member of this workspace.", "Ask somebody of it to do that for you."
        )


def ids_of(ctx: Context, person: Person, refs: Iterable[str]) -> frozenset[str]:
    """Which of the policy's references (`slack:U…`, `slack:S…`, `github:login`, `github:org/team`) name this person."""
    login = ctx.links.login_of(person)
    return frozenset(ref for ref in refs if _is(ctx, ref, person, login))


def _is(ctx: Context, ref: str, person: Person, login: str | None) -> bool:
    kind, _, name = ref.partition(":")
    if kind == "slack":
        return person.team == ctx.chat.team() and person.user in _members(ctx, name)
    if kind == "github" and login:
        return login.casefold() in _logins(ctx, name)
    return False


def _members(ctx: Context, name: str) -> frozenset[str]:
    """A user id means itself; a group is its id (`S…`) or its handle (`@ml-leads`)."""
    return ctx.chat.user_group(name) if name.startswith(("S", "@")) else frozenset({name})


def _people(ctx: Context, name: str) -> set[Person]:
    team = ctx.chat.team()
    return {Person(team=team, user=user) for user in _members(ctx, name)}


def _logins(ctx: Context, name: str) -> frozenset[str]:
    """In lower case: GitHub's names do not tell upper from lower. A team that cannot be read has nobody."""
    organisation, slash, team = name.partition("/")
    try:
        logins = ctx.forge.team_members(organisation, team) if slash else frozenset({name})
    except (Refused, Fatal):
        return frozenset()
    return frozenset(one.casefold() for one in logins)


def allowed(ctx: Context, policy: Policy, person: Person, role: str) -> bool:
    """May this person do what the role is for?"""
    return policy.may(ids_of(ctx, person, policy.roles.get(role, frozenset())), role)


def askers_of(ctx: Context, change: Change) -> Askers:
    """Who asked for the change: by the accounts that they had then, and by those that they have now. Whoever began a
    ladder asked for its further steps as well."""
    climbs = change.rung is not None and change.rung.ladder != change.id and not change.swift
    began = ctx.changes.get(change.rung.ladder) if climbs and change.rung else None
    asked = [one for one in (change, began) if one is not None]
    people = tuple(dict.fromkeys(person for one in asked for person in one.requesters))
    now = tuple(login for person in people if (login := ctx.links.login_of(person)))
    logins = tuple(login for one in asked for login in one.logins)
    return Askers(people, (*logins, *now), any(one.unlinked for one in asked))


def _required(environment: Environment, change: Change) -> int:
    """What a rule asked for needs nobody only as long as the policy says that it may merge by itself."""
    rung, steps = change.rung, environment.steps
    if rung is not None and rung.index > 0 and rung.percent > 0 and steps is not None:
        return steps.approvals
    if change.unattended and change.swift and environment.rollout.on_degraded == "rollback":
        return 0
    return environment.rollback.approvals if change.swift else environment.approvals.required


def approval_rule(ctx: Context, environment: Environment, change: Change) -> ApprovalRule:
    """The rule that holds for a change. A rollback to the version before has its own count; its requester may count."""
    approvals, rollback = environment.approvals, environment.rollback
    people: set[Person] = set()
    logins: set[str] = set()
    incomplete = False
    for ref in approvals.from_:
        kind, _, name = ref.partition(":")
        try:
            if kind == "github":
                logins |= _logins(ctx, name)
            else:
                people |= _people(ctx, name)
        except ChatUnavailable:
            if not change.swift:  # going back must be possible while Slack does not tell who is in a group
                raise
            incomplete = True
    return ApprovalRule(
        required=_required(environment, change),
        people=frozenset(people),
        logins=frozenset(logins),
        anyone=not approvals.from_,
        requester_counts=rollback.requester if change.swift else approvals.requester,
        requester_unlisted=change.swift and rollback.requester,
        incomplete=incomplete,
    )
