"""The two acts that move a branch: merging it, and rendering it anew on a base that moved."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, Intent, MergeRefusal, Remark
from bot.domain.facts import MergeOutcome, MergeResult
from bot.domain.policy import Target
from bot.domain.reconcile_actions import Merge
from bot.domain.snapshot import Snapshot
from bot.errors import Refused
from bot.ports import NewCommit
from bot.usecases.audit_merges import note_merging, refused_entry
from bot.usecases.audited import BOT, entry
from bot.usecases.branch import digest_at
from bot.usecases.context import Context
from bot.usecases.going_back import chosen
from bot.usecases.history import past
from bot.usecases.landing import land
from bot.usecases.queueing import entered
from bot.usecases.repo import Repo, find_target


def merge(ctx: Context, seen: Snapshot, action: Merge) -> None:
    """Merge the head that was judged, unless somebody held, closed, joined or superseded the change meanwhile."""
    note_merging(ctx, seen)  # before the last look, so that nothing lies between that and the merge
    if ctx.changes.get(seen.change.id) != seen.change:
        return
    try:
        outcome = ctx.forge.merge(seen.pull.number, action.head, action.method, action.title, action.message)
    except Refused as why:
        outcome = MergeOutcome(MergeResult.BLOCKED, message=why.message)
    if outcome.result is MergeResult.QUEUED:
        entered(ctx, seen)
    elif outcome.result is MergeResult.BLOCKED and not _brought_up(ctx, seen):
        _refused(ctx, seen, outcome.message)
    elif seen.change.merge_refusal:
        ctx.changes.update(seen.change.id, lambda c: replace(c, merge_refusal=None))


def _brought_up(ctx: Context, seen: Snapshot) -> bool:
    """A strict forge merges only what holds its whole base: let it merge the base into the branch, once per base."""
    refusal = seen.change.merge_refusal
    tried = refusal is not None and refusal.situation == seen.situation
    if tried or not seen.behind or not ctx.forge.pull(seen.pull.number).outdated:
        return False
    return ctx.forge.update_branch(seen.pull.number, seen.pull.head)


def _refused(ctx: Context, seen: Snapshot, words: str) -> None:
    refusal = MergeRefusal(words, seen.situation, seen.now)
    told = refused_entry(ctx, seen, words)
    ctx.changes.update(seen.change.id, lambda c: replace(c, merge_refusal=refusal), told)


def rebuild(ctx: Context, repo: Repo, seen: Snapshot, intent: Intent) -> None:
    """A commit with two parents whose tree is the intent on the new base: a fast-forward, so nobody's work is lost."""
    base = seen.base_head
    repo = repo.back if seen.change.swift else repo
    policy = repo.policy(base)
    environment = policy.environment(seen.change.intent.environment)
    target = find_target(policy, repo, base, seen.change.intent.model, environment)
    head: str | None = seen.pull.head
    if not _is_rebuilt(ctx, repo, target, seen, intent):
        head = _push(ctx, repo, target, seen)
    if head is None:
        return
    before = chosen(ctx, repo, past(repo, base, target), intent.frm, target.model, target.environment)
    held = before is not None and before.past.version == intent.to
    given_up = seen.change.rung is not None and seen.change.rung.aborted_by is not None  # always to the stable version
    swift = seen.change.swift and (held or given_up)
    rebuilt = _rebuilt(seen.change, intent, base, head)
    ctx.changes.update(
        seen.change.id,
        lambda c: replace(
            c,
            intent=intent,
            base=base,
            head=head,
            swift=swift,
            unattended=c.unattended and intent.digest == c.intent.digest,  # never over a newer change
            remarks=(*c.remarks, rebuilt),
        ),
        entry(ctx, f"rebuilt:{head}", "rebuilt", BOT, replace(seen.change, intent=intent), evidence=_moved(seen, head)),
    )


def _moved(seen: Snapshot, head: str) -> dict[str, str]:
    return {"base": seen.base_head, "head": head, "digest_before": seen.change.intent.digest}


def _push(ctx: Context, repo: Repo, target: Target, seen: Snapshot) -> str | None:
    """The new head; None when the branch has moved on, or the forge forbids it: then the next look says so."""
    files = repo.rendered(seen.base_head, target, seen.change.aim)
    message = f"Bring {seen.change.branch} up to the default branch\n\nSlackOps-Change: {seen.change.id}\n"
    parents, time = (seen.pull.head, seen.base_head), int(seen.change.created_at)
    try:
        return land(ctx, repo, NewCommit(parents, seen.base_head, files, message, time), seen.change.branch)
    except Refused as why:
        _refused(ctx, seen, why.message)
        return None


def _is_rebuilt(ctx: Context, repo: Repo, target: Target, seen: Snapshot, intent: Intent) -> bool:
    """An earlier run pushed it and died before it could record that."""
    if seen.pull.head == seen.change.head or seen.behind:
        return False
    return digest_at(ctx, repo, target, seen.change, seen.pull.head, seen.pull) == intent.digest


def _rebuilt(change: Change, intent: Intent, base: str, head: str) -> Remark:
    text = f"The default branch moved under this change (now {base[:10]}); it was rendered again on top of it."
    if intent.digest != change.intent.digest:
        text += f" It now goes from {intent.frm} to {intent.to}, so earlier approvals no longer count."
    return Remark(f"rebuilt:{head}", text)
