"""Which commits of the default branch moved a bound value, and whose merges they are. Trailers prove nothing: the
record of a change does, by its merge commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.domain.change import Change, Move
from bot.domain.policy import Policy
from bot.domain.push_walk import Landed, accounts_for
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.hand_moves import moves_between
from bot.usecases.repo import Repo

DEPTH = 2000
"""Commits that are looked at one by one; what is older is told as one."""


def landed_between(ctx: Context, repo: Repo, policies: Sequence[Policy], last: str, head: str) -> tuple[Landed, ...]:
    """The first-parent commits after ``last`` that moved a bound value, oldest first, each with its change: also those
    that a later one took back. Where ``last`` is not on that line, all that is known is the difference."""
    line = line_of(ctx, last, head)
    moved = [(commit, parent, found) for parent, commit in line if (found := moved_by(repo, policies, parent, commit))]
    merges = _merges(ctx, {(move.model, move.environment) for _, _, moves in moved for move in moves})
    landed = [
        Landed(commit, parent, _author(ctx, commit, moves), moves, merges.get(commit))
        for commit, parent, moves in moved
    ]
    return _rebased(repo, policies, landed)


def moved_by(repo: Repo, policies: Sequence[Policy], old: str, new: str) -> tuple[Move, ...]:
    """What moved by any of the policies; the first is today's, and a target is told as the first that has it tells."""
    found = {(move.model, move.environment): move for move in moves_between(repo, policies[0], old, new)}
    for policy in policies[1:]:
        with suppress(Refused):  # what it inherits from is there no more
            for move in moves_between(repo, policy, old, new):
                found.setdefault((move.model, move.environment), move)
    return tuple(found.values())


def line_of(ctx: Context, last: str, head: str) -> list[tuple[str, str]]:
    """Steps from a commit to the next one, oldest first, from ``last`` to ``head``."""
    steps: list[tuple[str, str]] = []
    at = head
    while at != last and len(steps) < DEPTH:
        parents = ctx.checkout.parents(at)
        if not parents:
            return [(last, head)]
        steps.append((parents[0], at))
        at = parents[0]
    if at == last:
        return steps[::-1]
    return [(last, at), *steps[::-1]] if ctx.checkout.merge_base(at, last) == last else [(last, head)]


def _author(ctx: Context, commit: str, moves: Sequence[Move]) -> str:
    files = sorted({edit.file for move in moves for edit in move.edits})
    return next((one.author for one in ctx.checkout.history(commit, files, 1) if one.commit == commit), "")


def _merges(ctx: Context, targets: Collection[tuple[str, str]]) -> dict[str, Change]:
    """Changes by merge commit: those whose end is recorded, and those that the forge has merged a moment ago. The open
    ones are read first, so that none slips through while it is being recorded."""
    fresh = [one for one in ctx.changes.all_open() if one.number is not None and _about(one, targets)]
    known = [one for target in targets for one in ctx.changes.merged_for(*target)]
    found = {one.merge_commit: one for one in known if one.merge_commit}
    for change in fresh:
        pull = ctx.forge.pull(change.number or 0)
        if pull.merged and pull.merge_commit:
            found[pull.merge_commit] = change
    return found


def _about(change: Change, targets: Collection[tuple[str, str]]) -> bool:
    moved = [(move.model, move.environment) for move in change.moves]
    return any(one in targets for one in (*moved, (change.intent.model, change.intent.environment)))


def _rebased(repo: Repo, policies: Sequence[Policy], landed: Sequence[Landed]) -> tuple[Landed, ...]:
    """Merged by rebasing, a pull request is several commits, the last of which the forge names: those before it are its
    own where all of them together do what was judged."""
    found = list(landed)
    for at, one in enumerate(found):
        if one.change is None or accounts_for(one.change, one.moves):
            continue
        for begin in range(at - 1, -1, -1):
            if found[begin].change is not None:
                break
            if accounts_for(one.change, moved_by(repo, policies, found[begin].parent, one.commit)):
                found[begin:at] = [replace(earlier, change=one.change) for earlier in found[begin:at]]
                break
    return tuple(found)
