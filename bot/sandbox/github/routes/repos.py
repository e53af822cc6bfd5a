"""/user, /users, /repos, collaborators, /rate_limit, /meta."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import api
from bot.sandbox.github.shapes.repos import full_repository
from bot.sandbox.github.shapes.users import full_user, user

_SETTINGS = {
    "allow_merge_commit",
    "allow_squash_merge",
    "allow_rebase_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
}
_PUT = {"pull": "read", "triage": "read", "push": "write", "maintain": "write", "admin": "admin"}
REPO = "repos/{owner}/{repo}"


def me(ctx: Ctx) -> Reply:
    """GET /user: not for installation tokens."""
    account = ctx.forge.people.account(ctx.actor.login)
    if account is None or ctx.actor.app:
        raise ApiError(403, "Resource not accessible by integration")
    return Reply(full_user(ctx.forge, account))


def one_user(ctx: Ctx) -> Reply:
    """GET /users/{username}."""
    account = ctx.forge.people.account(ctx.params["username"])
    if account is None:
        raise not_found()
    return Reply(full_user(ctx.forge, account))


def numbered_user(ctx: Ctx) -> Reply:
    """GET /user/{account_id}: who an account is now, whatever it was called before."""
    account = ctx.forge.people.by_id(ctx.number("account_id"))
    if account is None:
        raise not_found()
    return Reply(full_user(ctx.forge, account))


def repo(ctx: Ctx) -> Reply:
    """GET /repos/{owner}/{repo}."""
    return Reply(full_repository(ctx.forge, ctx.repo, ctx.actor))


def change_repo(ctx: Ctx) -> Reply:
    """PATCH /repos/{owner}/{repo}: description, default branch, how to merge."""
    fields: dict[str, Any] = {key: value for key, value in ctx.fields.items() if key in _SETTINGS}
    if not all(isinstance(value, bool) for value in fields.values()):
        raise invalid("Repository", min(fields))
    branch = ctx.fields.get("default_branch")
    if branch is not None and ctx.repo.git.branch(str(branch)) is None:
        raise invalid("Repository", "default_branch")
    if branch:
        fields["default_branch"] = branch
        ctx.repo.git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    if "description" in ctx.fields:
        fields["description"] = ctx.fields["description"]
    ctx.forge.change_repo(ctx.repo, **fields)
    return repo(ctx)


def permission(ctx: Ctx) -> Reply:
    """GET collaborators/{username}/permission; strangers have none (read in public repositories)."""
    account = ctx.forge.people.account(ctx.params["username"])
    if account is None:
        raise not_found()
    have = ctx.forge.people.permission(ctx.repo.full_name, account.login)
    shown = user(ctx.forge, account.login) | {"permissions": _rights(ctx, have), "role_name": have}
    return Reply({"permission": have, "role_name": have, "user": shown})


def collaborators(ctx: Ctx) -> Reply:
    """GET collaborators."""
    people, name = ctx.forge.people, ctx.repo.full_name

    def render(login: str) -> dict[str, Any]:
        have = people.permission(name, login)
        return user(ctx.forge, login) | {"permissions": _rights(ctx, have), "role_name": have}

    logins = [login for login in people.collaborators(name) if not login.endswith("[bot]")]
    return ctx.page(logins, render)


def is_collaborator(ctx: Ctx) -> Reply:
    """GET collaborators/{username}: 204 or 404."""
    if ctx.forge.people.permission(ctx.repo.full_name, ctx.params["username"]) == "none":
        raise not_found()
    return Reply(status=204)


def put_collaborator(ctx: Ctx) -> Reply:
    """PUT collaborators/{username}: takes effect at once, as for members of the organisation."""
    account = ctx.forge.people.account(ctx.params["username"])
    wanted = ctx.fields.get("permission", "push")
    if account is None:
        raise not_found()
    if wanted not in _PUT:
        raise invalid("Repository", "permission")
    ctx.forge.people.set_permission(ctx.repo.full_name, account.login, _PUT[wanted])  # type: ignore[arg-type]
    return Reply(status=204)


def delete_collaborator(ctx: Ctx) -> Reply:
    """DELETE collaborators/{username}."""
    ctx.forge.people.set_permission(ctx.repo.full_name, ctx.params["username"], "none")
    return Reply(status=204)


def rate_limit(ctx: Ctx) -> Reply:
    """GET /rate_limit: costs nothing."""
    core, search = (ctx.forge.limits.window(ctx.actor.login, name).document() for name in ("core", "search"))
    graphql = {**core, "used": 0, "remaining": core["limit"]}
    return Reply({"resources": {"core": core, "search": search, "graphql": graphql}, "rate": core})


def meta(_: Ctx) -> Reply:
    """GET /meta."""
    return Reply(
        {"verifiable_password_authentication": False, "installed_version": "sandbox", "hooks": ["127.0.0.1/32"]}
    )


def root(ctx: Ctx) -> Reply:
    """GET /: where things are."""
    names = {"current_user_url": "user", "rate_limit_url": "rate_limit", "repository_url": REPO}
    return Reply({key: api(ctx.forge, path) for key, path in names.items()})


def dispatch(ctx: Ctx) -> Reply:
    """POST dispatches: a repository_dispatch webhook."""
    kind, payload = ctx.fields.get("event_type"), ctx.fields.get("client_payload") or {}
    if not isinstance(kind, str) or not 0 < len(kind) <= 100:
        raise invalid("Dispatch", "event_type", "missing_field" if kind is None else "invalid")
    if not isinstance(payload, dict) or len(payload) > 10:
        raise ApiError(422, "Invalid request.\n\nNo more than 10 properties are allowed; client_payload has too many.")
    branch = ctx.forge.document(ctx.repo)["default_branch"]
    body = {"action": kind, "branch": branch, "client_payload": payload}
    emit(ctx.forge, ctx.repo, "repository_dispatch", ctx.actor.login, body)
    ctx.forge.changes.announce({"type": "dispatch", "repo": ctx.repo.full_name, "event_type": kind, "payload": payload})
    return Reply(status=204)


def _rights(ctx: Ctx, have: str) -> dict[str, bool]:
    needs = {"admin": "admin", "maintain": "admin", "push": "write", "triage": "write", "pull": "read"}
    return {right: ctx.forge.people.at_least(have, need) for right, need in needs.items()}


ROUTES = [
    Route("GET", "", root, "nothing"),
    Route("GET", "user", me, "token"),
    Route("GET", "users/{username}", one_user, "nothing"),
    Route("GET", "user/{account_id}", numbered_user, "nothing"),
    Route("GET", "rate_limit", rate_limit, "nothing"),
    Route("GET", "meta", meta, "nothing"),
    Route("GET", REPO, repo, "read", "metadata"),
    Route("PATCH", REPO, change_repo, "admin", "administration"),
    Route("GET", f"{REPO}/collaborators/{{username}}/permission", permission, "read", "metadata"),
    Route("GET", f"{REPO}/collaborators/{{username}}", is_collaborator, "read", "metadata"),
    Route("GET", f"{REPO}/collaborators", collaborators, "read", "metadata"),
    Route("PUT", f"{REPO}/collaborators/{{username}}", put_collaborator, "admin", "administration"),
    Route("DELETE", f"{REPO}/collaborators/{{username}}", delete_collaborator, "admin", "administration"),
    Route("POST", f"{REPO}/dispatches", dispatch, "write", "contents"),
]
