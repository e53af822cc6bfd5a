"""Merging a pull request, and bringing its branch up to date."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from bot.sandbox.github import pulls, pushes
from bot.sandbox.github.compare import base_tip, behind, pull_commits
from bot.sandbox.github.errors import ApiError, invalid
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.mergeability import blockers
from bot.sandbox.github.objects import ZERO, Commit, Identity
from bot.sandbox.github.people import WEB_FLOW
from bot.sandbox.github.repo import GitError
from bot.sandbox.github.rules import rule_of
from bot.sandbox.github.signatures import sign
from bot.sandbox.github.store import Doc

_SETTING = {"merge": "allow_merge_commit", "squash": "allow_squash_merge", "rebase": "allow_rebase_merge"}
_NAMES = {"merge": "Merge commits", "squash": "Squash merges", "rebase": "Rebase merges"}
_MOVED = "Head branch was modified. Review and try the merge again."


def merge(forge: Forge, repo: Repo, number: int, login: str, fields: dict[str, Any]) -> str:
    """Merge and return the new commit. Raises ApiError 405, 409 and 422 (https://docs.github.com/rest/pulls/pulls)."""
    pull, method = pulls.find(forge, repo, number), fields.get("merge_method") or "merge"
    _check(forge, repo, pull, login, method, fields.get("sha"))
    sha = prepare(forge, repo, pull, login, method, fields)
    if sha is None:
        raise ApiError(405, "Pull Request is not mergeable")
    land(forge, repo, pull, login, sha)
    return sha


def prepare(
    forge: Forge, repo: Repo, pull: Doc, login: str, method: str, fields: dict[str, Any] | None = None
) -> str | None:
    """The commit that a merge on the pull request's base would make, or None when it conflicts. Nothing moves."""
    base = base_tip(repo, pull)
    tree = repo.git.merge_tree(base, pull["head_sha"])
    if tree is None:
        return None
    plan = _Merge(forge, repo, pull, login, tree, base, fields or {})
    return {"merge": plan.merge, "squash": plan.squash, "rebase": plan.rebase}[method]()


def land(forge: Forge, repo: Repo, pull: Doc, login: str, sha: str) -> None:
    """Move the base to a commit that was prepared on it, and draw the consequences. Raises ApiError 405."""
    base = base_tip(repo, pull)
    _move_base(repo, pull["base_ref"], sha, base)
    pull = pushes.mark_merged(forge, repo, {**pull, "frozen_base": base}, login, sha)
    pushes.moved(forge, repo, login, [pushes.Move(f"refs/heads/{pull['base_ref']}", base, sha)])
    _tidy(forge, repo, pull, login)


def update_branch(forge: Forge, repo: Repo, number: int, login: str, expected: str | None) -> str:
    """Merge the base into the head branch and return the commit. Raises ApiError 422."""
    pull = pulls.find(forge, repo, number)
    head, base = pull["head_sha"], base_tip(repo, pull)
    if expected and expected != head:
        raise ApiError(422, "Validation Failed", [f"expected head sha didn't match current head ref. {expected}"])
    if pull["state"] != "open":
        raise invalid("PullRequest", "state")
    if not behind(repo, pull):
        raise ApiError(422, "There are no new commits on the base branch.")
    tree = repo.git.merge_tree(base, head)
    if tree is None:
        raise ApiError(422, "merge conflict between base and head")
    message = f"Merge branch '{pull['base_ref']}' into {pull['head_ref']}"
    sha = sign(forge, repo, repo.git.commit_tree(tree, [head, base], message, _me(forge, login), _web()))
    repo.git.update_ref(f"refs/heads/{pull['head_ref']}", sha, head)
    pushes.moved(forge, repo, login, [pushes.Move(f"refs/heads/{pull['head_ref']}", head, sha)])
    return sha


def _check(forge: Forge, repo: Repo, pull: Doc, login: str, method: Any, sha: Any) -> None:
    if method not in _SETTING:
        raise invalid("PullRequest", "merge_method")
    if pull["state"] != "open":
        raise ApiError(405, "Pull Request is not mergeable")
    if pull["draft"]:
        raise ApiError(405, "Pull Request is still a draft")
    if sha is not None and sha != pull["head_sha"]:
        raise ApiError(409, _MOVED)
    if not forge.document(repo)[_SETTING[method]]:
        raise ApiError(405, f"{_NAMES[method]} are not allowed on this repository.")
    rule = rule_of(forge, repo, pull["base_ref"])
    if rule.queue:
        raise ApiError(405, "Changes must be made through the merge queue.")
    if rule.linear and method == "merge":
        raise ApiError(405, "This branch must not contain merge commits.")
    exempt = rule.bypass_admins and forge.people.permission(repo.full_name, login) == "admin"
    against = [] if exempt else blockers(forge, repo, pull, rule)
    if against:
        raise ApiError(405, " ".join(against))


@dataclass(frozen=True)
class _Merge:
    """One merge to be made: ``tree`` is the outcome of the three-way merge."""

    forge: Forge
    repo: Repo
    pull: Doc
    login: str
    tree: str
    base: str
    fields: dict[str, Any]

    def merge(self) -> str:
        """A commit with two parents."""
        title = f"Merge pull request #{self.pull['number']} from {self.repo.owner}/{self.pull['head_ref']}"
        return self._commit(self.pull["head_sha"], message=self._message(title, self.pull["title"]), who=self.login)

    def squash(self) -> str:
        """One commit, whose author is who opened the pull request, whoever merges; other authors become co-authors."""
        author, commits = _me(self.forge, self.pull["user"]), pull_commits(self.repo, self.pull)
        single = commits[0] if len(commits) == 1 else None
        title = f"{single.title if single else self.pull['title']} (#{self.pull['number']})"
        body = single.message.partition("\n")[2].strip() if single else _summary(commits, author)
        return self._commit(message=self._message(title, body), who=self.pull["user"])

    def rebase(self) -> str:
        """Each commit again on top of the base; title and message have no effect here, as at GitHub."""
        tip = self.base
        for commit in pull_commits(self.repo, self.pull):
            tip = _replay(self.repo, commit, tip, _me(self.forge, self.login))
        return tip

    def _commit(self, *parents: str, message: str, who: str) -> str:
        sha = self.repo.git.commit_tree(self.tree, [self.base, *parents], message, _me(self.forge, who), _web())
        return sign(self.forge, self.repo, sha)

    def _message(self, title: str, body: str) -> str:
        head, given = self.fields.get("commit_title") or title, self.fields.get("commit_message")
        text = body if given is None else given
        return f"{head}\n\n{text}" if text else str(head)


def _summary(commits: list[Commit], author: Identity) -> str:
    messages = "\n\n".join(f"* {one.message}" for one in commits)
    others = {
        f"Co-authored-by: {one.author.name} <{one.author.email}>" for one in commits if one.author.email != author.email
    }
    return "\n\n".join([messages, *(["\n".join(sorted(others))] if others else [])])


def _replay(repo: Repo, commit: Commit, onto: str, committer: Identity) -> str:
    """Git 2.39's merge-tree takes no merge base, so a helper commit gives both sides the parent in common."""
    if len(commit.parents) != 1:
        raise ApiError(405, "This branch can't be rebased")
    helper = repo.git.commit_tree(repo.git.known_commit(onto).tree, commit.parents, "helper", committer, committer)
    tree = repo.git.merge_tree(helper, commit.sha)
    if tree is None:
        raise ApiError(405, "This branch can't be rebased")
    return repo.git.commit_tree(tree, [onto], commit.message, commit.author, committer)


def _move_base(repo: Repo, branch: str, new: str, old: str) -> None:
    try:
        repo.git.update_ref(f"refs/heads/{branch}", new, old)
    except GitError:
        raise ApiError(405, "Base branch was modified. Review and try the merge again.") from None


def _tidy(forge: Forge, repo: Repo, pull: Doc, login: str) -> None:
    """Delete the head branch where the repository says so."""
    ref = f"refs/heads/{pull['head_ref']}"
    if forge.document(repo)["delete_branch_on_merge"] and repo.git.ref(ref) == pull["head_sha"]:
        repo.git.update_ref(ref, ZERO, pull["head_sha"])
        forge.event(repo, pull["number"], "head_ref_deleted", login)
        pushes.moved(forge, repo, login, [pushes.Move(ref, pull["head_sha"], ZERO)])


def _me(forge: Forge, login: str) -> Identity:
    return forge.people.identity(login, int(time.time()))


def _web() -> Identity:
    return Identity(*WEB_FLOW, int(time.time()))
