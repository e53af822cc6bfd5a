"""A linked account under the name that it has today: a rename on the forge takes nobody's word away."""

from __future__ import annotations

from contextlib import suppress

from bot.domain.people import Person
from bot.errors import Fatal, Refused
from bot.usecases.context import Context


def writer(ctx: Context, person: Person, login: str, account: int) -> tuple[str, bool]:
    """What the person's account is called, and whether it may write. Where it may not under the name that the link
    knows, it is asked for by its number, and the link learns a new name."""
    if ctx.forge.may_write(login):
        return login, True
    now = _called(ctx, account) or login
    if now.casefold() == login.casefold():
        return login, False
    with suppress(Refused):  # a link that no key opens any more must be made anew whatever its name is
        ctx.links.seen(person, now, account=account)
    return now, ctx.forge.may_write(now)


def _called(ctx: Context, account: int) -> str | None:
    """None where nobody has that number, and where the forge does not tell."""
    try:
        return ctx.forge.login_of(account) if account else None
    except (Fatal, Refused):
        return None
