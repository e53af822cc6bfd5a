"""Deployments and their statuses."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.checks import combined, latest_statuses
from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import node_id, repo_api
from bot.sandbox.github.shapes.users import user
from bot.sandbox.github.store import Doc, now

_STATES = {"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}
_FINAL = {"success", "error", "failure"}


def create(ctx: Ctx) -> Reply:
    """POST deployments: 409 when a required context has not succeeded."""
    ref = ctx.fields.get("ref")
    if not isinstance(ref, str) or not ref:
        raise invalid("Deployment", "ref", "missing_field")
    sha = ctx.repo.git.resolve(ref)
    if sha is None:
        raise ApiError(422, f"No ref found for: {ref}")
    _check_contexts(ctx, sha, ref)
    document = {
        "id": ctx.forge.store.next_id("deployment"),
        "sha": sha,
        "ref": ref,
        "task": ctx.fields.get("task", "deploy"),
        "payload": ctx.fields.get("payload", {}),
        "environment": ctx.fields.get("environment", "production"),
        "description": ctx.fields.get("description"),
        "creator": ctx.actor.login,
        "created_at": now(),
        "updated_at": now(),
        "transient_environment": bool(ctx.fields.get("transient_environment")),
        "production_environment": bool(ctx.fields.get("production_environment", True)),
        "statuses": [],
    }
    _store(ctx, document)
    emit(ctx.forge, ctx.repo, "deployment", ctx.actor.login, {"action": "created", "deployment": _shape(ctx, document)})
    return Reply(_shape(ctx, document), 201)


def listing(ctx: Ctx) -> Reply:
    """GET deployments: newest first, by sha, ref, task, environment."""
    found = ctx.forge.store.deployments(ctx.repo.full_name).all()[::-1]
    keys = ("sha", "ref", "task", "environment")
    wanted = [one for one in found if all(ctx.query.get(key) in (None, "none", one[key]) for key in keys)]
    return ctx.page(wanted, lambda one: _shape(ctx, one))


def get(ctx: Ctx) -> Reply:
    """GET deployments/{id}."""
    return Reply(_shape(ctx, _find(ctx)))


def create_status(ctx: Ctx) -> Reply:
    """POST deployments/{id}/statuses; a success makes older deployments of the environment inactive.

    No webhook tells of an inactive one (https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status).
    """
    document, state = _find(ctx), ctx.fields.get("state")
    if state not in _STATES:
        raise invalid("DeploymentStatus", "state", "missing_field" if state is None else "invalid")
    status = _new_status(ctx, document, str(state))
    if state == "success" and ctx.fields.get("auto_inactive", True):
        _retire(ctx, document)
    document = _store(ctx, {**document, "statuses": [*document["statuses"], status], "updated_at": now()})
    shown = {"deployment_status": _status(ctx, document, status), "deployment": _shape(ctx, document)}
    if state != "inactive":
        emit(ctx.forge, ctx.repo, "deployment_status", ctx.actor.login, {"action": "created", **shown})
    return Reply(shown["deployment_status"], 201)


def statuses(ctx: Ctx) -> Reply:
    """GET deployments/{id}/statuses: newest first."""
    document = _find(ctx)
    return ctx.page(document["statuses"][::-1], lambda status: _status(ctx, document, status))


def _check_contexts(ctx: Ctx, sha: str, ref: str) -> None:
    statuses, wanted = latest_statuses(ctx.forge, ctx.repo, sha), ctx.fields.get("required_contexts")
    found = {one["context"]: combined([one]) for one in statuses}
    names = list(found) if wanted is None else wanted
    failed = [name for name in names if found.get(name) != "success"]
    if failed:
        field = [{"resource": "Deployment", "field": "required_contexts", "code": "invalid", "contexts": failed}]
        raise ApiError(409, f"Conflict: Commit status checks failed for {ref}.", field)


def _new_status(ctx: Ctx, document: Doc, state: str) -> Doc:
    texts = {key: str(ctx.fields.get(key) or "") for key in ("description", "log_url", "environment_url", "target_url")}
    if len(texts["description"]) > 140:
        raise invalid(
            "DeploymentStatus", "description", "custom", "description is too long (maximum is 140 characters)"
        )
    number = ctx.forge.store.next_id("deployment-status")
    environment = ctx.fields.get("environment") or document["environment"]
    return {"id": number, "state": state, "environment": environment, "creator": ctx.actor.login, "at": now(), **texts}


def _retire(ctx: Ctx, document: Doc) -> None:
    for other in ctx.forge.store.deployments(ctx.repo.full_name).all():
        last = other["statuses"][-1]["state"] if other["statuses"] else None
        if other["id"] != document["id"] and other["environment"] == document["environment"] and last in _FINAL:
            _store(ctx, {**other, "statuses": [*other["statuses"], _new_status(ctx, other, "inactive")]})


def _find(ctx: Ctx) -> Doc:
    found = ctx.forge.store.deployments(ctx.repo.full_name).get(ctx.number("id"))
    if found is None:
        raise not_found()
    return found


def _store(ctx: Ctx, document: Doc) -> Doc:
    return ctx.forge.store.deployments(ctx.repo.full_name).put(document["id"], document)


def _shape(ctx: Ctx, document: Doc) -> dict[str, Any]:
    url = repo_api(ctx.forge, ctx.repo.full_name, f"deployments/{document['id']}")
    rest = {key: value for key, value in document.items() if key not in {"statuses", "creator"}}
    return {
        **rest,
        "node_id": node_id("Deployment", document["id"]),
        "url": url,
        "original_environment": document["environment"],
        "creator": user(ctx.forge, document["creator"]),
        "statuses_url": f"{url}/statuses",
        "repository_url": repo_api(ctx.forge, ctx.repo.full_name),
        "performed_via_github_app": None,
    }


def _status(ctx: Ctx, document: Doc, status: Doc) -> dict[str, Any]:
    deployment = repo_api(ctx.forge, ctx.repo.full_name, f"deployments/{document['id']}")
    rest = {key: value for key, value in status.items() if key not in {"at", "creator"}}
    return {
        **rest,
        "url": f"{deployment}/statuses/{status['id']}",
        "node_id": node_id("DeploymentStatus", status["id"]),
        "creator": user(ctx.forge, status["creator"]),
        "created_at": status["at"],
        "updated_at": status["at"],
        "deployment_url": deployment,
        "repository_url": repo_api(ctx.forge, ctx.repo.full_name),
        "performed_via_github_app": None,
    }


_ONE, _SCOPE = f"{REPO}/deployments/{{id}}", "deployments"
ROUTES = [
    Route("POST", f"{REPO}/deployments", create, "write", _SCOPE),
    Route("GET", f"{REPO}/deployments", listing, "read", _SCOPE),
    Route("GET", _ONE, get, "read", _SCOPE),
    Route("POST", f"{_ONE}/statuses", create_status, "write", _SCOPE),
    Route("GET", f"{_ONE}/statuses", statuses, "read", _SCOPE),
]
