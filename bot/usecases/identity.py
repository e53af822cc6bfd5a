"""Who someone is to the policy: Slack user, groups, linked account, teams. Looked up, never taken from a name."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.approvals import ApprovalRule
from bot.domain.change import Change
from bot.domain.people import Person
from bot.domain.policy import Environment, Policy
from bot.usecases.context import Context


def ids_of(ctx: Context, person: Person, refs: Iterable[str]) -> frozenset[str]:
    """Which of the policy's references (`slack:U…`, `slack:S…`, `github:login`, `github:org/team`) name this person."""
    account = ctx.links.of(person)
    return frozenset(ref for ref in refs if _is(ctx, ref, person, account.login if account else None))


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


def _logins(ctx: Context, name: str) -> frozenset[str]:
    """In lower case: GitHub's names do not tell upper from lower."""
    organisation, slash, team = name.partition("/")
    logins = ctx.forge.team_members(organisation, team) if slash else frozenset({name})
    return frozenset(one.casefold() for one in logins)


def allowed(ctx: Context, policy: Policy, person: Person, role: str) -> bool:
    """May this person do what the role is for?"""
    return policy.may(ids_of(ctx, person, policy.roles.get(role, frozenset())), role)


def approval_rule(ctx: Context, environment: Environment, change: Change) -> ApprovalRule:
    """The rule that holds for a change. A rollback to the version before has its own count; its requester may count."""
    team = ctx.chat.team()
    approvals, rollback = environment.approvals, environment.rollback
    people: set[Person] = set()
    logins: set[str] = set()
    for ref in approvals.from_:
        kind, _, name = ref.partition(":")
        if kind == "github":
            logins |= _logins(ctx, name)
        else:
            people |= {Person(team=team, user=user) for user in _members(ctx, name)}
    return ApprovalRule(
        required=rollback.approvals if change.swift else approvals.required,
        people=frozenset(people),
        logins=frozenset(logins),
        anyone=not approvals.from_,
        requester_counts=rollback.requester if change.swift else approvals.requester,
    )
