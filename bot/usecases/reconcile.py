"""Re-read one pull request, derive its state, do what is missing. Safe to run at any time and any number of times."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cards import Stage
from bot.domain.change import Change, ChangeState
from bot.domain.commands import Reconcile, Watch
from bot.domain.facts import Pull
from bot.domain.reconcile import ENDS_ROUND, FINAL, reconcile
from bot.domain.reconcile_actions import (
    Action,
    ClosePull,
    Comment,
    Dequeue,
    Draw,
    DropBranch,
    EditPull,
    Expire,
    LeftQueue,
    Merge,
    Rebuild,
    Say,
    SetStatus,
    Settle,
    ShowCard,
)
from bot.domain.reminding import next_look
from bot.domain.snapshot import Snapshot, stage
from bot.errors import ChatUnavailable, Fatal, SlackOpsError
from bot.ports import Row
from bot.usecases.audit_merges import ended_entry
from bot.usecases.audit_reviews import note_counting
from bot.usecases.by_hand import look_by_hand
from bot.usecases.charting import draw_once
from bot.usecases.context import Context
from bot.usecases.details import keep_evaluation
from bot.usecases.expiring import expire, told_together
from bot.usecases.glass_debt import see_to_glass
from bot.usecases.hand_comment import comment_once
from bot.usecases.looking_again import look_again_later
from bot.usecases.merging import merge, rebuild
from bot.usecases.observe import snapshot
from bot.usecases.queueing import left, take_out
from bot.usecases.repo import Repo
from bot.usecases.stops import stopped_meanwhile
from bot.usecases.subscribing import ask_telling
from bot.usecases.tell import post_once, show_card

ROUNDS = 6  # rebuild, statuses, merge, end; more means that something else keeps changing it, and a nudge will come


def ask_reconcile(ctx: Context, row: Row, number: int) -> None:
    """Have the pull request looked at after this row. Never done in place: rows about one pull request run one at a
    time, and that is what keeps two workers from posting the same card or review twice."""
    ctx.inbox.put(f"{row.key}:reconcile", Reconcile(number=number))


def reconcile_pull(ctx: Context, repo: Repo, number: int) -> int:
    """Bring one pull request to where it should be; the number of writes that it took."""
    ctx.checkout.fetch()
    change, writes = ctx.changes.by_number(number), 0
    if change is None or (change.by_hand and not _handed_over(ctx, change)):
        writes, change = _by_hand(ctx, repo, number, change)
    if change is None:
        return writes
    if _handed_over(ctx, change):
        return writes + int(change.glass is not None and see_to_glass(ctx, repo, change.id))
    for _ in range(ROUNDS):
        done, again = _round(ctx, repo, change.id)
        writes += done
        if not again:
            break
        ctx.checkout.fetch()
    if change.glass is not None and see_to_glass(ctx, repo, change.id):
        writes += 1 + _round(ctx, repo, change.id)[0]
    return writes


def _by_hand(ctx: Context, repo: Repo, number: int, change: Change | None) -> tuple[int, Change | None]:
    pull = ctx.forge.pull(number)
    # The forge's webhook may be faster than the worker that opened it: that one asks again once it has recorded it.
    ours = change is None and any(_opening(one, pull) for one in ctx.changes.all_open())
    return (0, None) if ours else look_by_hand(ctx, repo, pull, change)


def _opening(change: Change, pull: Pull) -> bool:
    """A change of the bot's own whose pull request is this one, and not written down yet. A branch of that name in a
    fork is somebody else's."""
    return change.number is None and not change.by_hand and change.branch == pull.head_ref


def _handed_over(ctx: Context, change: Change) -> bool:
    """Merged, all said about that, and watched since, or watched to the end: the card is the watcher's."""
    followed = change.state is ChangeState.WATCHING or change.outcome is not None
    merged = ctx.posts.get(change.id, Stage.MERGED.value.lower())
    return followed and merged is not None and merged.ts is not None


def _round(ctx: Context, repo: Repo, change_id: str) -> tuple[int, bool]:
    change = ctx.changes.get(change_id)
    if change is None or change.number is None:
        return 0, False
    seen = snapshot(ctx, repo, change, ctx.forge.pull(change.number))
    said = frozenset(record.mark for record in ctx.posts.of(change.id) if record.ts)
    actions = reconcile(seen, ctx.forge.statuses(seen.pull.head), said)
    note_counting(ctx, seen)
    keep_evaluation(ctx, seen)
    look_again_later(ctx, seen)
    _look_when_it_passes(ctx, seen)
    return _apply_all(ctx, repo, seen, actions)


def _look_when_it_passes(ctx: Context, seen: Snapshot) -> None:
    """A gate that knows its end, such as a freeze, lets the merge happen by itself then; a reminder is due, a window
    closes, nobody cared for it long enough."""
    at = stage(seen)
    moment = None if at in FINAL else next_look(seen, at)
    if moment is not None:
        key = f"passes:{seen.pull.number}:{moment:.3f}"
        ctx.inbox.put(key, Reconcile(number=seen.pull.number), max(0.0, moment - seen.now))


def _apply_all(ctx: Context, repo: Repo, seen: Snapshot, actions: list[Action]) -> tuple[int, bool]:
    """Every action in order. A chat that does not answer must not keep the forge's side from converging."""
    writes, again = 0, False
    broken: SlackOpsError | None = None
    for action in actions:
        if isinstance(action, Merge) and (writes or _is_old(ctx, repo, seen)):
            again = True  # the look that this was decided on is old by now
            break
        try:
            writes += _apply(ctx, repo, seen, action)
        except (Fatal, ChatUnavailable) as error:
            if not isinstance(action, ShowCard | Say | Draw):
                raise
            broken = broken or error  # the first says why; what follows from it is no news
        again = again or isinstance(action, ENDS_ROUND)
    if broken and not again:
        raise broken
    return writes, again


def _is_old(ctx: Context, repo: Repo, seen: Snapshot) -> bool:
    """A freeze, a ban, or a commit on the default branch, which may hold another policy, came since the look."""
    stopped = stopped_meanwhile(ctx, repo, seen.change, seen.also)
    return stopped or ctx.checkout.head() != seen.base_head


def _apply(  # noqa: C901, PLR0912  (one line an action)
    ctx: Context, repo: Repo, seen: Snapshot, action: Action
) -> int:
    match action:
        case SetStatus(sha, status):
            ctx.forge.set_status(sha, status, status.url or seen.pull.url)
        case ShowCard(card):
            return int(bool(seen.channel) and show_card(ctx, seen.change.id, seen.channel, card))
        case EditPull(title, body):
            ctx.forge.edit_pull(seen.pull.number, title=title, body=body)
        case Say():
            _say(ctx, seen, action)
        case Draw(mark):
            return draw_once(ctx, repo, seen, mark)
        case Dequeue(why):
            take_out(ctx, seen, why)
        case LeftQueue():
            left(ctx, seen)
        case Comment(body):
            return comment_once(ctx, seen, body)
        case ClosePull(comment):
            ctx.forge.close_pull(seen.pull.number, comment)
        case DropBranch(branch):
            ctx.forge.delete_branch(branch)
        case Settle():
            _settle(ctx, seen, action)
        case Expire(why):
            expire(ctx, seen, why)
        case Rebuild(intent):
            rebuild(ctx, repo, seen, intent)
        case Merge():
            merge(ctx, seen, action)
    return 1


def _say(ctx: Context, seen: Snapshot, action: Say) -> None:
    card = ctx.posts.get(seen.change.id, "card")
    if card is None or card.ts is None:
        raise Fatal(f"the card of change {seen.change.id} could not be posted, so its thread cannot either")
    if action.gather and told_together(ctx, seen, action, card.channel):
        return
    ask_telling(ctx, seen.change, action, card.channel)
    post_once(
        ctx,
        seen.change.id,
        action.mark,
        card.channel,
        action.message,
        thread=card.ts,
        broadcast=action.broadcast,
    )


def _settle(ctx: Context, seen: Snapshot, end: Settle) -> None:
    merged_at = (end.merged_at or seen.now) if end.merge_commit else None
    change = ctx.changes.update(
        seen.change.id,
        lambda c: replace(
            c, state=end.state, merge_commit=end.merge_commit, merged_at=c.merged_at or merged_at, merge_refusal=None
        ),
        ended_entry(ctx, seen, end.state, end.merge_commit),
    )
    if change.state is ChangeState.WATCHING:
        watch = Watch(change=change.id, number=change.number or 0)
        ctx.inbox.put(f"merged:{change.id}", watch)  # the same order as this row's: carried out after it
    else:
        _free(ctx, change)


def _free(ctx: Context, ended: Change) -> None:
    """What is watched in its place may be steered again: its card says so, before the next sweep does."""
    place = ended.intent.model, ended.intent.environment
    for one in ctx.changes.all_watching():
        if (one.intent.model, one.intent.environment) == place and one.number is not None:
            ctx.inbox.put(f"ended:{ended.id}:{one.id}", Watch(change=one.id, number=one.number))
