"""What a pull request adds to its base, for open ones against the base as it is now."""

from __future__ import annotations

from bot.sandbox.github.diffs import diff_files, diff_text
from bot.sandbox.github.forge import Repo
from bot.sandbox.github.objects import Commit, FileChange
from bot.sandbox.github.store import Doc


def base_tip(repo: Repo, pull: Doc) -> str:
    """The commit that the pull request is compared with."""
    frozen: str | None = pull["frozen_base"]
    return frozen or repo.git.branch(pull["base_ref"]) or str(pull["base_sha"])


def diff_base(repo: Repo, pull: Doc) -> str:
    """The merge base of head and base."""
    tip = base_tip(repo, pull)
    return repo.git.merge_base(tip, pull["head_sha"]) or tip


def pull_files(repo: Repo, pull: Doc, patches: bool = True) -> list[FileChange]:
    """The files that the pull request changes."""
    return diff_files(repo.git, diff_base(repo, pull), pull["head_sha"], patches)


def pull_diff(repo: Repo, pull: Doc) -> str:
    """The pull request as a unified diff."""
    return diff_text(repo.git, diff_base(repo, pull), pull["head_sha"])


def pull_commits(repo: Repo, pull: Doc) -> list[Commit]:
    """The pull request's commits, oldest first."""
    return [repo.git.known_commit(sha) for sha in between(repo, diff_base(repo, pull), pull["head_sha"])]


def between(repo: Repo, old: str, new: str) -> list[str]:
    """Commits reachable from ``new`` and not from ``old``, oldest first."""
    commit = repo.git.commit(new)
    if commit and commit.parents == (old,):
        return [new]
    return repo.git.rev_list("--topo-order", "--reverse", f"{old}..{new}")


def behind(repo: Repo, pull: Doc) -> bool:
    """Whether the base has commits that the head has not."""
    tip = base_tip(repo, pull)
    return repo.git.merge_base(tip, pull["head_sha"]) != tip
