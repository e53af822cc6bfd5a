"""`/slackops link` and `unlink`: the button that begins it, and what follows when it ended."""

from __future__ import annotations

import secrets
from dataclasses import replace

from bot.domain.commands import Link, Linked, Review, RevokeToken, Unlink
from bot.domain.link_cards import LinkOffer
from bot.domain.linking import TICKET_SECONDS, LinkStart, fingerprint
from bot.errors import Reason, Refused, SlackOpsError
from bot.ports import Row
from bot.ports.signin import SignIn
from bot.usecases.again import first_key
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.tell import answer, receipt

WEB_ROOT = "/link"


def start_link(ctx: Context, command: Link) -> None:
    """Give the person a button that opens the browser. Raises Refused(LINKING_OFF) where nobody can link."""
    on = signin_of(ctx)
    ticket = secrets.token_urlsafe(32)
    on.starts.forget(ctx.clock.now() - TICKET_SECONDS)
    ends = ctx.clock.now() + TICKET_SECONDS
    on.starts.add(LinkStart(fingerprint(ticket), command.by, command.origin, ends, then=command.then))
    offer = LinkOffer(_words(ctx, command), f"{on.public_url}{WEB_ROOT}/start?t={ticket}")
    answer(ctx, command.by, command.origin, offer)


def link_for(ctx: Context, review: Review) -> None:
    """Somebody who is not linked approved: begin to link, and finish the approval then."""
    start_link(ctx, Link(by=review.by, origin=review.origin, then=review))


def signin_of(ctx: Context, *, by_code: bool = False) -> SignIn:
    """What linking needs; ``by_code``: with no browser coming back. Raises Refused(LINKING_OFF), naming the settings
    that are missing."""
    on = ctx.signin
    missing = (on.forge_missing if by_code else on.missing) if on else ("its settings",)
    if on is None or missing:
        named = ", ".join(missing)
        unblock = "Whoever runs the bot sets them; until then, review on the forge with your own account."
        raise Refused(Reason.LINKING_OFF, f"Accounts cannot be linked here: {named} not set.", unblock)
    return on


def _words(ctx: Context, command: Link) -> str:
    login = ctx.links.login_of(command.by)
    now = f"You are linked to {login}; another account takes its place. " if login and not command.then else ""
    then = "Your approval is finished then. " if command.then and command.then.verdict == "approve" else ""
    if command.then and not then:
        then = "Your review is finished then. "
    what = "Link your GitHub account, so that what you decide here is a review of yours there."
    how = "The button is yours alone and holds for 10 minutes; Slack will ask who you are first."
    return f"{now}{what} {then}{how}"


def linked(ctx: Context, row: Row, command: Linked) -> None:
    """The account is linked: finish what waited, and tell the person. Nothing here is needed for the link to hold."""
    if command.then is not None:
        ctx.inbox.put(f"{first_key(row)}:then", command.then)
    _learn_membership(ctx, command)
    words = f"Linked: you are {command.login} on GitHub."
    if not command.confirmed:
        words = f"{command.login} waits: somebody with the role `admin` must confirm that the account is yours."
    receipt(ctx, command.person, command.origin, words + (" Finishing your review." if command.then else ""))


def _learn_membership(ctx: Context, command: Linked) -> None:
    """Who once was a member and no longer is has left; outside collaborators never were."""
    try:
        member = ctx.forge.is_member(command.login)
    except SlackOpsError:  # the daily check asks again
        return
    if member and ctx.links.login_of(command.person) == command.login:
        ctx.links.seen(command.person, command.login, member=True)


def unlink(ctx: Context, row: Row, command: Unlink) -> None:
    """The account stands for nobody any more. Revoking its token is a row of its own, tried until GitHub answers."""
    told = entry(ctx, f"unlink:{row.id}", "unlinked", command.by)
    gone = ctx.links.remove(command.by, told)
    if gone is None and row.attempt == 1:
        raise Refused(Reason.NOT_LINKED, "No GitHub account is linked to you.", "Nothing to do.")
    login = gone.login if gone else "Your account"
    receipt(ctx, command.by, command.origin, f"{login} is no longer linked; its token is being revoked.")


def revoke_token(ctx: Context, command: RevokeToken) -> None:
    """End a token that nobody uses any more, and, where the account is linked no more, all that it granted.

    Where nobody can link any more there is no App that could revoke it: it ends by itself.
    """
    on = ctx.signin
    account = on.tokens.revocation(command.ident) if on else None
    if on is None or account is None:
        return
    if on.forge_missing:
        on.tokens.revoked(command.ident)
        return
    everything = ctx.links.by_login(account.login, account.account) is None
    if not on.forge.revoke(account.token, everything=everything) and everything and account.refresh_token:
        _revoke_by_refresh(on, command.ident)
    on.tokens.revoked(command.ident)


def _revoke_by_refresh(on: SignIn, ident: str) -> None:
    """The token has ended, its refresh token may still hold: a grant is ended by a token that does."""
    account = on.tokens.revocation(ident)
    if account is None or account.refresh_token is None:
        return
    try:
        grant = on.forge.refresh(account.refresh_token)
    except Refused:
        return
    on.tokens.keep_revocation(ident, replace(account, token=grant.token, refresh_token=grant.refresh_token))
    on.forge.revoke(grant.token, everything=True)
