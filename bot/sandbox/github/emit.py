"""Puts a webhook's body together and hands it to every hook that listens."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.shapes.base import node_id
from bot.sandbox.github.shapes.repos import organization, repository
from bot.sandbox.github.shapes.users import user
from bot.sandbox.github.store import Doc


def emit(forge: Forge, repo: Repo, event: str, sender: str, payload: dict[str, Any]) -> None:
    """Send ``event`` to the App's hook and the repository's hooks."""
    hooks = [hook for hook in listeners(forge, repo) if wants(hook, event)]
    if not hooks or not forge.webhooks.enabled:
        return
    body = {**payload, **common(forge, repo, sender, event)}
    for hook in hooks:
        forge.webhooks.send(hook, event, body)


def listeners(forge: Forge, repo: Repo) -> list[Doc]:
    """The App's hook, when one is configured, and the repository's own."""
    return [hook for hook in (app_hook(forge), *forge.store.hooks(repo.full_name).all()) if hook]


def app_hook(forge: Forge) -> Doc | None:
    """The hook of the sandbox's configuration; it hears what the first App subscribes to, else every event."""
    if not forge.config.webhook_url:
        return None
    config = {"url": forge.config.webhook_url, "content_type": "json", "secret": forge.config.webhook_secret}
    app = next(iter(forge.config.apps), None)
    events = list((forge.installations.events(app) if app else None) or ["*"])
    return {"id": 0, "name": "web", "active": True, "events": events, "config": {**config, "insecure_ssl": "0"}}


def wants(hook: Doc, event: str) -> bool:
    """Whether a hook listens to an event."""
    return bool(hook["active"]) and (event in hook["events"] or "*" in hook["events"] or event == "ping")


def common(forge: Forge, repo: Repo, sender: str, event: str) -> Doc:
    """The part that every body has."""
    shown = repository(forge, repo)
    if event == "push":
        shown["owner"] |= {"name": repo.owner, "email": None}
        shown |= {"stargazers": 0, "master_branch": shown["default_branch"], "organization": repo.owner}
    body: Doc = {"repository": shown, "sender": user(forge, sender)}
    app, org = forge.app_for(repo.full_name), forge.people.org(repo.owner)
    if org:
        body["organization"] = organization(forge, org)
    if app:
        body["installation"] = {
            "id": app.installation_id,
            "node_id": node_id("IntegrationInstallation", app.installation_id),
        }
    return body
