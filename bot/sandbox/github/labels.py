"""Labels and the conversation's comments."""

from __future__ import annotations

import hashlib
from typing import Any

from bot.sandbox.github import pulls
from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.shapes.pulls import comment_shape, issue_shape, label_shape
from bot.sandbox.github.store import Doc, now

MAX_NAME, MAX_PER_ISSUE = 50, 100


def create_label(forge: Forge, repo: Repo, fields: dict[str, Any]) -> Doc:
    """A new label of the repository. Raises ApiError 422."""
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid("Label", "name", "missing_field")
    if len(name) > MAX_NAME:
        raise invalid("Label", "name", "custom", f"name is too long (maximum is {MAX_NAME} characters)")
    if forge.store.labels(repo.full_name).get(name.lower()):
        raise invalid("Label", "name", "already_exists")
    color = str(fields.get("color") or hashlib.sha256(name.encode()).hexdigest()[:6]).lower()
    if len(color) != 6 or set(color) - set("0123456789abcdef"):
        raise invalid("Label", "color")
    label = {"id": forge.store.next_id("label"), "name": name, "color": color, "default": False}
    return forge.store.labels(repo.full_name).put(name.lower(), {**label, "description": fields.get("description")})


def add(forge: Forge, repo: Repo, number: int, login: str, names: list[str]) -> Doc:
    """Put labels on a pull request; unknown ones are created. Returns the pull request."""
    pull = pulls.find(forge, repo, number)
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise ApiError(422, "Validation Failed", [{"resource": "Label", "code": "invalid", "field": "name"}])
    for name in dict.fromkeys(names):
        label = forge.store.labels(repo.full_name).get(name.lower()) or create_label(forge, repo, {"name": name})
        if label["name"] in pull["labels"]:
            continue
        if len(pull["labels"]) >= MAX_PER_ISSUE:
            raise invalid("Issue", "labels")
        pull = pulls.save(forge, repo, {**pull, "labels": [*pull["labels"], label["name"]]})
        _changed(forge, repo, pull, label, "labeled", login)
    return pull


def remove(forge: Forge, repo: Repo, number: int, login: str, name: str) -> Doc:
    """Take one label off. Raises ApiError 404."""
    pull = pulls.find(forge, repo, number)
    label = forge.store.labels(repo.full_name).get(name.lower())
    if label is None or label["name"] not in pull["labels"]:
        raise ApiError(404, "Label does not exist")
    rest = [one for one in pull["labels"] if one != label["name"]]
    pull = pulls.save(forge, repo, {**pull, "labels": rest})
    _changed(forge, repo, pull, label, "unlabeled", login)
    return pull


def replace(forge: Forge, repo: Repo, number: int, login: str, names: list[str]) -> Doc:
    """Make exactly these the labels."""
    pull = pulls.find(forge, repo, number)
    wanted = {str(name).lower() for name in names}
    for name in [one for one in pull["labels"] if one.lower() not in wanted]:
        remove(forge, repo, number, login, name)
    return add(forge, repo, number, login, names)


def comment(forge: Forge, repo: Repo, number: int, login: str, body: Any) -> Doc:
    """Write a comment. Raises ApiError 422."""
    pull = pulls.find(forge, repo, number)
    if not isinstance(body, str) or not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    if len(body) > pulls.MAX_BODY:
        raise invalid("IssueComment", "body", "custom", f"body is too long (maximum is {pulls.MAX_BODY} characters)")
    doc: Doc = {
        "id": forge.store.next_id("comment"),
        "user": login,
        "body": body,
        "created_at": now(),
        "updated_at": now(),
    }
    forge.store.comments(repo.full_name, number).put(doc["id"], doc)
    pulls.save(forge, repo, pull)
    forge.event(repo, number, "commented", login, body=body, comment_id=doc["id"])
    _commented(forge, repo, pull, doc, "created", login)
    return doc


def change_comment(forge: Forge, repo: Repo, comment_id: int, login: str, body: Any) -> tuple[int, Doc]:
    """Edit (or with body None delete) a comment; returns the pull request's number and the comment."""
    for pull in forge.store.pulls(repo.full_name).all():
        comments = forge.store.comments(repo.full_name, pull["number"])
        found = comments.get(comment_id)
        if found is None:
            continue
        if body is None:
            comments.delete(comment_id)
        else:
            found = comments.put(comment_id, {**found, "body": body, "updated_at": now()})
        _commented(forge, repo, pull, found, "deleted" if body is None else "edited", login)
        return pull["number"], found
    raise not_found()


def find_comment(forge: Forge, repo: Repo, comment_id: int) -> tuple[int, Doc]:
    """A comment by its id, with its pull request's number. Raises ApiError 404."""
    for pull in forge.store.pulls(repo.full_name).all():
        found = forge.store.comments(repo.full_name, pull["number"]).get(comment_id)
        if found:
            return pull["number"], found
    raise not_found()


def _changed(forge: Forge, repo: Repo, pull: Doc, label: Doc, action: str, login: str) -> None:
    forge.event(repo, pull["number"], action, login, label=label["name"], color=label["color"])
    pulls.notify(forge, repo, pull, action, login, label=label_shape(forge, repo, label))


def _commented(forge: Forge, repo: Repo, pull: Doc, doc: Doc, action: str, login: str) -> None:
    shapes = {"issue": issue_shape(forge, repo, pull), "comment": comment_shape(forge, repo, pull["number"], doc)}
    emit(forge, repo, "issue_comment", login, {"action": action, **shapes})
