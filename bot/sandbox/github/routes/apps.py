"""The App that calls, its installations and their tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.github.config import AppSeed
from bot.sandbox.github.emit import app_hook
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.installation import ALL_EVENTS
from bot.sandbox.github.routes.hooks import delivery_shape
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import api, html
from bot.sandbox.github.shapes.checks import app_shape
from bot.sandbox.github.shapes.repos import repository
from bot.sandbox.github.shapes.users import user
from bot.sandbox.github.store import Doc


def app(ctx: Ctx) -> Reply:
    """GET app."""
    return Reply({**app_shape(ctx.forge, _app(ctx).app_id), "installations_count": 1})


def installations(ctx: Ctx) -> Reply:
    """GET app/installations."""
    return ctx.page([_app(ctx)], lambda one: _installation(ctx, one))


def installation(ctx: Ctx) -> Reply:
    """GET app/installations/{id}."""
    return Reply(_installation(ctx, _own(ctx)))


def repo_installation(ctx: Ctx) -> Reply:
    """GET repos/{owner}/{repo}/installation."""
    found = _app(ctx)
    if f"{ctx.params['owner']}/{ctx.params['repo']}" not in found.repos:
        raise not_found()
    return Reply(_installation(ctx, found))


def org_installation(ctx: Ctx) -> Reply:
    """GET orgs/{org}/installation."""
    found = _app(ctx)
    if not any(name.split("/")[0] == ctx.params["org"] for name in found.repos):
        raise not_found()
    return Reply(_installation(ctx, found))


def access_token(ctx: Ctx) -> Reply:
    """POST app/installations/{id}/access_tokens: for all or some repositories, with all or fewer permissions."""
    found, wanted = _own(ctx), ctx.fields.get("repositories")
    names = {name.split("/")[1] for name in found.repos}
    if wanted is not None and not set(wanted) <= names:
        raise ApiError(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    permissions = _permissions(ctx, found, ctx.fields.get("permissions"))
    minted = ctx.forge.auth.mint(found, wanted, permissions)
    expires = datetime.fromtimestamp(minted["expires_at"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shown: Doc = {"token": minted["token"], "expires_at": expires, "permissions": permissions or _all(ctx, found)}
    shown["repository_selection"] = "all" if wanted is None else "selected"
    if wanted is not None:
        shown["repositories"] = [repository(ctx.forge, ctx.forge.repo(name)) for name in minted["repos"]]
    return Reply(shown, 201)


def revoke(ctx: Ctx) -> Reply:
    """DELETE installation/token."""
    if ctx.actor.app is None:
        raise ApiError(403, "Resource not accessible by personal access token")
    ctx.forge.auth.revoke(ctx.authorization)
    return Reply(status=204)


def installation_repos(ctx: Ctx) -> Reply:
    """GET installation/repositories: what the token reaches."""
    if ctx.actor.repos is None:
        raise ApiError(403, "You must authenticate with an installation access token in order to list repositories")
    names = sorted(ctx.actor.repos)
    return ctx.page(
        names,
        lambda name: repository(ctx.forge, ctx.forge.repo(name)),
        lambda page: {"total_count": len(names), "repository_selection": "selected", "repositories": page},
    )


def hook_config(ctx: Ctx) -> Reply:
    """GET app/hook/config."""
    hook = app_hook(ctx.forge)
    if hook is None:
        raise not_found()
    return Reply({**hook["config"], "secret": "********"})


def hook_deliveries(ctx: Ctx) -> Reply:
    """GET app/hook/deliveries: newest first."""
    found = [one for one in ctx.forge.store.deliveries().all()[::-1] if one["hook_id"] == 0]
    return ctx.page(found, delivery_shape)


def hook_attempt(ctx: Ctx) -> Reply:
    """POST app/hook/deliveries/{delivery}/attempts."""
    number = ctx.number("delivery")
    if ctx.forge.store.deliveries().get(number) is None:
        raise not_found()
    ctx.forge.webhooks.redeliver(number)
    return Reply({}, 202)


def _app(ctx: Ctx) -> AppSeed:
    assert ctx.actor.app
    return ctx.actor.app


def _own(ctx: Ctx) -> AppSeed:
    found = _app(ctx)
    if found.installation_id != ctx.number("id"):
        raise not_found()
    return found


def _all(ctx: Ctx, found: AppSeed) -> dict[str, str]:
    return ctx.forge.installations.permissions(found)


def _permissions(ctx: Ctx, found: AppSeed, wanted: Any) -> dict[str, str] | None:
    """None, and PyGithub's empty object, mean all of the installation's."""
    if not wanted:
        return None
    if not isinstance(wanted, dict):
        raise invalid("Integration", "permissions")
    have = _all(ctx, found)
    if any(have.get(name) not in {level, "write"} for name, level in wanted.items()):
        raise ApiError(422, "The permissions requested are not granted to this installation.")
    return {"metadata": "read", **wanted}


def _installation(ctx: Ctx, found: AppSeed) -> Doc:
    owner = found.repos[0].split("/")[0] if found.repos else "ghost"
    url = api(ctx.forge, f"app/installations/{found.installation_id}")
    account = user(ctx.forge, owner)
    return {
        "id": found.installation_id,
        "account": account,
        "repository_selection": "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": api(ctx.forge, "installation/repositories"),
        "html_url": html(ctx.forge, f"organizations/{owner}/settings/installations/{found.installation_id}"),
        "app_id": found.app_id,
        "client_id": found.client_id,
        "app_slug": found.slug,
        "target_id": account["id"],
        "target_type": account["type"],
        "permissions": _all(ctx, found),
        "events": sorted(ctx.forge.installations.events(found) or ALL_EVENTS),
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": None,
    }


ROUTES = [
    Route("GET", "app", app, "app"),
    Route("GET", "app/installations", installations, "app"),
    Route("GET", "app/installations/{id}", installation, "app"),
    Route("POST", "app/installations/{id}/access_tokens", access_token, "app"),
    Route("GET", "app/hook/config", hook_config, "app"),
    Route("GET", "app/hook/deliveries", hook_deliveries, "app"),
    Route("POST", "app/hook/deliveries/{delivery}/attempts", hook_attempt, "app"),
    Route("GET", f"{REPO}/installation", repo_installation, "app"),
    Route("GET", "orgs/{org}/installation", org_installation, "app"),
    Route("DELETE", "installation/token", revoke, "token"),
    Route("GET", "installation/repositories", installation_repos, "token"),
]
