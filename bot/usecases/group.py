"""The merge queue: what the forge built out of pull requests is judged again before it lands, by the policy of now.

https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.by_hand import meaning
from bot.domain.change import Change
from bot.domain.commands import JudgeGroup
from bot.domain.commit_statuses import APPROVALS, GATES, approvals_status, gates_status, watched
from bot.domain.facts import QueueEntry, Status
from bot.domain.groups import REF, chain_of, together
from bot.domain.policy import Policy
from bot.domain.reconcile import FINAL
from bot.domain.snapshot import stage
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.hand_moves import moves_between
from bot.usecases.hand_policy import MENDS, enforced, mends, policy_moved
from bot.usecases.observe import snapshot
from bot.usecases.policy_review import agreed
from bot.usecases.repo import Repo, find_target

UNKNOWN = "What this group is made of is not known; it was not judged"
UNLISTED = "The queue does not show this group: it is judged as soon as it does"


def ask_groups(ctx: Context, key: str) -> int:
    """Have every group of the queue judged: for those that no webhook told of, and those that were judged before a
    freeze came, or an approval went. How many there are."""
    groups = [entry.group for entry in ctx.forge.queue() or () if entry.group]
    for sha in groups:
        ctx.inbox.put(f"{key}:group:{sha}", JudgeGroup(sha=sha, ref=REF))
    return len(groups)


def judge_group(ctx: Context, repo: Repo, command: JudgeGroup) -> int:
    """Set both statuses on the group's commit where they differ; the number of writes."""
    if not command.ref.startswith(REF):
        return 0
    entries = ctx.forge.queue() or ()  # before the base: what merges in between is still in the chain
    base = ctx.checkout.fetch()
    if not ctx.checkout.ensure(command.sha):
        return 0  # the queue has dropped it again
    now = ctx.forge.statuses(command.sha)
    wanted = [one for one in _judged(ctx, repo, entries, command.sha, base) if now.get(one.context) != one]
    for status in wanted:
        ctx.forge.set_status(command.sha, status)
    return len(wanted)


def _judged(ctx: Context, repo: Repo, entries: Sequence[QueueEntry], sha: str, base: str) -> tuple[Status, ...]:
    try:
        told = _of_chain(ctx, repo, repo.policy(base), entries, sha, base)
    except Refused as why:
        mended = mends(ctx, repo, base, sha)
        words = MENDS if mended else f"The policy of the default branch cannot be read: {why.message}"
        told = _both("success" if mended else "error", words)
    return told if enforced(repo, base) else tuple(watched(status) for status in told)


def _of_chain(
    ctx: Context, repo: Repo, policy: Policy, entries: Sequence[QueueEntry], sha: str, base: str
) -> tuple[Status, ...]:
    chain = chain_of(entries, sha, base)
    if chain:
        return together([(entry, _of_entry(ctx, repo, policy, entry)) for entry in chain])
    if not moves_between(repo, policy, base, sha):
        return _both("success", "No deployed version changes here")
    if all(entry.group != sha for entry in entries):
        return _both("pending", UNLISTED)  # a failure would throw out of the queue what it does not show yet
    return _both("failure", UNKNOWN)


def _of_entry(ctx: Context, repo: Repo, policy: Policy, entry: QueueEntry) -> tuple[Status, ...]:
    """What one pull request of the group does there, and whether just that is what was judged and approved."""
    if not entry.group or not entry.base or not (ctx.checkout.ensure(entry.group) and ctx.checkout.ensure(entry.base)):
        return _both("failure", UNKNOWN)
    moves = moves_between(repo, policy, entry.base, entry.group)
    if not moves:
        return _moving_nothing(ctx, repo, entry)
    change, pull = ctx.changes.by_number(entry.number), ctx.forge.pull(entry.number)
    if change is None or change.state.final or pull.head != entry.head:
        return _both("failure", "It moves a deployed version, and was not judged")
    if change.by_hand:
        same = change.head == pull.head and meaning(change.moves) == meaning(moves)
    else:
        same = _renders(ctx, repo.back if change.swift else repo, policy, change, entry.base, entry.group)
    if not same:
        return _both("failure", "In the queue it would move something else than what was judged")
    seen = snapshot(ctx, repo, change, pull)
    if stage(seen) in FINAL:
        return _both("failure", "It is not open any more")
    return gates_status(seen), approvals_status(seen)


def _moving_nothing(ctx: Context, repo: Repo, entry: QueueEntry) -> tuple[Status, ...]:
    """Of what moves no value only the policy that it may bring takes approvals."""
    told = _both("success", "No deployed version changes here")
    pull = ctx.forge.pull(entry.number) if policy_moved(ctx, entry.base or "", entry.group or "") else None
    words = agreed(ctx, repo, pull) if pull else None
    return (told[0], Status(APPROVALS, words[0], words[1][:140])) if words else told


def _renders(ctx: Context, repo: Repo, policy: Policy, change: Change, base: str, commit: str) -> bool:
    """Whether a commit on top of another is the change and nothing else: by its tree, as everywhere."""
    try:
        environment = policy.environment(change.intent.environment)
        target = find_target(policy, repo, base, change.intent.model, environment)
        intent, files = repo.intent(base, target, change.intent, change.aim), repo.rendered(base, target, change.aim)
    except Refused:
        return False
    moved = sorted(ctx.checkout.changed_paths(base, commit))
    held = ctx.checkout.read(commit, sorted(files))
    return intent.digest == change.intent.digest and moved == sorted(files) and held == files


def _both(state: str, text: str) -> tuple[Status, ...]:
    return tuple(Status(context, state, text[:140]) for context in (GATES, APPROVALS))
