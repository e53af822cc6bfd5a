"""Pushes to the default branch that moved a bound value outside of every change: told once, and written down.

The place up to which the branch was looked at is kept, so that asking now and then is enough where no webhook comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bot.domain.change import Move
from bot.domain.commands import TellPush
from bot.domain.policy import Policy
from bot.domain.push_cards import PushLine, PushNews
from bot.domain.push_walk import Landed, Stretch, outside
from bot.errors import Fatal, Refused
from bot.ports import PostRecord
from bot.usecases.audited import note
from bot.usecases.context import Context
from bot.usecases.hand_policy import policy_moved
from bot.usecases.push_landed import landed_between, moved_by
from bot.usecases.push_policy import policy_pushes, tell_policy
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once

SUBJECT, MARK, BEGUN, FIRST = "default-branch", "told", "telling", "first"
STARTING = 600.0
"""Seconds after the first look of all in which a webhook may tell of a push that came just before it."""


def ask_push(ctx: Context, key: str, head: str) -> None:
    """Have the default branch looked at, where it is not the head that was looked at last."""
    if told_until(ctx) != head:
        ctx.inbox.put(key, TellPush(before="", after=head))


def told_until(ctx: Context) -> str | None:
    """The head of the default branch that was looked at last; None before the first time."""
    record = ctx.posts.get(SUBJECT, MARK)
    return record.ts if record else None


def tell_push(ctx: Context, repo: Repo, command: TellPush) -> None:
    """Tell what came since the last look. The first look of all only remembers where it began."""
    head = ctx.checkout.fetch()
    last = _last(ctx, command)
    broken: list[Fatal | None] = []
    while last is not None and last != head:
        policies = _policies(ctx, repo, head, last)
        if not policies:
            break  # the next look tells it: the place stays where it is
        end = _until(ctx, last, head)
        broken += [_tell_policy(ctx, repo, command, one) for one in policy_pushes(ctx, repo, last, end)]
        found = _stretches(ctx, repo, policies, last, end)
        broken += [_tell(ctx, repo, policies, command, stretch) for stretch in found]
        _told(ctx, end)
        last = end
    if last is None:
        _told(ctx, head, FIRST)
    for error in broken:
        if error is not None:
            raise error


def _told(ctx: Context, head: str, looked: str = "") -> None:
    ctx.posts.save(PostRecord(SUBJECT, MARK, "", ctx.clock.now(), head, looked))


def _until(ctx: Context, last: str, head: str) -> str:
    """How far to tell at once. It is written down first: a look that was cut off is gone through again with the very
    same end, whatever was pushed since, so that nothing is told twice in other words."""
    begun = ctx.posts.get(SUBJECT, BEGUN)
    if begun is not None and begun.ts == last and ctx.checkout.ensure(begun.fingerprint):
        return begun.fingerprint
    ctx.posts.save(PostRecord(SUBJECT, BEGUN, "", ctx.clock.now(), last, head))
    return head


def _last(ctx: Context, command: TellPush) -> str | None:
    """Where to begin; None where that is not known, or not to be had any more."""
    last = command.before if _just_begun(ctx, command) else told_until(ctx) or command.before
    return last if last and set(last) != {"0"} and ctx.checkout.ensure(last) else None


def _just_begun(ctx: Context, command: TellPush) -> bool:
    """The first look of all overtook the webhook of a push: it remembered the head, and told nothing."""
    record = ctx.posts.get(SUBJECT, MARK)
    if record is None or record.fingerprint != FIRST or not command.before:
        return False
    return ctx.clock.now() - record.since <= STARTING


def _policies(ctx: Context, repo: Repo, head: str, last: str) -> tuple[Policy, ...]:
    """Today's, and the one before where the push changed it: a push must not hide what it moves by leaving it out of
    the policy."""
    found: list[Policy] = []
    for commit in (head, last) if policy_moved(ctx, last, head) else (head,):
        with suppress(Refused):
            found.append(repo.policy(commit))
    return tuple(found)


def _stretches(ctx: Context, repo: Repo, policies: Sequence[Policy], last: str, head: str) -> tuple[Stretch, ...]:
    if ctx.checkout.merge_base(last, head) == last:
        return outside(landed_between(ctx, repo, policies, last, head))
    moves = moved_by(repo, policies, last, head)  # history was rewritten: all that is known is the difference
    one = Landed(head, last, "", moves)
    return (Stretch(one, one),) if moves else ()


def _tell_policy(ctx: Context, repo: Repo, command: TellPush, step: tuple[str, str]) -> Fatal | None:
    return tell_policy(ctx, repo, *step, _pusher(ctx, command, step[1]))


def _tell(ctx: Context, repo: Repo, policies: Sequence[Policy], command: TellPush, stretch: Stretch) -> Fatal | None:
    """One message in each channel that it concerns, and one row for each target that it moved."""
    moves = moved_by(repo, policies, stretch.first.parent, stretch.last.commit)
    pusher = _pusher(ctx, command, stretch.last.commit)
    for move in moves:
        _note(ctx, stretch, move, pusher)
    broken: Fatal | None = None
    for channel, told in _by_channel(policies, moves).items():
        news = PushNews(
            lines=tuple(PushLine(move.model, move.environment, move.frm, move.to) for move in reversed(told)),
            commit=stretch.last.commit,
            url=ctx.forge.commit_url(stretch.last.commit),
            branch=ctx.forge.default_branch,
            pusher=pusher,
            author=stretch.last.author,
        )
        try:
            post_once(ctx, f"push:{stretch.last.commit}", channel, channel, news, thread=None, broadcast=False)
        except Fatal as error:  # a channel that is not there keeps the others from nothing
            broken = broken or error
    return broken


def _by_channel(policies: Sequence[Policy], moves: tuple[Move, ...]) -> dict[str, list[Move]]:
    channels = {stage.name: stage.channel for policy in reversed(policies) for stage in policy.environments}
    found: dict[str, list[Move]] = {}
    for move in moves:
        found.setdefault(channels[move.environment], []).append(move)
    return found


def _note(ctx: Context, stretch: Stretch, move: Move, pusher: str) -> None:
    by = f"github:{pusher}" if pusher else f"git:{stretch.last.author or '?'}"
    edits = [
        {"file": one.file, "selector": one.selector, "old": one.old.text, "new": one.new.text} for one in move.edits
    ]
    note(
        ctx,
        f"push:{stretch.last.commit}:{move.model}:{move.environment}",
        "outside",
        by,
        model=move.model,
        environment=move.environment,
        version=move.to,
        login=pusher or None,
        evidence={"commit": stretch.last.commit, "from": move.frm or "", "to": move.to, "edits": edits},
    )


def _pusher(ctx: Context, command: TellPush, commit: str) -> str:
    """Who pushed it, where the forge told: the commit is one of those of this push."""
    known = all(one and set(one) != {"0"} and ctx.checkout.ensure(one) for one in (command.before, command.after))
    if not command.pusher or not known:
        return ""
    new = ctx.checkout.merge_base(commit, command.before) != commit
    return command.pusher if new and ctx.checkout.merge_base(commit, command.after) == commit else ""
