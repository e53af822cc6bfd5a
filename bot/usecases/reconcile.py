"""Re-read one pull request, derive its state, do what is missing. Safe to run at any time and any number of times."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, MergeRefusal, Remark
from bot.domain.commands import Reconcile
from bot.domain.facts import MergeResult, Pull, Status
from bot.domain.policy import Target
from bot.domain.reconcile import (
    APPROVALS,
    ENDS_ROUND,
    GATES,
    Action,
    ClosePull,
    DropBranch,
    Merge,
    Rebuild,
    Say,
    SetStatus,
    Settle,
    ShowCard,
    reconcile,
)
from bot.domain.snapshot import Snapshot
from bot.errors import Fatal, Refused
from bot.ports import NewCommit, Posted, Row
from bot.usecases.by_hand import reconcile_by_hand
from bot.usecases.context import Context
from bot.usecases.observe import digest_at, snapshot
from bot.usecases.pull_text import refresh_body
from bot.usecases.repo import Repo, find_target
from bot.usecases.tell import post_once, show_card

ROUNDS = 6  # rebuild, statuses, merge, end; more means that something else keeps changing it, and a nudge will come


def ask_reconcile(ctx: Context, row: Row, number: int) -> None:
    """Have the pull request looked at after this row. Never done in place: rows about one pull request run one at a
    time, and that is what keeps two workers from posting the same card or review twice."""
    ctx.inbox.put(f"{row.key}:reconcile", Reconcile(number=number))


def reconcile_pull(ctx: Context, repo: Repo, number: int) -> int:
    """Bring one pull request to where it should be; the number of writes that it took."""
    ctx.checkout.fetch()
    change = ctx.changes.by_number(number)
    if change is None:
        pull = ctx.forge.pull(number)
        # The forge's webhook may be faster than the worker that opened it: that one asks again once it has recorded it.
        ours = any(known.branch == pull.head_ref for known in ctx.changes.all_open())
        return 0 if ours else reconcile_by_hand(ctx, repo, pull)
    writes = 0
    for _ in range(ROUNDS):
        done, again = _round(ctx, repo, change.id)
        writes += done
        if not again:
            break
        ctx.checkout.fetch()
    return writes


def _round(ctx: Context, repo: Repo, change_id: str) -> tuple[int, bool]:
    change = ctx.changes.get(change_id)
    if change is None or change.number is None:
        return 0, False
    pull = ctx.forge.pull(change.number)
    try:
        seen = snapshot(ctx, repo, change, pull)
    except Refused as why:
        return block_all(ctx, pull, why), False
    said = frozenset(record.mark for record in ctx.posts.of(change.id) if record.ts)
    actions = reconcile(seen, ctx.forge.statuses(pull.head), said)
    return _apply_all(ctx, repo, seen, actions)


def _apply_all(ctx: Context, repo: Repo, seen: Snapshot, actions: list[Action]) -> tuple[int, bool]:
    """Every action in order. A chat that refuses for good must not keep the forge's side from converging."""
    writes, again, broken = 0, False, None
    for action in actions:
        try:
            writes += _apply(ctx, repo, seen, action)
        except Fatal as error:
            if not isinstance(action, ShowCard | Say):
                raise
            broken = error
        again = again or isinstance(action, ENDS_ROUND)
    if broken and not again:
        raise broken
    return writes, again


def _apply(ctx: Context, repo: Repo, seen: Snapshot, action: Action) -> int:
    match action:
        case SetStatus(sha, status):
            ctx.forge.set_status(sha, status, seen.pull.url)
        case ShowCard():
            return _show(ctx, repo, seen, action)
        case Say():
            _say(ctx, seen, action)
        case ClosePull(comment):
            ctx.forge.close_pull(seen.pull.number, comment)
        case DropBranch(branch):
            ctx.forge.delete_branch(branch)
        case Settle():
            _settle(ctx, seen, action)
        case Rebuild():
            _rebuild(ctx, repo, seen, action)
        case Merge():
            _merge(ctx, seen, action)
    return 1


def channel_of(repo: Repo, seen: Snapshot) -> str:
    """Where the environment's cards go."""
    return repo.policy(seen.base_head).channel_for(seen.change.intent.environment)


def _show(ctx: Context, repo: Repo, seen: Snapshot, action: ShowCard) -> int:
    before = ctx.posts.get(seen.change.id, "card")
    show_card(ctx, seen.change.id, channel_of(repo, seen), action.card)
    after = ctx.posts.get(seen.change.id, "card")
    if before == after:
        return 0
    refresh_body(ctx, repo, seen, action.card)
    return 1


def _say(ctx: Context, seen: Snapshot, action: Say) -> Posted:
    record = ctx.posts.get(seen.change.id, "card")
    if record is None or record.ts is None:
        raise Fatal(f"the card of change {seen.change.id} could not be posted, so its thread cannot either")
    return post_once(
        ctx,
        seen.change.id,
        action.mark,
        record.channel,
        action.message,
        thread=record.ts,
        broadcast=action.broadcast,
    )


def _settle(ctx: Context, seen: Snapshot, end: Settle) -> None:
    ctx.changes.update(
        seen.change.id, lambda c: replace(c, state=end.state, merge_commit=end.merge_commit, merge_refusal=None)
    )


def _rebuild(ctx: Context, repo: Repo, seen: Snapshot, action: Rebuild) -> None:
    """A commit with two parents whose tree is the intent on the new base: a fast-forward, so nobody's work is lost."""
    base = seen.base_head
    policy = repo.policy(base)
    environment = policy.environment(seen.change.intent.environment)
    target = find_target(policy, repo, base, seen.change.intent.model, environment)
    moved = action.intent.digest != seen.change.intent.digest
    head = seen.pull.head
    if not _is_rebuilt(ctx, repo, target, seen, action):
        files = repo.rendered(base, target, seen.change.variables)
        message = f"Bring {seen.change.branch} up to the default branch\n\nSlackOps-Change: {seen.change.id}\n"
        head = ctx.checkout.commit(NewCommit((head, base), base, files, message, int(seen.change.created_at)))
        if not ctx.checkout.push(head, seen.change.branch):
            return
    ctx.changes.update(seen.change.id, lambda c: _rebuilt(c, action, base, head, moved))


def _is_rebuilt(ctx: Context, repo: Repo, target: Target, seen: Snapshot, action: Rebuild) -> bool:
    """An earlier run pushed it and died before it could record that."""
    if seen.pull.head == seen.change.head or ctx.checkout.merge_base(seen.pull.head, seen.base_head) != seen.base_head:
        return False
    return digest_at(ctx, repo, target, seen.change, seen.pull.head) == action.intent.digest


def _rebuilt(change: Change, action: Rebuild, base: str, head: str, moved: bool) -> Change:
    text = "The default branch moved under this change; it was rendered again on top of it."
    if moved:
        text += f" It now starts from {action.intent.frm}, so earlier approvals no longer count."
    remark = Remark(f"rebuilt:{head}", text)
    return replace(change, intent=action.intent, base=base, head=head, remarks=(*change.remarks, remark))


def _merge(ctx: Context, seen: Snapshot, action: Merge) -> None:
    outcome = ctx.forge.merge(seen.pull.number, action.head, action.method, action.title, action.message)
    if outcome.result is MergeResult.BLOCKED:
        refusal = MergeRefusal(outcome.message, seen.situation, seen.now)
        ctx.changes.update(seen.change.id, lambda c: replace(c, merge_refusal=refusal))
    elif seen.change.merge_refusal:
        ctx.changes.update(seen.change.id, lambda c: replace(c, merge_refusal=None))


def block_all(ctx: Context, pull: Pull, why: Refused) -> int:
    """Fail closed: with nothing to judge by, neither status is green."""
    if pull.state != "open":
        return 0
    now, writes = ctx.forge.statuses(pull.head), 0
    for context in (GATES, APPROVALS):
        status = Status(context, "error", f"Cannot be judged: {why.message}"[:140])
        if now.get(context) != status:
            ctx.forge.set_status(pull.head, status, pull.url)
            writes += 1
    return writes
