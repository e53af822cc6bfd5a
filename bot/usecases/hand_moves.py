"""What a branch, or a push, does to the bound values of the deployment repo: told by trees alone."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.by_hand import REMOVED, manual_intent, meaning
from bot.domain.change import Change, Edit, Move
from bot.domain.facts import Pull
from bot.domain.policy import Policy, Target
from bot.manifests.comparing import file_edits, value_edits
from bot.usecases.context import Context
from bot.usecases.repo import Repo, find_target, target_at
from bot.usecases.standing import Standing

STALE = "was moved on the default branch meanwhile: bring this branch up to date."


def moves_between(repo: Repo, policy: Policy, old: str, new: str) -> tuple[Move, ...]:
    """Every target whose bound values differ between two commits, in promotion order, then by model."""
    return tuple(_move(repo, target, old, new) for target in _moved(repo, policy, old, new))


def moves_of_branch(repo: Repo, policy: Policy, onto: str, head: str) -> tuple[Move, ...] | None:
    """What merging ``head`` into ``onto`` would move; None where they have no common history, or one that
    was merged both ways, so that a merge has several places to begin at.

    Where ``onto`` has moved a target meanwhile nobody knows what a merge would leave there: that is a problem, unless
    both say the same by now.
    """
    base = repo.checkout.merge_base(head, onto)
    if base is None:
        return None
    found = []
    for target in _moved(repo, policy, base, head):
        now = _said(repo, target, onto)
        if now == _said(repo, target, head):
            continue
        move = _move(repo, target, base, head)
        found.append(move if now == _said(repo, target, base) else replace(move, problem=f"{_place(move)} {STALE}"))
    return tuple(found)


def hand_digest(ctx: Context, repo: Repo, change: Change, commit: str, pull: Pull) -> str | None:
    """The digest of ``change`` where a commit moves what its record says, else one of what it moves; None where that
    cannot be told. ``change`` may be one part of the whole: each part dies when any of them means something else."""
    if not ctx.checkout.ensure(commit):
        return None
    onto = change.base if pull.merged or change.state.final else ctx.checkout.head()
    found = moves_of_branch(repo, repo.policy(onto), onto, commit)
    if found is None:
        return None
    if meaning(found) == meaning(change.moves):
        return change.intent.digest
    return manual_intent(found).digest if found else ""


def target_of(policy: Policy, repo: Repo, base: str, change: Change, head: str) -> Target:
    """The target of a change; one that a pull request by hand brings in is not on the default branch yet. Raises
    Refused(UNKNOWN_MODEL | NO_TARGET)."""
    intent, stage = change.intent, policy.environment(change.intent.environment)
    new = target_at(policy, repo, head, intent.model, stage.name) if change.by_hand else None
    return new or find_target(policy, repo, base, intent.model, stage)


def _moved(repo: Repo, policy: Policy, old: str, new: str) -> list[Target]:
    changed = set(repo.checkout.changed_paths(old, new))
    laid_out = {match[0] for path in changed if (match := policy.match_layout(path)) is not None}
    found = []
    for environment in policy.environments if changed else ():
        for model in sorted(laid_out | set(policy.models)):
            target = _at_either(policy, repo, old, new, model, environment.name)
            if target is None or not changed & {f for one in (target, *repo.inherited_from(target)) for f in one.files}:
                continue
            if _said(repo, target, old) != _said(repo, target, new):
                found.append(target)
    return found


def _at_either(policy: Policy, repo: Repo, old: str, new: str, model: str, environment: str) -> Target | None:
    return target_at(policy, repo, new, model, environment) or target_at(policy, repo, old, model, environment)


def _move(repo: Repo, target: Target, old: str, new: str) -> Move:
    before, after = repo.standing(old, target), repo.standing(new, target)
    if not _bytes(repo, target, new):
        return Move(target.model, target.environment, before.shown, REMOVED, _edits(repo, target, old, new))
    to, edits = after.newest or after.shown or after.reading.state, _edits(repo, target, old, new)
    return Move(target.model, target.environment, before.shown, to, edits, _problem(target, after))


def _problem(target: Target, after: Standing) -> str:
    told = after.source or after.reading
    return "" if told.state == "pinned" else f"{_place(target)} would not say one version: {told.message or told.state}"


def _place(one: Move | Target) -> str:
    return f"{one.model} in {one.environment}"


def _edits(repo: Repo, target: Target, old: str, new: str) -> tuple[Edit, ...]:
    """Its own values, else those of what it inherits; the bytes of its files where it is by none of them."""
    for one in (target, *repo.inherited_from(target)):
        if found := value_edits(one, repo.files(old, one), repo.files(new, one)):
            return found
    return file_edits(_files(repo, target), _bytes(repo, target, old), _bytes(repo, target, new))


def _said(repo: Repo, target: Target, commit: str) -> object:
    """What a target says, or inherits, whatever the line it stands on; all bytes where that is not one version."""
    seen = repo.standing(commit, target)
    told = seen.source or seen.reading
    if told.state == "pinned":
        return seen.said
    return told.state, told.raw, _bytes(repo, target, commit)


def _files(repo: Repo, target: Target) -> list[str]:
    return [file for one in (target, *repo.inherited_from(target)) for file in one.files]


def _bytes(repo: Repo, target: Target, commit: str) -> dict[str, bytes]:
    """The files' bytes; those that it inherits from where it says nothing of its own."""
    every = (target, *repo.inherited_from(target))
    return {path: data for one in every for path, data in repo.files(commit, one).items()}
