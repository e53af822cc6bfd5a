"""Acting as somebody: their token, refreshed ahead of its end. A refresh token can be used once."""

from __future__ import annotations

import secrets
from dataclasses import replace

from bot.domain.people import Person
from bot.errors import ForgeUnavailable, Refused, SlackOpsError
from bot.ports import LinkedAccount
from bot.ports.signin import AnswerLost, Grant, SignIn
from bot.usecases.audited import note
from bot.usecases.context import Context

AHEAD = 1800.0
"""Seconds before its end from which a token is refreshed, so that one failure costs nobody their link."""
LEASE = 60.0
"""Seconds that a refresh may take; longer than any of its requests."""
SOON = 60.0
"""Seconds that a token must still hold to be used meanwhile."""


def acting_account(ctx: Context, person: Person) -> LinkedAccount | None:
    """The person's account with a token that holds; None where none is linked, or the link must be made anew.

    Raises ForgeUnavailable while somebody else refreshes it, or the forge does not answer, and the old token has ended.
    """
    account, on, now = ctx.links.of(person), ctx.signin, ctx.clock.now()
    if account is None or account.refresh_token is None or not _due(account, now) or on is None or on.forge_missing:
        return account
    if on.tokens.expire(now):
        return acting_account(ctx, person)
    lease = secrets.token_hex(16)
    leased = on.tokens.lease(person, lease, now + LEASE)
    if leased is None:
        return _meanwhile(ctx, person, now)
    if not _due(leased, now):  # somebody else refreshed it since it was read
        on.tokens.give_back(lease)
        return leased
    return _refresh(ctx, on, leased, lease)


def token_refused(ctx: Context, account: LinkedAccount) -> None:
    """GitHub did not take the person's token: they must link again."""
    if ctx.signin is not None and ctx.signin.tokens.bury(account.person, account.token):
        _note_dead(ctx, account)


def _refresh(ctx: Context, on: SignIn, account: LinkedAccount, lease: str) -> LinkedAccount | None:
    now = ctx.clock.now()
    try:
        grant = on.forge.refresh(account.refresh_token or "")
    except AnswerLost:  # it may be used up: the lease stays until its end, and then the link is dead
        return _or_wait(account, now)
    except Refused:
        token_refused(ctx, account)
        return None
    except SlackOpsError:  # nothing was used up
        on.tokens.give_back(lease)
        return _or_wait(account, now)
    fresh = _with(account, grant, now)
    return fresh if on.tokens.give_back(lease, fresh) else ctx.links.of(account.person)


def _meanwhile(ctx: Context, person: Person, now: float) -> LinkedAccount | None:
    """Somebody else has the lease, or had it until a moment ago."""
    account = ctx.links.of(person)
    return account if account is None else _or_wait(account, now)


def _or_wait(account: LinkedAccount, now: float) -> LinkedAccount:
    if account.expires_at is None or account.expires_at - now > SOON:
        return account
    raise ForgeUnavailable("The link to GitHub is being refreshed.", retry_after=2.0)


def _due(account: LinkedAccount, now: float) -> bool:
    return account.expires_at is not None and account.expires_at - now <= AHEAD


def _with(account: LinkedAccount, grant: Grant, now: float) -> LinkedAccount:
    return replace(
        account,
        token=grant.token,
        refresh_token=grant.refresh_token,
        expires_at=None if grant.expires_in is None else now + grant.expires_in,
        refresh_expires_at=None if grant.refresh_expires_in is None else now + grant.refresh_expires_in,
    )


def _note_dead(ctx: Context, account: LinkedAccount) -> None:
    key = f"link-dead:{account.person}:{account.account}:{account.expires_at or 0:.0f}:{ctx.clock.now() // 86400:.0f}"
    why = "GitHub does not take the token any more"
    note(ctx, key, "link_dead", account.person, login=account.login, why=why, outcome="failed")
