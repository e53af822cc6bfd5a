"""What setting and lifting a freeze or a ban have in common: who may, what is written, who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.domain.change import Change
from bot.domain.commands import Ban, Freeze, Reconcile, Unban, Unfreeze
from bot.domain.decide import not_allowed
from bot.domain.policy import Policy
from bot.domain.state_files import BRANCH, BrokenState
from bot.domain.stop_cards import StopNews
from bot.domain.wording import one_line
from bot.errors import Fatal, Reason, Refused
from bot.ports import Row
from bot.usecases.audited import note
from bot.usecases.context import Context
from bot.usecases.identity import allowed
from bot.usecases.repo import Repo, known_models, unknown_model
from bot.usecases.tell import post_once, receipt

Asked = Freeze | Unfreeze | Ban | Unban
T = TypeVar("T")


def opened(ctx: Context, repo: Repo, command: Asked, role: str) -> tuple[str, Policy]:
    """The head of the default branch and its policy. Raises Refused(NOT_ALLOWED) for somebody without the role."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    place = command.environment if isinstance(command, Freeze | Unfreeze) else ()
    if not allowed(ctx, policy, command.by, role, place, command.model):
        raise not_allowed(role).error()
    return base, policy


def declared(repo: Repo, base: str, model: str) -> None:
    """Raises Refused(UNKNOWN_MODEL) with the nearest name: a stop of a mistyped model would stop nothing."""
    known = known_models(repo, base)
    if model not in known:
        raise unknown_model(model, known)


def whole(parse: Callable[[bytes | None], T], data: bytes | None) -> T:
    """What the file says. Raises Refused(STATE_UNREADABLE): what cannot be read must not be written over."""
    try:
        return parse(data)
    except BrokenState as why:
        unblock = "Mend the file, or delete it and set anew what it held."
        raise Refused(Reason.STATE_UNREADABLE, f"{why} (branch {BRANCH}).", unblock) from None


def commit_text(subject: str, by: str, reason: str | None) -> str:
    """What the commit says of who and why."""
    why = f"\nReason: {one_line(reason)}" if reason else ""
    return f"{one_line(subject)}\n\nBy {one_line(by)} in Slack.{why}"


def look_again(ctx: Context, row: Row, concerned: Callable[[Change], bool]) -> None:
    """Have the open changes that it concerns looked at: what waited goes on, and what must wait says so."""
    for change in ctx.changes.all_open():
        if change.number is not None and concerned(change):
            ctx.inbox.put(f"{row.key}:{change.number}", Reconcile(number=change.number))


def announce(ctx: Context, row: Row, command: Asked, channels: Iterable[str], news: StopNews) -> None:
    """Tell each channel once, and the asker. A channel that cannot be posted to is named to the asker: the stop holds
    all the same."""
    failed = []
    for channel in dict.fromkeys(channels):
        try:
            post_once(ctx, f"stop:{row.id}", f"news:{channel}", channel, news, thread=None, broadcast=False)
        except (Fatal, Refused) as why:
            failed.append(f"It could not be told in {channel}: {why}.")
    receipt(ctx, command.by, command.origin, " ".join([f"{news.headline}.", *failed]))


def note_stop(ctx: Context, row: Row, command: Asked, what: str, **more: Any) -> None:
    """The branch says so now; the chain too."""
    note(ctx, f"stop:{row.id}", what, command.by, model=command.model, why=command.reason, **more)


def account(ctx: Context, command: Asked) -> str | None:
    """The asker's account on the forge, where it is linked: what people call them who read the branch there."""
    return ctx.links.login_of(command.by)
