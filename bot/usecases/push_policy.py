"""Policies that came to the default branch past every approval: told once, and written down.

What was approved is a step from one policy to another, and the pull request that makes it.
"""

from __future__ import annotations

import hashlib

from bot.domain.notice_cards import ThreadNews
from bot.domain.policy import Policy, is_policy_file
from bot.errors import Fatal, Refused
from bot.ports import PostRecord
from bot.usecases.audited import note
from bot.usecases.context import Context
from bot.usecases.hand_policy import policy_moved
from bot.usecases.push_landed import line_of
from bot.usecases.repo import FOLDER, SINGLE, Repo
from bot.usecases.tell import post_once

MOST_REBASED = 20
"""Commits that are looked at as one pull request, merged by rebasing."""


def remember_approved(ctx: Context, number: int, start: str, head: str) -> None:
    """Approved is the step from the policy at ``start`` to the one at ``head``."""
    subject, mark = _step(ctx, start, head), str(number)
    if ctx.posts.get(subject, mark) is None:
        ctx.posts.save(PostRecord(subject, mark, "", ctx.clock.now(), head))


def policy_pushes(ctx: Context, repo: Repo, last: str, head: str) -> list[tuple[str, str]]:
    """The commits after ``last``, each with the one before, that brought a policy of which nobody approved."""
    moved = [one for one in line_of(ctx, last, head) if _says_else(ctx, repo, *one)]
    found, at = list[tuple[str, str]](), 0
    while at < len(moved):
        # Merged by rebasing, what was approved is several commits: all of them together are the step.
        ends = range(at + 1, min(len(moved), at + MOST_REBASED) + 1)
        end = next((one for one in ends if _approved(ctx, moved[at][0], moved[one - 1][1])), None)
        found += [] if end else [moved[at]]
        at = end or at + 1
    return found


def tell_policy(ctx: Context, repo: Repo, parent: str, commit: str, pusher: str) -> Fatal | None:
    """One row, and one message where the policy before it would have it: the new one may name any channel. No message
    where neither of the two asks anybody for an approval."""
    author = _author(ctx, commit)
    by = f"github:{pusher}" if pusher else f"git:{author or '?'}"
    note(ctx, f"push:{commit}:policy", "policy outside", by, login=pusher or None, evidence={"commit": commit})
    before, after = _policy(repo, parent), _policy(repo, commit)
    policy = before or after
    if policy is None or (before and after and not _asks_anybody(before) and not _asks_anybody(after)):
        return None
    stage = policy.environments[-1]
    who = f"@{pusher}" if pusher else f"{author or 'somebody'}, as the commit says"
    text = (
        f"Pushed to {ctx.forge.default_branch} by {who}; no approval of it is on record. It holds now. "
        f"Commit {commit[:10]}: {ctx.forge.commit_url(commit)}"
    )
    news = ThreadNews("Outside SlackOps: the policy was changed", text, policy.notify_for(stage.name, "failed"))
    try:
        post_once(ctx, f"push:{commit}:policy", stage.channel, stage.channel, news, thread=None, broadcast=False)
    except Fatal as error:
        return error
    return None


def _asks_anybody(policy: Policy) -> bool:
    """Whether any approval is asked for at all: where none is, a change of the policy is no news."""
    asking = any(stage.approvals.required or stage.approvals.rules for stage in policy.environments)
    return asking or bool(policy.roles.get("admin"))


def _approved(ctx: Context, parent: str, commit: str) -> bool:
    """Whether the step was approved in a pull request, and the commit is its merge."""
    numbers = {int(one.mark) for one in ctx.posts.of(_step(ctx, parent, commit))}
    return any(ctx.forge.pull(number).merge_commit == commit for number in sorted(numbers))


def _step(ctx: Context, old: str, new: str) -> str:
    said = repr([sorted(_files(ctx, commit).items()) for commit in (old, new)])
    return f"policy:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def _files(ctx: Context, commit: str) -> dict[str, bytes]:
    return ctx.checkout.read(commit, _paths(ctx, commit))


def _paths(ctx: Context, commit: str) -> list[str]:
    return [SINGLE, *filter(is_policy_file, ctx.checkout.folder(commit, FOLDER))]


def _author(ctx: Context, commit: str) -> str:
    return next(
        (one.author for one in ctx.checkout.history(commit, _paths(ctx, commit), 1) if one.commit == commit), ""
    )


def _says_else(ctx: Context, repo: Repo, parent: str, commit: str) -> bool:
    """Whether it says something else than the one before, in whatever words. The first of all takes no approval."""
    if not policy_moved(ctx, parent, commit) or not _files(ctx, parent):
        return False
    before = _policy(repo, parent) or _policy(repo.back, parent)  # putting back what held before takes no approval
    return before is None or before != _policy(repo, commit)


def _policy(repo: Repo, commit: str) -> Policy | None:
    try:
        return repo.policy(commit)
    except Refused:
        return None
