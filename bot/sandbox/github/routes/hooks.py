"""Webhooks of a repository and their deliveries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.github.emit import common
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import node_id, repo_api
from bot.sandbox.github.store import Doc, now
from bot.sandbox.github.webhooks import headers


def create(ctx: Ctx) -> Reply:
    """POST hooks: and a ping."""
    config = _config(ctx.fields.get("config"), {})
    for hook in ctx.forge.store.hooks(ctx.repo.full_name).all():
        if hook["config"]["url"] == config["url"]:
            raise invalid("Hook", "url", "custom", "Hook already exists on this repository")
    hook = {
        "id": ctx.forge.store.next_id("hook"),
        "name": "web",
        "active": bool(ctx.fields.get("active", True)),
        "events": list(ctx.fields.get("events") or ["push"]),
        "config": config,
        "created_at": now(),
        "updated_at": now(),
    }
    _put(ctx, hook)
    _ping(ctx, hook)
    return Reply(_shape(ctx, hook), 201)


def listing(ctx: Ctx) -> Reply:
    """GET hooks."""
    return ctx.page(ctx.forge.store.hooks(ctx.repo.full_name).all(), lambda hook: _shape(ctx, hook))


def get(ctx: Ctx) -> Reply:
    """GET hooks/{id}."""
    return Reply(_shape(ctx, _find(ctx)))


def update(ctx: Ctx) -> Reply:
    """PATCH hooks/{id}."""
    hook = _find(ctx)
    events = set(ctx.fields.get("events") or hook["events"]) | set(ctx.fields.get("add_events") or [])
    config = _config(ctx.fields["config"], hook["config"]) if "config" in ctx.fields else hook["config"]
    events -= set(ctx.fields.get("remove_events") or [])
    active = bool(ctx.fields.get("active", hook["active"]))
    hook = _put(ctx, {**hook, "events": sorted(events), "config": config, "active": active, "updated_at": now()})
    return Reply(_shape(ctx, hook))


def delete(ctx: Ctx) -> Reply:
    """DELETE hooks/{id}."""
    ctx.forge.store.hooks(ctx.repo.full_name).delete(_find(ctx)["id"])
    return Reply(status=204)


def ping(ctx: Ctx) -> Reply:
    """POST hooks/{id}/pings."""
    _ping(ctx, _find(ctx))
    return Reply(status=204)


def deliveries(ctx: Ctx) -> Reply:
    """GET hooks/{id}/deliveries: newest first."""
    hook = _find(ctx)
    found = [one for one in ctx.forge.store.deliveries().all()[::-1] if one["hook_id"] == hook["id"]]
    return ctx.page(found, delivery_shape)


def delivery(ctx: Ctx) -> Reply:
    """GET hooks/{id}/deliveries/{delivery}: with the request."""
    found = _delivery(ctx)
    request = {"headers": headers(found, b""), "payload": found["payload"]}
    return Reply({**delivery_shape(found), "request": request, "response": {"headers": {}, "payload": ""}})


def attempt(ctx: Ctx) -> Reply:
    """POST hooks/{id}/deliveries/{delivery}/attempts: send it again."""
    ctx.forge.webhooks.redeliver(_delivery(ctx)["id"])
    return Reply({}, 202)


def delivery_shape(doc: Doc) -> Doc:
    """A delivery in a list."""
    keys = ("id", "guid", "delivered_at", "redelivery", "duration", "status", "status_code", "event", "action")
    repository = doc["payload"].get("repository", {}).get("id")
    installation = doc["payload"].get("installation", {}).get("id")
    return {
        **{key: doc[key] for key in keys},
        "installation_id": installation,
        "repository_id": repository,
        "throttled_at": None,
    }


def _delivery(ctx: Ctx) -> Doc:
    found = ctx.forge.store.deliveries().get(ctx.number("delivery"))
    if found is None or found["hook_id"] != _find(ctx)["id"]:
        raise not_found()
    return found


def _config(given: Any, old: Doc) -> Doc:
    if not isinstance(given, dict):
        raise invalid("Hook", "config", "missing_field")
    config = {"content_type": "form", "insecure_ssl": "0", **old, **given}
    if urlsplit(str(config.get("url"))).scheme not in {"http", "https"}:
        raise invalid("Hook", "url")
    if config["content_type"] != "json":
        raise ApiError(422, "The sandbox delivers JSON only: set content_type to json.")
    return config


def _ping(ctx: Ctx, hook: Doc) -> None:
    body = {"zen": "Speak like a human.", "hook_id": hook["id"], "hook": _shape(ctx, hook)}
    shared = common(ctx.forge, ctx.repo, ctx.actor.login, "ping")
    ctx.forge.webhooks.send(hook, "ping", {**body, **shared})


def _find(ctx: Ctx) -> Doc:
    found = ctx.forge.store.hooks(ctx.repo.full_name).get(ctx.number("id"))
    if found is None:
        raise not_found()
    return found


def _put(ctx: Ctx, hook: Doc) -> Doc:
    return ctx.forge.store.hooks(ctx.repo.full_name).put(hook["id"], hook)


def _shape(ctx: Ctx, hook: Doc) -> Doc:
    url = repo_api(ctx.forge, ctx.repo.full_name, f"hooks/{hook['id']}")
    last = [one for one in ctx.forge.store.deliveries().all() if one["hook_id"] == hook["id"]][-1:]
    response = (
        {"code": last[0]["status_code"] or None, "status": last[0]["status"]}
        if last
        else {"code": None, "status": "unused"}
    )
    return {
        "type": "Repository",
        "node_id": node_id("Hook", hook["id"]),
        **hook,
        "config": {**hook["config"], **({"secret": "********"} if hook["config"].get("secret") else {})},
        "url": url,
        "test_url": f"{url}/test",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {**response, "message": None},
    }


_ONE, _SCOPE = f"{REPO}/hooks/{{id}}", "repository_hooks"
ROUTES = [
    Route("POST", f"{REPO}/hooks", create, "admin", _SCOPE),
    Route("GET", f"{REPO}/hooks", listing, "admin", _SCOPE),
    Route("GET", _ONE, get, "admin", _SCOPE),
    Route("PATCH", _ONE, update, "admin", _SCOPE),
    Route("DELETE", _ONE, delete, "admin", _SCOPE),
    Route("POST", f"{_ONE}/pings", ping, "admin", _SCOPE),
    Route("GET", f"{_ONE}/deliveries", deliveries, "admin", _SCOPE),
    Route("GET", f"{_ONE}/deliveries/{{delivery}}", delivery, "admin", _SCOPE),
    Route("POST", f"{_ONE}/deliveries/{{delivery}}/attempts", attempt, "admin", _SCOPE),
]
