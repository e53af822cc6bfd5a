"""Who is in the groups that the policy names: looked up, never taken from a name."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.approvals import Members
from bot.domain.people import Person
from bot.errors import ChatUnavailable, Fatal, Refused
from bot.usecases.context import Context


def person_in(ctx: Context, name: str) -> Person | None:
    """The one person that `slack:U…` or `slack:T…/U…` names; None for a group. A bare id is one of this workspace: an
    equal id of another one is somebody else."""
    team, slash, user = name.partition("/")
    if slash:
        return Person(team=team, user=user)
    return None if name.startswith(("S", "@")) else Person(team=ctx.chat.team(), user=name)


def people_in(ctx: Context, name: str) -> frozenset[Person]:
    """A user id means itself; a group is its id (`S…`) or its handle (`@ml-leads`)."""
    person = person_in(ctx, name)
    if person is not None:
        return frozenset({person})
    team = ctx.chat.team()
    return frozenset(Person(team=team, user=user) for user in ctx.chat.user_group(name))


def logins_in(ctx: Context, name: str) -> frozenset[str]:
    """In lower case: GitHub's names do not tell upper from lower. A team that cannot be read has nobody."""
    organisation, slash, team = name.partition("/")
    try:
        logins = ctx.forge.team_members(organisation, team) if slash else frozenset({name})
    except (Refused, Fatal):
        return frozenset()
    return frozenset(one.casefold() for one in logins)


def members_of(ctx: Context, ref: str) -> Members:
    """Whom a reference (`slack:U…`, `slack:S…`, `github:login`, `github:org/team`) stands for now. Raises
    ChatUnavailable where only Slack knows."""
    kind, _, name = ref.partition(":")
    if kind == "slack":
        return Members(people=people_in(ctx, name))
    return Members(logins=logins_in(ctx, name) if kind == "github" else frozenset())


def known_members(ctx: Context, refs: Iterable[str], *, patient: bool) -> tuple[dict[str, Members], bool]:
    """Each reference's members, and whether some could not be told; where that matters (``patient``), it is waited for
    instead: ChatUnavailable is raised."""
    found, silent = dict[str, Members](), False
    for ref in refs:
        try:
            found[ref] = members_of(ctx, ref)
        except ChatUnavailable:
            if patient:
                raise
            silent, found[ref] = True, Members()
    return found, silent


def named_people(ctx: Context, refs: Iterable[str]) -> frozenset[Person]:
    """Those whom the policy names one by one."""
    names = (ref.removeprefix("slack:") for ref in refs if ref.startswith("slack:"))
    return frozenset(person for name in names if (person := person_in(ctx, name)) is not None)


def known_names(ctx: Context, refs: Iterable[str]) -> dict[str, str]:
    """What people call those whom the policy names one by one, by its reference: `@login`, where that is known."""
    found = dict[str, str]()
    for ref in refs:
        kind, _, name = ref.partition(":")
        person = person_in(ctx, name) if kind == "slack" else None
        login = ctx.links.login_of(person) if person else None
        if login:
            found[ref] = f"@{login}"
        elif kind == "github" and "/" not in name:
            found[ref] = f"@{name}"
    return found
