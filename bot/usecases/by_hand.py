"""Pull requests that people opened: our two statuses stand on them too, so that they can be required. One that moves
bound values has a record and a card like any change, and is judged by the same rules; what merges it are people."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.by_hand import judged_again, new_record
from bot.domain.change import Change, Move
from bot.domain.commit_statuses import (
    APPROVALS,
    DESCRIPTION_LIMIT,
    GATES,
    approvals_status,
    gates_status,
    same_status,
    shown_as,
    watched,
)
from bot.domain.facts import Pull, Status
from bot.domain.people import Person
from bot.domain.policy import is_policy_file
from bot.errors import Refused
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.details import keep_evaluation
from bot.usecases.hand_moves import moves_of_branch
from bot.usecases.hand_policy import MENDS, enforced, mends
from bot.usecases.observe import snapshot
from bot.usecases.policy_review import agreed
from bot.usecases.repo import Repo

OURS = "slackops/"
LOST = "SlackOps opened it and has no record of who asked: close it and ask again"
UNTOLD = "What merging this would do cannot be told: merge the default branch into it once more"
VALID = "The policy is valid, and no deployed version changes here"


@dataclass(frozen=True)
class Told:
    """Both statuses, where nothing has to be judged."""

    state: str
    text: str
    nothing: bool = False
    """It moves no bound value: that is known."""
    agreed: tuple[str, str] | None = None
    """State and text of `slackops/approvals` where they are not the same."""


def look_by_hand(ctx: Context, repo: Repo, pull: Pull, change: Change | None) -> tuple[int, Change | None]:
    """Statuses of what moves nothing, and of drafts; for the rest the record, brought up to date, which goes on as any
    change does. The first is the number of writes, the second None where there is no more to do."""
    if pull.state != "open" or pull.base_ref != ctx.forge.default_branch:
        return 0, change
    try:
        found = _looked_at(ctx, repo, pull)
    except Refused as why:
        found = _policy_broken(ctx, repo, pull, why)
    if not isinstance(found, Told):
        return _moving(ctx, repo, pull, change, found)
    if change is not None and not found.nothing:
        return 0, change  # its own look says so: each status has one author, or they would never settle
    if change is not None:
        change = _recorded(ctx, change, pull, ())
    return _set(ctx, repo, pull, found), change


def _policy_broken(ctx: Context, repo: Repo, pull: Pull, why: Refused) -> Told:
    if mends(ctx, repo, ctx.checkout.head(), pull.head):
        return Told("success", MENDS, agreed=agreed(ctx, repo, pull))
    return Told("error", f"The policy of the default branch cannot be read: {why.message}")


def _looked_at(ctx: Context, repo: Repo, pull: Pull) -> Told | tuple[Move, ...]:
    """What it moves; or what is said of it where that is nothing, or not known. Raises Refused for the policy."""
    base = ctx.checkout.head()
    policy = repo.policy(base)
    if not ctx.checkout.ensure(pull.head):
        return Told("pending", "The head of this branch cannot be read yet")
    moves = moves_of_branch(repo, policy, base, pull.head)
    if moves is None:
        return Told("failure", UNTOLD)
    fault = _policy_fault(ctx, repo, pull)
    if moves and fault:
        return tuple(replace(move, problem=fault) for move in moves)
    if moves:
        return moves
    return _moving_nothing(ctx, repo, pull, fault)


def _moving_nothing(ctx: Context, repo: Repo, pull: Pull, fault: str | None) -> Told:
    """``fault`` is as `_policy_fault` tells it."""
    if fault is None:
        return Told("success", "No deployed version changes here", nothing=True)
    if fault:
        return Told("failure", fault, nothing=True)
    return Told("success", VALID, nothing=True, agreed=agreed(ctx, repo, pull))


def _policy_fault(ctx: Context, repo: Repo, pull: Pull) -> str | None:
    """What would be wrong with the policy after it; empty for one that is right, None where it stays as it is. The
    values are judged by the policy before it all the same."""
    base = ctx.checkout.merge_base(pull.head, ctx.checkout.head()) or ""
    if not any(map(is_policy_file, ctx.checkout.changed_paths(base, pull.head))):
        return None
    try:
        repo.policy(pull.head)
    except Refused as why:
        return f"The policy would be invalid: {why.message}"
    return ""


def _moving(
    ctx: Context, repo: Repo, pull: Pull, change: Change | None, moves: tuple[Move, ...]
) -> tuple[int, Change | None]:
    if change is not None:
        return 0, _recorded(ctx, change, pull, moves)
    if pull.author == ctx.forge.login and pull.head_ref.startswith(OURS):
        return _set(ctx, repo, pull, Told("failure", LOST)), None
    author = ctx.links.by_login(pull.author, pull.author_account)
    new = new_record(pull, moves, ctx.checkout.head(), author, ctx.clock.now())
    if pull.draft:
        return _draft(ctx, repo, pull, new), None
    ctx.changes.add(new, entry(ctx, f"by-hand:{new.id}", "opened by hand", _author(pull, author), new))
    return 0, new


def _draft(ctx: Context, repo: Repo, pull: Pull, change: Change) -> int:
    """Nobody is asked to look at a draft; it is told all the same how it stands."""
    seen = snapshot(ctx, repo, change, pull)
    keep_evaluation(ctx, seen)
    return _put(ctx, pull, *(shown_as(status, seen) for status in (gates_status(seen), approvals_status(seen))))


def _recorded(ctx: Context, change: Change, pull: Pull, moves: tuple[Move, ...]) -> Change:
    """The record as the branch is now. A push that means something else is a row of the audit chain."""
    new = judged_again(change, pull, moves, ctx.checkout.head())
    same = (new.moves, new.head, new.state) == (change.moves, change.head, change.state)
    if same:
        return change
    who = _author(pull, ctx.links.by_login(pull.author, pull.author_account))
    row = entry(ctx, f"by-hand:{change.id}:{pull.head}", "changed by hand", who, new)
    return ctx.changes.update(change.id, lambda c: judged_again(c, pull, moves, new.base), row)


def _author(pull: Pull, author: Person | None) -> Person | str:
    return author or f"github:{pull.author}"


def _set(ctx: Context, repo: Repo, pull: Pull, told: Told) -> int:
    said = {GATES: (told.state, told.text), APPROVALS: told.agreed or (told.state, told.text)}
    both = (Status(context, state, text[:DESCRIPTION_LIMIT]) for context, (state, text) in said.items())
    if not enforced(repo, ctx.checkout.head()):
        both = (watched(status) for status in both)
    return _put(ctx, pull, *both)


def _put(ctx: Context, pull: Pull, *wanted: Status) -> int:
    """Set the statuses that differ; how many did."""
    now = ctx.forge.statuses(pull.head)
    missing = [status for status in wanted if not same_status(now.get(status.context), status)]
    for status in missing:
        ctx.forge.set_status(pull.head, status, status.url or pull.url)
    return len(missing)
