"""Who someone is to the policy: Slack user, groups, linked account, teams. Looked up, never taken from a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.approvals import Askers
from bot.domain.change import Change
from bot.domain.commands import Link, Review
from bot.domain.commands_asked import Asked
from bot.domain.editors import editors_of
from bot.domain.facts import Pull
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.policy.approval_rules import refs_of
from bot.errors import Reason, Refused
from bot.usecases.approving import approval_rule
from bot.usecases.context import Context
from bot.usecases.members import logins_in, named_people, people_in
from bot.usecases.repo import Repo

__all__ = ["allowed", "approval_rule", "askers_of", "at_home", "ids_of", "may_enter", "with_editors"]


def at_home(ctx: Context, person: Person) -> None:
    """Raises Refused for somebody of another workspace: a channel may be shared, what it steers is not."""
    if person.team != ctx.chat.team():
        raise Refused(
            Reason.NOT_ALLOWED, "You are not a member of this workspace.", "Ask somebody of it to do that for you."
        )


def may_enter(ctx: Context, repo: Repo, command: Asked) -> None:
    """Raises Refused for somebody of another workspace, unless the policy names them one by one as an approver: then
    they may link an account and review, and nothing else."""
    if command.by.team != ctx.chat.team() and isinstance(command, Review | Link):
        stages = repo.policy(ctx.checkout.fetch()).environments
        refs = {ref for one in stages for ref in (*one.approvals.from_, *refs_of(one.approvals.rules))}
        if command.by in named_people(ctx, refs):
            return
    at_home(ctx, command.by)


def ids_of(ctx: Context, person: Person, refs: Iterable[str]) -> frozenset[str]:
    """Which of the policy's references (`slack:U…`, `slack:S…`, `github:login`, `github:org/team`) name this person."""
    login = ctx.links.login_of(person)
    return frozenset(ref for ref in refs if _is(ctx, ref, person, login))


def _is(ctx: Context, ref: str, person: Person, login: str | None) -> bool:
    kind, _, name = ref.partition(":")
    if kind == "slack":
        return person in people_in(ctx, name)
    if kind == "github" and login:
        return login.casefold() in logins_in(ctx, name)
    return False


def allowed(
    ctx: Context,
    policy: Policy,
    person: Person,
    role: str,
    environments: str | Sequence[str] = (),
    model: str | None = None,
) -> bool:
    """May this person do what the role is for, there and with this model? ``environments``: every one that it moves."""
    places = (environments,) if isinstance(environments, str) else environments
    refs = frozenset(ref for members in policy.lists(role, places, model) for ref in members)
    return policy.may(ids_of(ctx, person, refs), role, places, model)


def askers_of(ctx: Context, change: Change) -> Askers:
    """Who asked for the change: by the accounts that they had then, and by those that they have now; and everybody for
    whom those accounts ever stood. Whoever began a ladder asked for its further steps as well."""
    climbs = change.rung is not None and change.rung.ladder != change.id and not change.swift
    began = ctx.changes.get(change.rung.ladder) if climbs and change.rung else None
    asked = [one for one in (change, began) if one is not None]
    people = tuple(dict.fromkeys(person for one in asked for person in one.requesters))
    now = tuple(login for person in people if (login := ctx.links.login_of(person)))
    logins = tuple(login for one in asked for login in one.logins)
    numbers = (number for one in asked for number in one.accounts)
    current = (number for person in people if (number := ctx.links.account_of(person)))
    accounts = tuple(dict.fromkeys(number for number in (*numbers, *current) if number))
    humans = tuple(dict.fromkeys((*people, *_ever(ctx, asked))))
    return Askers(
        humans,
        (*logins, *now),
        any(one.unlinked for one in asked),
        accounts,
        strangers=change.by_hand and not humans and not all(map(_is_robot, logins)),
    )


def _is_robot(login: str) -> bool:
    return login.endswith("[bot]")


def _ever(ctx: Context, asked: Sequence[Change]) -> list[Person]:
    """For whom the accounts that asked ever stood. A name is asked for only where no number is known: it may have
    changed hands."""
    found: set[Person] = set()
    for one in asked:
        for number in one.accounts:
            found |= ctx.links.people_of("", number)
        for login in one.logins if not one.accounts else ():
            found |= ctx.links.people_of(login)
    return sorted(found, key=str)


def with_editors(ctx: Context, askers: Askers, change: Change, pull: Pull) -> Askers:
    """The same, with whoever wrote commits on the branch, the bot aside. A writer whose account the forge does not know
    may be anybody whom nobody linked."""
    own = frozenset({change.head} if change.head and not change.by_hand else ())
    wrote = editors_of(ctx.forge.commits(pull.number), own, ctx.forge.login, by_hand=change.by_hand)
    told = bool(askers.people or askers.logins or askers.accounts or change.cause or change.rule)
    ever = [ctx.links.people_of(one.login, one.account) for one in wrote.known]
    nobodys = any(not found and not _is_robot(one.login) for one, found in zip(wrote.known, ever, strict=True))
    return replace(
        askers,
        editors=tuple(one.login for one in wrote.known),
        editor_accounts=tuple(one.account for one in wrote.known if one.account),
        editor_people=tuple(sorted(frozenset[Person]().union(*ever), key=str)),
        unlinked=askers.unlinked or wrote.unknown,
        unknown=wrote.unknown and not told,
        strangers=askers.strangers or (change.by_hand and (nobodys or wrote.unknown)),
    )
