"""Opening, changing, closing and reopening pull requests."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.compare import base_tip, between
from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import custom, invalid, not_found
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.objects import ZERO
from bot.sandbox.github.shapes.pulls import full_pull
from bot.sandbox.github.store import Doc, now

MAX_TITLE, MAX_BODY = 256, 65_536


def find(forge: Forge, repo: Repo, number: int) -> Doc:
    """A pull request. Raises ApiError 404."""
    found = forge.store.pulls(repo.full_name).get(number)
    if found is None:
        raise not_found()
    return found


def open_pulls(forge: Forge, repo: Repo) -> list[Doc]:
    """The open pull requests, oldest first."""
    return [pull for pull in forge.store.pulls(repo.full_name).all() if pull["state"] == "open"]


def create(forge: Forge, repo: Repo, login: str, fields: dict[str, Any]) -> Doc:
    """Open a pull request. Raises ApiError 422 for what GitHub refuses."""
    head, base = _check_new(forge, repo, fields)
    head_sha, base_sha = repo.git.branch(head), repo.git.branch(base)
    assert head_sha and base_sha
    number = forge.store.next_id(f"number:{repo.full_name}")
    pull = _document(forge.store.next_id("pull"), number, login, fields)
    pull |= {"head_ref": head, "head_sha": head_sha, "base_ref": base, "base_sha": base_sha, "last_pusher": login}
    repo.git.update_ref(f"refs/pull/{number}/head", head_sha)
    forge.store.pulls(repo.full_name).put(number, pull)
    forge.change_repo(repo, open_pulls=len(open_pulls(forge, repo)))
    forge.event(repo, number, "opened", login)
    for sha in between(repo, base_sha, head_sha):
        committed(forge, repo, number, sha)
    notify(forge, repo, pull, "opened", login)
    return pull


def update(forge: Forge, repo: Repo, number: int, login: str, fields: dict[str, Any]) -> Doc:
    """Change title, body, base or state. Raises ApiError 422."""
    pull = find(forge, repo, number)
    _check_texts(fields)
    if "base" in fields and repo.git.branch(str(fields["base"])) is None:
        raise invalid("PullRequest", "base")
    changes: Doc = {key: fields[key] for key in ("title", "body") if key in fields and fields[key] != pull[key]}
    if fields.get("base") not in (None, pull["base_ref"]):
        changes |= {"base_ref": fields["base"], "base_sha": repo.git.branch(fields["base"])}
    if changes:
        before = {key.removesuffix("_ref"): {"from": pull[key]} for key in changes if key != "base_sha"}
        pull = save(forge, repo, {**pull, **changes})
        forge.event(repo, number, "edited", login, fields=sorted(before))
        notify(forge, repo, pull, "edited", login, changes=before)
    return _set_state(forge, repo, pull, fields.get("state"), login)


def close(forge: Forge, repo: Repo, pull: Doc, login: str, **details: Any) -> Doc:
    """Close without merging."""
    stamp = {"state": "closed", "closed_at": now(), "frozen_base": base_tip(repo, pull)}
    pull = save(forge, repo, {**pull, **stamp})
    forge.change_repo(repo, open_pulls=len(open_pulls(forge, repo)))
    forge.event(repo, pull["number"], "closed", login, **details)
    notify(forge, repo, pull, "closed", login)
    forge.settle(repo)
    return pull


def reopen(forge: Forge, repo: Repo, pull: Doc, login: str) -> Doc:
    """Open again. Raises ApiError 422 when it was merged, its branch is gone or another one took its place."""
    head = repo.git.branch(pull["head_ref"])
    if pull["merged_at"]:
        raise invalid("PullRequest", "state", message="state cannot be changed. The pull request cannot be reopened.")
    if head is None:
        raise custom("PullRequest", f"state cannot be changed. The {pull['head_ref']} branch has been deleted.")
    _refuse_duplicate(forge, repo, pull["head_ref"], pull["base_ref"])
    repo.git.update_ref(f"refs/pull/{pull['number']}/head", head)
    fresh = {"state": "open", "closed_at": None, "frozen_base": None, "head_sha": head}
    pull = save(forge, repo, {**pull, **fresh})
    forge.change_repo(repo, open_pulls=len(open_pulls(forge, repo)))
    forge.event(repo, pull["number"], "reopened", login)
    notify(forge, repo, pull, "reopened", login)
    return pull


def save(forge: Forge, repo: Repo, pull: Doc) -> Doc:
    """Store a changed pull request."""
    return forge.store.pulls(repo.full_name).put(pull["number"], {**pull, "updated_at": now()})


def notify(forge: Forge, repo: Repo, pull: Doc, action: str, sender: str, **details: Any) -> None:
    """Send a ``pull_request`` webhook."""
    body = {"action": action, "number": pull["number"], "pull_request": full_pull(forge, repo, pull), **details}
    emit(forge, repo, "pull_request", sender, body)


def committed(forge: Forge, repo: Repo, number: int, sha: str) -> None:
    """Note a commit in the timeline."""
    commit = repo.git.known_commit(sha)
    account = forge.people.by_email(commit.author.email)
    actor = account.login if account else commit.author.name
    forge.event(repo, number, "committed", actor, sha=sha, message=commit.message)


def _set_state(forge: Forge, repo: Repo, pull: Doc, state: Any, login: str) -> Doc:
    if state not in (None, "open", "closed"):
        raise invalid("PullRequest", "state")
    if state in (None, pull["state"]):
        return pull
    return close(forge, repo, pull, login) if state == "closed" else reopen(forge, repo, pull, login)


def _check_new(forge: Forge, repo: Repo, fields: dict[str, Any]) -> tuple[str, str]:
    for field in ("head", "base", "title"):
        if not isinstance(fields.get(field), str) or not fields[field].strip():
            raise invalid("PullRequest", field, "missing_field")
    _check_texts(fields)
    owner, colon, branch = fields["head"].rpartition(":")
    if (colon and owner.lower() != repo.owner.lower()) or repo.git.branch(branch) is None:
        raise invalid("PullRequest", "head")
    if repo.git.branch(fields["base"]) is None:
        raise invalid("PullRequest", "base")
    _refuse_duplicate(forge, repo, branch, fields["base"])
    _refuse_empty(repo, branch, fields["base"])
    return branch, fields["base"]


def _check_texts(fields: dict[str, Any]) -> None:
    for field, limit in (("title", MAX_TITLE), ("body", MAX_BODY)):
        value = fields.get(field)
        if value is not None and not isinstance(value, str):
            raise invalid("PullRequest", field)
        if value and len(value) > limit:
            raise invalid("PullRequest", field, "custom", f"{field} is too long (maximum is {limit} characters)")
    if "title" in fields and not (fields["title"] or "").strip():
        raise invalid("PullRequest", "title", "missing_field")


def _refuse_duplicate(forge: Forge, repo: Repo, head: str, base: str) -> None:
    if any((pull["head_ref"], pull["base_ref"]) == (head, base) for pull in open_pulls(forge, repo)):
        raise custom("PullRequest", f"A pull request already exists for {repo.owner}:{head}.")


def _refuse_empty(repo: Repo, head: str, base: str) -> None:
    new, old = repo.git.branch(head) or ZERO, repo.git.branch(base) or ZERO
    common = repo.git.merge_base(old, new)
    if common is None:
        raise custom("PullRequest", f"The {head} branch has no history in common with {base}")
    if common == new:
        raise custom("PullRequest", f"No commits between {base} and {head}")


def _document(number_of_all: int, number: int, login: str, fields: dict[str, Any]) -> Doc:
    empty = dict.fromkeys(("closed_at", "merged_at", "merged_by", "merge_commit_sha", "frozen_base"))
    return {
        "id": number_of_all,
        "number": number,
        "user": login,
        "title": fields["title"],
        "body": fields.get("body"),
        "draft": bool(fields.get("draft")),
        "state": "open",
        "created_at": now(),
        "updated_at": now(),
        "labels": [],
        "requested_reviewers": [],
        "requested_teams": [],
        **empty,
    }
