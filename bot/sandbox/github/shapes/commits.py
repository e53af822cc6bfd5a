"""Commits, files and trees as GitHub shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.sandbox.github.diffs import diff_files, totals
from bot.sandbox.github.objects import EMPTY_TREE
from bot.sandbox.github.shapes.base import html, node_id, repo_api
from bot.sandbox.github.shapes.users import user

if TYPE_CHECKING:
    from bot.sandbox.github.forge import Forge, Repo
    from bot.sandbox.github.objects import Commit, FileChange, Identity
    from bot.sandbox.github.store import Doc

_UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def person(who: Identity) -> Doc:
    """The author or committer inside a commit."""
    return {"name": who.name, "email": who.email, "date": who.date}


def account_of(forge: Forge, who: Identity) -> Doc | None:
    """The account that a commit's address belongs to."""
    account = forge.people.by_email(who.email)
    return user(forge, account.login) if account else None


def git_commit(forge: Forge, repo: Repo, commit: Commit) -> Doc:
    """The form of the Git database."""
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", commit.sha),
        "url": repo_api(forge, repo.full_name, f"git/commits/{commit.sha}"),
        "html_url": html(forge, f"{repo.full_name}/commit/{commit.sha}"),
        "author": person(commit.author),
        "committer": person(commit.committer),
        "message": commit.message,
        "tree": {"sha": commit.tree, "url": repo_api(forge, repo.full_name, f"git/trees/{commit.tree}")},
        "parents": _parents(forge, repo, commit),
        "verification": _verification(forge, repo, commit),
    }


def _verification(forge: Forge, repo: Repo, commit: Commit) -> Doc:
    if forge.store.signed(repo.full_name).get(commit.sha) is None:
        return dict(_UNSIGNED)
    text = {"signature": "-----BEGIN PGP SIGNATURE-----", "payload": f"tree {commit.tree}"}
    return {"verified": True, "reason": "valid", **text, "verified_at": commit.committer.date}


def commit_shape(forge: Forge, repo: Repo, commit: Commit) -> Doc:
    """The form of commit lists."""
    url = repo_api(forge, repo.full_name, f"commits/{commit.sha}")
    inner = git_commit(forge, repo, commit)
    keys = ("author", "committer", "message", "tree", "url", "verification")
    return {
        "sha": commit.sha,
        "node_id": inner["node_id"],
        "commit": {**{key: inner[key] for key in keys}, "comment_count": 0},
        "url": url,
        "html_url": inner["html_url"],
        "comments_url": f"{url}/comments",
        "author": account_of(forge, commit.author),
        "committer": account_of(forge, commit.committer),
        "parents": inner["parents"],
    }


def full_commit(forge: Forge, repo: Repo, commit: Commit) -> Doc:
    """The form of a single commit: with its files."""
    files = diff_files(repo.git, commit.parents[0] if commit.parents else EMPTY_TREE, commit.sha)
    added, deleted = totals(files)
    stats = {"additions": added, "deletions": deleted, "total": added + deleted}
    shown = [file_shape(forge, repo, file, commit.sha) for file in files]
    return {**commit_shape(forge, repo, commit), "stats": stats, "files": shown}


def push_commit(forge: Forge, repo: Repo, commit: Commit) -> Doc:
    """The form of push webhooks."""
    files = diff_files(repo.git, commit.parents[0] if commit.parents else EMPTY_TREE, commit.sha, patches=False)
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "url": html(forge, f"{repo.full_name}/commit/{commit.sha}"),
        "author": _pusher(forge, commit.author),
        "committer": _pusher(forge, commit.committer),
        "added": [file.path for file in files if file.status in {"added", "renamed", "copied"}],
        "removed": [file.old or file.path for file in files if file.status in {"removed", "renamed"}],
        "modified": [file.path for file in files if file.status in {"modified", "changed"}],
    }


def file_shape(forge: Forge, repo: Repo, file: FileChange, head: str) -> Doc:
    """A changed file."""
    path = quote(file.path)
    shown = {
        "sha": file.sha,
        "filename": file.path,
        "status": file.status,
        "additions": file.additions,
        "deletions": file.deletions,
        "changes": file.additions + file.deletions,
        "blob_url": html(forge, f"{repo.full_name}/blob/{head}/{path}"),
        "raw_url": html(forge, f"{repo.full_name}/raw/{head}/{path}"),
        "contents_url": repo_api(forge, repo.full_name, f"contents/{path}") + f"?ref={head}",
    }
    former = {"previous_filename": file.old} if file.old else {}
    return {**shown, **former, **({"patch": file.patch} if file.patch is not None else {})}


def _parents(forge: Forge, repo: Repo, commit: Commit) -> list[Doc]:
    name = repo.full_name
    return [
        {
            "sha": sha,
            "url": repo_api(forge, name, f"commits/{sha}"),
            "html_url": html(forge, f"{name}/commit/{sha}"),
        }
        for sha in commit.parents
    ]


def _pusher(forge: Forge, who: Identity) -> Doc:
    account = forge.people.by_email(who.email)
    return {"name": who.name, "email": who.email, **({"username": account.login} if account else {})}
