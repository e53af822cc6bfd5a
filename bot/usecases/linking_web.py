"""Linking in the browser: Slack says who it is, then GitHub says which account. Both in the same browser.

Every step takes the state that the step before gave out, once. A step that ends in the dark is not taken up again: the
browser that began may begin again, and nobody is half linked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from bot.domain.commands import Linked
from bot.domain.linking import (
    LinkStart,
    Slip,
    Stage,
    challenge,
    fingerprint,
    slip_at_begin,
    slip_at_return,
)
from bot.errors import ForgeUnavailable, Reason, Refused, SlackOpsError, Transient
from bot.ports import LinkedAccount
from bot.ports.signin import Grant, Onward, Shown, SignedIn, SignIn
from bot.usecases.audited import entry, note
from bot.usecases.context import Context
from bot.usecases.linking import WEB_ROOT, signin_of

AGAIN = "Close this tab and type /slackops link in Slack to begin again."
SLIPS = {
    Slip.UNKNOWN: Shown("Nothing to link", f"This link is not known here, or was used already. {AGAIN}"),
    Slip.EXPIRED: Shown("Too late", f"This link held for ten minutes. {AGAIN}"),
    Slip.USED: Shown("Used already", f"This link was used already. {AGAIN}"),
    Slip.OTHER_BROWSER: Shown("Another browser", f"This was begun in another browser. Nothing was linked. {AGAIN}"),
}


class LinkingWeb:
    """The LinkingSteps port."""

    def __init__(self, ctx: Context, secret: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> None:
        self._ctx, self._secret = ctx, secret

    def begin(self, ticket: str, cookie: str) -> Onward | Shown:
        """As the port says."""
        return self._guarded(lambda on: self._begin(on, ticket, cookie))

    def slack(self, code: str, state: str, error: str, cookie: str) -> Onward | Shown:
        """As the port says."""
        return self._guarded(lambda on: self._back(on, Stage.SLACK, (code, state, error, cookie), self._from_slack))

    def github(self, code: str, state: str, error: str, cookie: str) -> Onward | Shown:
        """As the port says."""
        return self._guarded(lambda on: self._back(on, Stage.GITHUB, (code, state, error, cookie), self._from_github))

    def _guarded(self, step: Callable[[SignIn], Onward | Shown]) -> Onward | Shown:
        try:
            return step(signin_of(self._ctx))
        except Refused as why:
            return Shown("Not linked", f"{why.message} {why.unblock or AGAIN}")
        except Transient as why:
            return Shown("Not linked yet", f"{why} Follow the button in Slack once more; it holds for ten minutes.")
        except SlackOpsError as why:
            return Shown("Not linked", f"{why} Tell whoever runs the bot.")

    def _begin(self, on: SignIn, ticket: str, cookie: str) -> Onward | Shown:
        start, now = on.starts.get(fingerprint(ticket)), self._ctx.clock.now()
        slip = slip_at_begin(start, cookie, now)
        if start is None or slip is not None:
            return self._slipped(start, slip or Slip.UNKNOWN)
        state, nonce = self._secret(), self._secret()
        fresh = None if start.cookie else self._secret()
        bound = fingerprint(fresh) if fresh else start.cookie
        sent = replace(start, stage=Stage.SLACK, cookie=bound, state=fingerprint(state), nonce=nonce, verifier="")
        if not on.starts.move(start, sent):
            return SLIPS[Slip.USED]
        return Onward(on.slack.authorize_url(state, nonce, start.person.team, _redirect(on, "slack")), fresh)

    def _back(
        self,
        on: SignIn,
        stage: Stage,
        brought: tuple[str, str, str, str],
        go_on: Callable[[SignIn, LinkStart, str], Onward | Shown],
    ) -> Onward | Shown:
        """Take the answer, once, and go on with its code."""
        code, state, error, cookie = brought
        start = on.starts.by_state(fingerprint(state))
        slip = slip_at_return(start, stage, state, cookie, self._ctx.clock.now())
        if start is None or slip is not None:
            return self._slipped(start, slip or Slip.UNKNOWN)
        taken = replace(start, stage=Stage(f"{stage}_back"), state="")
        if not on.starts.move(start, taken):
            return SLIPS[Slip.USED]
        if error or not code:
            return Shown("Not linked", f"It was not allowed, so nothing was linked. {AGAIN}")
        return go_on(on, taken, code)

    def _from_slack(self, on: SignIn, start: LinkStart, code: str) -> Onward | Shown:
        who = on.slack.who(code, start.nonce, _redirect(on, "slack"))
        if not _is(who, start):
            words = "Somebody else is signed in to Slack in this browser than the person that this link was made for."
            return self._refuse(
                on, start, "another_person", words, seen=f"slack:{min(who.teams, default='')}/{who.user}"
            )
        state, verifier = self._secret(), self._secret()
        sent = replace(start, stage=Stage.GITHUB, state=fingerprint(state), nonce="", verifier=verifier)
        if not on.starts.move(start, sent):
            return SLIPS[Slip.USED]
        return Onward(on.forge.authorize_url(state, challenge(verifier), _redirect(on, "github")))

    def _from_github(self, on: SignIn, start: LinkStart, code: str) -> Onward | Shown:
        grant = on.forge.exchange(code, start.verifier, _redirect(on, "github"))
        try:
            account = linked_account(self._ctx, on, start, grant)
        except Refused as why:
            _drop(on, grant)
            if why.reason is not Reason.NOT_ALLOWED:
                raise
            return self._refuse(on, start, "taken", f"{why.message} {why.unblock or ''}")
        on.starts.move(start, replace(start, stage=Stage.DONE, verifier=""))
        then = " The approval that waited is being finished." if start.then else ""
        return Shown("Linked", f"You are {account.login} on GitHub.{then} You can close this tab.", ok=True)

    def _slipped(self, start: LinkStart | None, slip: Slip) -> Shown:
        """What concerns a start that somebody made is written down; anybody could ask for any other."""
        if start is not None and slip is Slip.OTHER_BROWSER:
            self._note(start, slip.value)
        return SLIPS[slip]

    def _refuse(self, on: SignIn, start: LinkStart, why: str, words: str, **seen: str) -> Shown:
        self._note(start, why, **seen)
        on.starts.move(start, replace(start, stage=Stage.REFUSED, nonce="", verifier=""))
        return Shown("Not linked", f"{words} Nothing was linked.")

    def _note(self, start: LinkStart, why: str, **seen: str) -> None:
        key = f"link-refused:{start.id}:{why}"
        note(self._ctx, key, "link_refused", start.person, why=why, outcome="refused", evidence=seen)


def linked_account(
    ctx: Context, on: SignIn, start: LinkStart, grant: Grant, *, confirmed: bool = True
) -> LinkedAccount:
    """Keep whose token it is as the person's account, with the row that goes on from there.

    Raises Refused(NOT_ALLOWED) when somebody else has the account, or when it is a machine's.
    """
    user, now = on.forge.who(grant.token), ctx.clock.now()
    if not user.person:
        raise Refused(Reason.NOT_ALLOWED, f"{user.login} is no person's account.", "Sign in to GitHub as yourself.")
    account = LinkedAccount(
        start.person,
        user.login,
        grant.token,
        account=user.account,
        refresh_token=grant.refresh_token,
        expires_at=None if grant.expires_in is None else now + grant.expires_in,
        refresh_expires_at=None if grant.refresh_expires_in is None else now + grant.refresh_expires_in,
        confirmed=confirmed,
    )
    before = {"account": user.account, "before": ctx.links.login_of(start.person), "confirmed": confirmed}
    told = entry(ctx, f"link:{start.id}", "linked", start.person, login=user.login, evidence=before)
    then = start.then if confirmed else None
    follow = Linked(person=start.person, login=user.login, origin=start.origin, then=then, confirmed=confirmed)
    ctx.links.save(account, told, follow=[(f"linked:{start.id}", follow)])
    return account


def _drop(on: SignIn, grant: Grant) -> None:
    """A token that nobody will use is ended; no more than it, for the account's owner may have one of their own."""
    try:
        on.forge.revoke(grant.token, everything=False)
    except (ForgeUnavailable, SlackOpsError):
        return


def _is(who: SignedIn, start: LinkStart) -> bool:
    return who.user == start.person.user and start.person.team in who.teams


def _redirect(on: SignIn, name: str) -> str:
    return f"{on.public_url}{WEB_ROOT}/{name}"
