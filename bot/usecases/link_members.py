"""Once a day: is everybody who linked an account still there? It heals what no event told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.domain.commands import CheckMembers, Leave
from bot.domain.people import Standing
from bot.errors import Fatal, Refused
from bot.ports import Row
from bot.ports.links import LinkLine
from bot.usecases.context import Context

PAGE, PAUSE = 50, 60.0
"""So many people are asked for by one row, and the next row is due so many seconds later: Slack tells of some hundred a
minute (https://docs.slack.dev/apis/web-api/rate-limits), and a row that is tried again begins at its own first."""


def check_members(ctx: Context, row: Row, command: CheckMembers) -> None:
    """Ask for everybody who linked, and have those taken out who left. Names are learnt on the way.

    The others are put first: whoever cannot be asked for keeps nobody else from it.
    """
    lines = sorted((one for one in ctx.links.everyone() if str(one.person) > command.after), key=_place)
    if len(lines) > PAGE:
        after = _place(lines[PAGE - 1])
        ctx.inbox.put(f"{row.key.partition('#')[0]}#{after}", CheckMembers(after=after), PAUSE)
    for line in map(partial(_numbered, ctx), lines[:PAGE]):
        why = _left_slack(ctx, line) or _left_forge(ctx, line)
        if why:
            leave = Leave(person=line.person, login=line.login, account=line.account, why=why)
            ctx.inbox.put(f"{row.key}:{line.person}", leave)


def _place(line: LinkLine) -> str:
    return str(line.person)


def _numbered(ctx: Context, line: LinkLine) -> LinkLine:
    """A link of before accounts were known by number learns it from the person's own token: a name can change."""
    if line.account or ctx.signin is None or ctx.signin.missing:
        return line
    with suppress(Refused, Fatal):  # a token that is not taken tells of nobody
        account = ctx.links.of(line.person)
        if account is not None:
            user = ctx.signin.forge.who(account.token)
            ctx.links.seen(line.person, user.login, account=user.account)
            return replace(line, login=user.login, account=user.account)
    return line


def _left_slack(ctx: Context, line: LinkLine) -> str:
    if line.person.team != ctx.chat.team():
        return ""
    try:
        standing = ctx.chat.member(line.person)
    except (Fatal, Refused):  # without the scope nobody knows
        return ""
    return "deactivated in Slack" if standing is Standing.DEACTIVATED else ""


def _left_forge(ctx: Context, line: LinkLine) -> str:
    """Who was a member and is none. An outside collaborator never was; a new name is asked for by the number."""
    try:
        login = ctx.forge.login_of(line.account) if line.account else line.login
        member = ctx.forge.is_member(login or line.login)
        if login is None:  # a forge that cannot be asked by number says the same as one where nobody has it
            return "" if member or ctx.forge.may_write(line.login) else "the GitHub account is gone"
    except (Fatal, Refused):
        return ""
    if member is False and line.member:
        return "no longer a member of the organisation"
    if login != line.login or (member and not line.member):
        with suppress(Refused):  # a link that no key opens any more must be made anew whatever its name is
            ctx.links.seen(line.person, login, account=line.account, member=member or None)
    return ""
