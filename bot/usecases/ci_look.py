"""A look at the CI of a commit: read it again, see what is news, write that down, and then tell it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.change import Change
from bot.domain.ci_branch import CiBranch, Snooze
from bot.domain.ci_fold import FLAP_SECONDS, Look, fold
from bot.domain.commands import LookCi
from bot.errors import Refused
from bot.ports import Ci, CiLog, Row
from bot.usecases.ci_dress import Runs, dressed
from bot.usecases.ci_places import Concern, concern_of, known_repos
from bot.usecases.ci_tell import tell_ci_news
from bot.usecases.context import Context
from bot.usecases.repo import Repo

SETTLE_SECONDS = 2.0
"""A suite ends check by check: what comes within this time is looked at once."""
MOST_COMPARED = 20
THREAD_SECONDS, MOST_SECONDS = 30.0, 3600.0
MOST_HEADS = 10
"""Heads of open changes that the clock has looked at in one go."""


@dataclass(frozen=True)
class _Place:
    """Where a commit stands; ``head`` is that of its branch."""

    branch: str
    sha: str
    head: str
    change: Change | None = None


def look_ci(ctx: Context, repo: Repo, row: Row, command: LookCi) -> None:
    """Carry out the row. The first word of a webhook only asks for a look a moment later."""
    ci, log = ctx.ci, ctx.ci_log
    if ci is None or log is None:
        return
    if not command.settled:
        key = f"ci:{command.repo.casefold()}:{command.sha}:{ctx.clock.now() // SETTLE_SECONDS:.0f}"
        ctx.inbox.put(key, command.model_copy(update={"settled": True, "branch": ""}), delay=SETTLE_SECONDS)
        return
    ctx.inbox.absorb(row)
    concern = _concern(ctx, repo, command.repo)
    place = _place(ctx, ci, concern, command.sha) if concern else None
    if concern and place:
        _look(ctx, repo, row, ci, log, concern, place)


def poll_ci(ctx: Context, repo: Repo, row: Row) -> None:
    """Have the head of each repository looked at, and of some open changes: where no webhook comes, and for those that
    were lost."""
    ctx.inbox.absorb(row)
    if ctx.ci is None or ctx.ci_log is None:
        return
    try:
        policy = repo.policy(ctx.checkout.fetch())
    except Refused:
        return
    for name in known_repos(policy, ctx.forge.repository):
        ctx.inbox.put(f"{row.key}:{name.casefold()}", LookCi(repo=name, sha="", settled=True))
    for change in _some_open(ctx, row.key):
        look = LookCi(repo=ctx.forge.repository, sha=change.head or "", settled=True)
        ctx.inbox.put(f"{row.key}:{change.id}", look)


def _some_open(ctx: Context, key: str) -> list[Change]:
    """Open changes whose head's CI may have moved with no webhook: others each time, where there are many."""
    waiting = [one for one in ctx.changes.all_open() if one.head and one.number is not None]
    waiting.sort(key=lambda one: hashlib.sha256(f"{key}:{one.id}".encode()).digest())
    return waiting[:MOST_HEADS]


def _concern(ctx: Context, repo: Repo, name: str) -> Concern | None:
    try:
        return concern_of(ctx, repo.policy(ctx.checkout.fetch()), name)
    except Refused:
        return None  # the next look finds it, once somebody has mended the policy


def _place(ctx: Context, ci: Ci, concern: Concern, sha: str) -> _Place | None:
    """None for what is neither on the default branch nor the head of an open change. What a webhook says of branches
    is not asked: a fork's may be called anything."""
    default = ci.default_branch(concern.repo)
    head = ci.head(concern.repo, default) if default else None
    if default is None or head is None:
        return None
    if sha in ("", head):
        return _Place(default, head, head)
    if concern.every:
        change = next((one for one in ctx.changes.all_open() if one.head == sha and one.number is not None), None)
        if change is not None:
            return _Place(_branch_of(change), sha, sha, change)
    between = ctx.forge.compare(concern.repo, sha, head)
    return _Place(default, sha, head) if between is not None and between.status == "ahead" else None


def _branch_of(change: Change) -> str:
    """The bot names its own branches; what people call theirs, in a fork even, may be the name of any other."""
    return change.branch if change.branch and not change.by_hand else f"#{change.number}"


def _look(ctx: Context, repo: Repo, row: Row, ci: Ci, log: CiLog, concern: Concern, place: _Place) -> None:
    main = place.change is None
    before = log.get(concern.repo, place.branch) or CiBranch(concern.repo, place.branch, main=main)
    runs: Runs = {sha: tuple(ci.runs(concern.repo, sha)) for sha in dict.fromkeys((place.head, place.sha))}
    branch = _folded(ctx, log, concern, before, place, runs)
    if branch.dirty or branch.news:
        branch = dressed(ctx, concern, branch, runs)
    if branch != before:
        _again(ctx, row, before, branch)
        log.save(branch)
    if (branch.dirty or branch.news) and not _waits(ctx, place):
        broken = tell_ci_news(ctx, repo, row, concern, branch, place.change)
        log.save(branch.settled())
        if broken is not None:
            raise broken


def _waits(ctx: Context, place: _Place) -> bool:
    """Whether the change has no card yet in whose thread it could be told: then it is looked at again: soon, and the
    older the change, the later."""
    if place.change is None:
        return False
    card = ctx.posts.get(place.change.id, "card")
    if card is not None and card.ts:
        return False
    pause, age = THREAD_SECONDS, ctx.clock.now() - place.change.created_at
    while 2 * pause < min(age, MOST_SECONDS):
        pause *= 2
    key = f"ci-thread:{place.change.id}:{place.sha}:{pause:.0f}:{ctx.clock.now() // pause:.0f}"
    ctx.inbox.put(key, LookCi(repo=ctx.forge.repository, sha=place.sha, settled=True), delay=pause)
    return True


def _folded(ctx: Context, log: CiLog, concern: Concern, branch: CiBranch, place: _Place, runs: Runs) -> CiBranch:
    """The head first: what an older commit says is news only where no newer one says otherwise."""
    snoozes = branch.snoozes if branch.main else _snoozes(log, concern.repo)
    now = ctx.clock.now()
    branch = fold(branch, Look(place.head, runs[place.head], None, snoozes, now))
    if place.sha == place.head:
        return branch
    before = frozenset(_before(ctx, concern.repo, branch, place.sha))
    return fold(branch, Look(place.sha, runs[place.sha], before, snoozes, now))


def _before(ctx: Context, repo: str, branch: CiBranch, sha: str) -> Iterator[str]:
    """Those of the commits that the branch stands on which come before this one."""
    newest = sorted(branch.gates.values(), key=lambda one: one.at, reverse=True)
    known = dict.fromkeys(name for one in newest for name in (one.sha, one.green) if name and name != sha)
    for name in list(known)[:MOST_COMPARED]:
        between = ctx.forge.compare(repo, name, sha)
        if between is not None and between.status == "ahead":
            yield name


def _snoozes(log: CiLog, repo: str) -> dict[str, Snooze]:
    return {gate: one for branch in log.of(repo) if branch.main for gate, one in branch.snoozes.items()}


def _again(ctx: Context, row: Row, before: CiBranch, branch: CiBranch) -> None:
    """What flaps is looked at once more when an hour of quiet is over."""
    new = [gate for gate, one in branch.gates.items() if one.damped and one != before.gates.get(gate)]
    if new:
        look = LookCi(repo=branch.repo, sha="", settled=True)
        ctx.inbox.put(f"ci-flaps:{row.key}", look, delay=FLAP_SECONDS)
