"""Creating commit statuses and check runs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.github.actions import follow
from bot.sandbox.github.checks import pulls_at, put_run
from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError, custom, invalid
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.shapes.annotations import checked
from bot.sandbox.github.shapes.checks import status_shape
from bot.sandbox.github.shapes.commits import commit_shape
from bot.sandbox.github.store import Doc, now

STATES = {"error", "failure", "pending", "success"}
MAX_DESCRIPTION, MAX_CONTEXTS, MAX_STATUSES = 140, 100, 1_000
RUN_STATES = {"queued", "in_progress", "completed", "waiting", "requested", "pending"}
CONCLUSIONS = {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"}


def create_status(forge: Forge, repo: Repo, sha: str, login: str, app_id: int | None, fields: dict[str, Any]) -> Doc:
    """https://docs.github.com/rest/commits/statuses#create-a-commit-status. Raises ApiError 422."""
    context = fields.get("context") or "default"
    _check_status(forge, repo, sha, context, fields)
    status = {
        "id": forge.store.next_id("status"),
        "sha": sha,
        "context": context,
        "state": fields["state"],
        "description": fields.get("description"),
        "target_url": fields.get("target_url"),
        "creator": login,
        "app_id": app_id,
        "created_at": now(),
        "updated_at": now(),
    }
    forge.store.statuses(repo.full_name, sha).put(status["id"], status)
    details = {key: status[key] for key in ("context", "state", "description", "target_url", "sha")}
    for pull in pulls_at(forge, repo, sha):
        forge.event(repo, pull["number"], "status", login, **details)
    forge.changes.announce({"type": "status", "repo": repo.full_name, "sha": sha, "context": context})
    emit(forge, repo, "status", login, _webhook(forge, repo, status))
    forge.settle(repo)
    return status


def new_run(forge: Forge, repo: Repo, app_id: int, login: str, fields: dict[str, Any]) -> Doc:
    """Create a check run. Raises ApiError 422."""
    name, sha = fields.get("name"), fields.get("head_sha")
    if not isinstance(name, str) or not name:
        raise invalid("CheckRun", "name", "missing_field")
    if not isinstance(sha, str) or repo.git.commit(sha) is None:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    run = {
        "id": forge.store.next_id("check"),
        "name": name,
        "head_sha": sha,
        "app_id": app_id,
        "external_id": "",
        "details_url": None,
        "status": "queued",
        "conclusion": None,
        "started_at": now(),
        "completed_at": None,
        "output": {},
        "log": "",
    }
    return _put(forge, repo, _changed(run, fields), login)


def change_run(forge: Forge, repo: Repo, run: Doc, login: str, fields: dict[str, Any]) -> Doc:
    """Change a check run. Raises ApiError 422."""
    return _put(forge, repo, _changed(run, fields), login)


def _put(forge: Forge, repo: Repo, run: Doc, login: str) -> Doc:
    run = put_run(forge, repo, run, login)
    follow(forge, repo, run, login)
    forge.settle(repo)
    return run


def _changed(run: Doc, fields: dict[str, Any]) -> Doc:
    keys = ("name", "external_id", "details_url", "status", "conclusion", "started_at", "completed_at", "log")
    earlier = run["output"]
    run = {**run, **{key: fields[key] for key in keys if fields.get(key) is not None}}
    if fields.get("output") is not None:  # annotations are added to, the rest is replaced
        notes = [*earlier.get("annotations", []), *checked(fields["output"])]
        run["output"] = {**earlier, **fields["output"], "annotations": notes}
    if run["status"] not in RUN_STATES:
        raise invalid("CheckRun", "status")
    if fields.get("conclusion"):
        run["status"] = "completed"
    if run["status"] == "completed" and run["conclusion"] not in CONCLUSIONS:
        raise invalid("CheckRun", "conclusion", "missing_field" if run["conclusion"] is None else "invalid")
    if run["status"] != "completed":
        return {**run, "conclusion": None, "completed_at": None}
    return {**run, "completed_at": run["completed_at"] or now()}


def _check_status(forge: Forge, repo: Repo, sha: str, context: Any, fields: dict[str, Any]) -> None:
    if repo.git.commit(sha) is None:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    if fields.get("state") not in STATES:
        raise invalid("Status", "state", "missing_field" if fields.get("state") is None else "invalid")
    description, target = fields.get("description"), fields.get("target_url")
    if description is not None and (not isinstance(description, str) or len(description) > MAX_DESCRIPTION):
        text = f"description is too long (maximum is {MAX_DESCRIPTION} characters)"
        raise invalid("Status", "description", "custom", text)
    if target and (not isinstance(target, str) or urlsplit(target).scheme not in {"http", "https"}):
        raise invalid("Status", "target_url", "custom", "target_url must use http(s) scheme")
    if not isinstance(context, str) or len(context) > 255:
        raise invalid("Status", "context")
    _check_room(forge, repo, sha, context)


def _check_room(forge: Forge, repo: Repo, sha: str, context: str) -> None:
    contexts = [status["context"] for status in forge.store.statuses(repo.full_name, sha).all()]
    crowded = context not in contexts and len(set(contexts)) >= MAX_CONTEXTS
    if crowded or contexts.count(context) >= MAX_STATUSES:
        raise custom("Status", "This SHA and context has reached the maximum number of statuses.")


def _webhook(forge: Forge, repo: Repo, status: Doc) -> Doc:
    commit = repo.git.known_commit(status["sha"])
    shown = status_shape(forge, repo, status)
    keys = ("id", "target_url", "context", "description", "state", "created_at", "updated_at", "avatar_url")
    heads = repo.git.refs("refs/heads/")
    url = commit_shape(forge, repo, commit)["url"]
    branches = [
        {"name": name.removeprefix("refs/heads/"), "commit": {"sha": head, "url": url}, "protected": False}
        for name, head in heads.items()
        if head == status["sha"]
    ]
    fields = {key: shown[key] for key in keys}
    return {
        **fields,
        "sha": status["sha"],
        "name": repo.full_name,
        "commit": commit_shape(forge, repo, commit),
        "branches": branches,
    }
