"""The device flow, where the policy allows it: a code is typed on GitHub, and a role confirms that the link is true.

Whoever types somebody else's code gives their account away, so such a link stands for nobody until it is confirmed.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.commands import ConfirmLink, Link, Linked, PollDevice
from bot.domain.link_cards import LinkOffer, LinkWaits
from bot.domain.linking import LinkStart, Stage, fingerprint
from bot.errors import Reason, Refused, Transient
from bot.ports import Row
from bot.ports.signin import NotYet, SignIn
from bot.usecases.again import first_key
from bot.usecases.audited import entry, note
from bot.usecases.context import Context
from bot.usecases.identity import allowed
from bot.usecases.linking import signin_of
from bot.usecases.linking_web import linked_account
from bot.usecases.repo import Repo
from bot.usecases.tell import answer, post_once, receipt, refuse

AGAIN = "Begin again: `/slackops link --device`."
SLOWER = 5.0
"""Seconds by which GitHub wants to be asked less often after `slow_down`."""


def start_device(ctx: Context, repo: Repo, command: Link) -> None:
    """Show the code to be typed, and begin to ask. Raises Refused where the policy does not allow it."""
    on = signin_of(ctx, by_code=True)
    if not repo.policy(ctx.checkout.fetch()).device_links:
        raise Refused(
            Reason.NOT_ALLOWED,
            "The policy does not allow to link by a code.",
            "`/slackops link` opens the browser; `linking: {device: true}` in the policy would allow codes.",
        )
    if ctx.links.login_of(command.by) is not None:
        raise Refused(Reason.NOT_ALLOWED, "You are linked already.", "`/slackops unlink` first, or `/slackops link`.")
    code = on.forge.ask_device()
    start = LinkStart(
        fingerprint(code.device_code),
        command.by,
        command.origin,
        ctx.clock.now() + code.expires_in,
        Stage.DEVICE,
        device_code=code.device_code,
        interval=code.interval,
    )
    on.starts.add(start)
    ctx.inbox.put(f"device:{start.id}:0", PollDevice(ticket=start.id), delay=code.interval)
    words = "Open GitHub and type the code. Type nobody else's code: it would give them your account."
    answer(ctx, command.by, command.origin, LinkOffer(words, code.url, "Open GitHub", code.user_code))


def poll_device(ctx: Context, row: Row, command: PollDevice) -> None:
    """Ask once; ask again later, or keep the link until somebody confirms it: the row that is written with the link
    asks for that. A code gives its token once, so a try after a kill finds the link instead."""
    on = signin_of(ctx)
    start = on.starts.get(command.ticket)
    if start is None or start.stage is not Stage.DEVICE:
        return
    try:
        found = on.forge.poll_device(start.device_code)
        if isinstance(found, NotYet):
            _later(ctx, on, start, command, found)
            return
        linked_account(ctx, on, start, found, confirmed=False)
    except Refused as why:
        if row.attempt > 1 and ctx.links.waiting(start.person) is not None:
            on.starts.move(start, replace(start, stage=Stage.DONE, device_code=""))
            return
        _refused(ctx, on, start, why)
        return
    except Transient:
        if ctx.clock.now() < start.expires_at:
            raise
        _refused(ctx, on, start, Refused(Reason.LINK_REFUSED, "GitHub did not answer while the code held.", AGAIN))
        return
    on.starts.move(start, replace(start, stage=Stage.DONE, device_code=""))


def _later(ctx: Context, on: SignIn, start: LinkStart, command: PollDevice, found: NotYet) -> None:
    slower = replace(start, interval=start.interval + SLOWER) if found.slower else start
    if found.slower:
        on.starts.move(start, slower)
    if ctx.clock.now() >= start.expires_at:
        _refused(ctx, on, slower, Refused(Reason.LINK_REFUSED, "The code was not typed in time.", AGAIN))
        return
    turn = command.turn + 1
    ctx.inbox.put(f"device:{start.id}:{turn}", PollDevice(ticket=start.id, turn=turn), delay=slower.interval)


def _refused(ctx: Context, on: SignIn, start: LinkStart, why: Refused) -> None:
    key = f"link-refused:{start.id}:{why.reason}"
    note(ctx, key, "link_refused", start.person, why=why.message, outcome="refused")
    refuse(ctx, start.person, start.origin, "Not linked", why)
    on.starts.move(start, replace(start, stage=Stage.REFUSED, device_code=""))


def wait_for_a_role(ctx: Context, repo: Repo, row: Row, command: Linked) -> None:
    """Ask in the default channel, once, whether the link is true."""
    channel = repo.back.policy(ctx.checkout.fetch()).channel
    card = LinkWaits(command.person, command.login)
    post_once(ctx, first_key(row), "confirm", channel, card, thread=None, broadcast=False)


def confirm_link(ctx: Context, repo: Repo, row: Row, command: ConfirmLink) -> None:
    """Somebody with the role says that the link is true. Never the person themself, whatever role they have."""
    waiting = ctx.links.waiting(command.person)
    if command.by == command.person:
        raise Refused(Reason.NOT_ALLOWED, "You cannot confirm your own link.", "Ask somebody else with the role.")
    if not allowed(ctx, repo.policy(ctx.checkout.fetch()), command.by, "admin"):
        raise Refused(
            Reason.NOT_ALLOWED,
            "Only the policy's role `admin` confirms links.",
            "Ask one of them, or name them in `roles: {admin: [...]}` by a pull request.",
        )
    if waiting is None or waiting.login != command.login:
        if ctx.links.login_of(command.person) == command.login:
            return
        raise Refused(Reason.LINK_REFUSED, "No such link waits any more.", "They begin again: `/slackops link`.")
    seen = {"account": waiting.account, "login": waiting.login, "person": str(command.person)}
    told = entry(ctx, f"link-confirmed:{row.id}", "link_confirmed", command.by, evidence=seen)
    if ctx.links.confirm(command.person, command.login, told):
        receipt(ctx, command.by, command.origin, f"Confirmed: {waiting.login} is theirs.")
