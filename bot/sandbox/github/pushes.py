"""What a moved branch causes: webhooks, new heads, dismissed approvals, merged and closed pull requests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.github import pulls, reviews
from bot.sandbox.github.compare import base_tip, between
from bot.sandbox.github.emit import emit
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.objects import ZERO, Commit
from bot.sandbox.github.rules import rule_of
from bot.sandbox.github.shapes.base import html
from bot.sandbox.github.shapes.commits import push_commit
from bot.sandbox.github.store import Doc, now

MAX_COMMITS = 2_048


@dataclass(frozen=True)
class Move:
    """One ref that moved; ZERO stands for absent."""

    ref: str
    old: str
    new: str

    @property
    def branch(self) -> str | None:
        """The branch's name, or None for other refs."""
        return self.ref.removeprefix("refs/heads/") if self.ref.startswith("refs/heads/") else None


def moved(forge: Forge, repo: Repo, login: str, moves: list[Move]) -> None:
    """Draw the consequences of moves that already happened."""
    for move in moves:
        forge.change_repo(repo, pushed_at=now())
        forge.changes.announce(
            {"type": "push", "repo": repo.full_name, "ref": move.ref, "before": move.old, "after": move.new}
        )
        _push_webhook(forge, repo, login, move)
        if move.branch is not None:
            _heads(forge, repo, login, move, move.branch)
            _bases(forge, repo, login, move, move.branch)
    forge.settle(repo)


def _heads(forge: Forge, repo: Repo, login: str, move: Move, branch: str) -> None:
    for pull in [one for one in pulls.open_pulls(forge, repo) if one["head_ref"] == branch]:
        if move.new == ZERO:
            forge.event(repo, pull["number"], "head_ref_deleted", login)
            pulls.close(forge, repo, pull, login)
        elif pull["head_sha"] != move.new:
            _synchronize(forge, repo, login, pull, move)


def _synchronize(forge: Forge, repo: Repo, login: str, pull: Doc, move: Move) -> None:
    number, old = pull["number"], pull["head_sha"]
    former = [*pull.get("former_heads", []), old][-50:]
    base = repo.git.branch(pull["base_ref"]) or pull["base_sha"]
    fresh = {"head_sha": move.new, "base_sha": base, "last_pusher": login, "former_heads": former}
    pull = pulls.save(forge, repo, {**pull, **fresh})
    repo.git.update_ref(f"refs/pull/{number}/head", move.new)
    if repo.git.is_ancestor(old, move.new):
        for sha in between(repo, old, move.new):
            if not repo.git.is_ancestor(sha, base):
                pulls.committed(forge, repo, number, sha)
    else:
        forge.event(repo, number, "head_ref_force_pushed", login, before=old, after=move.new)
    pulls.notify(forge, repo, pull, "synchronize", login, before=old, after=move.new)
    if rule_of(forge, repo, pull["base_ref"]).dismiss_stale:
        reviews.dismiss_stale(forge, repo, pull, login)


def _bases(forge: Forge, repo: Repo, login: str, move: Move, branch: str) -> None:
    """A head that reached its base is merged; without its base a pull request closes."""
    waiting = [one for one in pulls.open_pulls(forge, repo) if one["base_ref"] == branch]
    if move.new == ZERO:
        for pull in waiting:
            pulls.close(forge, repo, {**pull, "frozen_base": move.old}, login)
    elif waiting and move.old != ZERO:
        arrived = set(repo.git.rev_list(f"{move.old}..{move.new}"))
        for pull in [one for one in waiting if one["head_sha"] in arrived]:
            merge = _merge_commit(repo, pull["head_sha"], move.new)
            mark_merged(forge, repo, {**pull, "frozen_base": move.old}, login, merge)


def mark_merged(forge: Forge, repo: Repo, pull: Doc, login: str, sha: str) -> Doc:
    """Record a merge, note it and send the webhook."""
    stamp = now()
    fields = {"state": "closed", "closed_at": stamp, "merged_at": stamp, "merged_by": login, "merge_commit_sha": sha}
    pull = pulls.save(forge, repo, {**pull, **fields, "frozen_base": base_tip(repo, pull)})
    forge.change_repo(repo, open_pulls=len(pulls.open_pulls(forge, repo)))
    forge.event(repo, pull["number"], "merged", login, sha=sha)
    forge.event(repo, pull["number"], "closed", login)
    pulls.notify(forge, repo, pull, "closed", login)
    return pull


def _merge_commit(repo: Repo, head: str, tip: str) -> str:
    """The commit of the base's own line that brought the head in."""
    path = repo.git.rev_list("--first-parent", "--ancestry-path", f"{head}..{tip}")
    return path[-1] if path else head


def _push_webhook(forge: Forge, repo: Repo, login: str, move: Move) -> None:
    commits = _new_commits(repo, move)
    shown = [push_commit(forge, repo, commit) for commit in commits]
    tip = repo.git.commit(move.new)
    account = forge.people.account(login)
    forced = ZERO not in (move.old, move.new) and not repo.git.is_ancestor(move.old, move.new)
    span = f"{move.old[:12]}...{move.new[:12]}" if move.old != ZERO else move.new[:12]
    body = {
        "ref": move.ref,
        "before": move.old,
        "after": move.new,
        "created": move.old == ZERO,
        "deleted": move.new == ZERO,
        "forced": forced,
        "base_ref": None,
        "compare": html(forge, f"{repo.full_name}/compare/{span}"),
        "commits": shown,
        "head_commit": push_commit(forge, repo, tip) if tip else None,
        "pusher": {"name": login, "email": account.address if account else ""},
    }
    emit(forge, repo, "push", login, body)


def _new_commits(repo: Repo, move: Move) -> list[Commit]:
    if move.new == ZERO:
        return []
    default = repo.git.branch(repo.git.default_branch)
    start = move.old if move.old != ZERO else default
    names = between(repo, start, move.new) if start and start != move.new else []
    return [repo.git.known_commit(sha) for sha in names[-MAX_COMMITS:]]
