"""Commits made by the forge itself, which signs them: blobs, a tree, a commit, and the branch that points at it.

Author and committer are left out: only then does GitHub sign what an App makes.
https://docs.github.com/rest/git/commits#create-a-commit
https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote

from bot.adapters.github.errors import failure
from bot.adapters.github.session import Session
from bot.errors import Reason, Refused

_FILE = "100644"


def make(
    session: Session, repo: str, parents: tuple[str, ...], base_tree: str, files: Mapping[str, bytes], message: str
) -> tuple[str, str]:
    """Make the commit; its id and its tree's. No branch points at it yet."""
    entries = [
        {"path": path, "mode": _FILE, "type": "blob", "sha": _blob(session, repo, path, data)}
        for path, data in sorted(files.items())
    ]
    body = {"base_tree": base_tree, "tree": entries}
    tree = session.write("Write a tree", "POST", f"/repos/{repo}/git/trees", body, creates=True)["sha"]
    commit = {"message": message, "tree": tree, "parents": list(parents)}
    made = session.write("Write a commit", "POST", f"/repos/{repo}/git/commits", commit, creates=True)
    return str(made["sha"]), str(tree)


def point(session: Session, repo: str, branch: str, commit: str, *, new: bool) -> bool:
    """Have the branch point at the commit, never by force; False where it has moved on, or is there already."""
    if new:
        what, path = f"Make the branch {branch}", f"/repos/{repo}/git/refs"
        answer = session.send(what, "POST", path, {"ref": f"refs/heads/{branch}", "sha": commit}, creates=True)
    else:
        what, path = f"Move the branch {branch}", f"/repos/{repo}/git/refs/heads/{quote(branch)}"
        answer = session.send(what, "PATCH", path, {"sha": commit, "force": False})
    if answer.ok:
        return True
    said = answer.words.lower()
    if answer.status == 422 and any(words in said for words in ("already exists", "fast forward", "does not exist")):
        return False
    if answer.status in {409, 422}:
        raise Refused(
            Reason.FORGE_REFUSED,
            f"{what}: GitHub refused: {answer.words}.",
            "See which rule of the branch forbids it; doctor names what the App needs.",
        )
    raise failure(what, answer)


def _blob(session: Session, repo: str, path: str, data: bytes) -> str:
    body = {"content": base64.b64encode(data).decode(), "encoding": "base64"}
    return str(session.write(f"Write {path}", "POST", f"/repos/{repo}/git/blobs", body, creates=True)["sha"])
