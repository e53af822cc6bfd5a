"""Joining and leaving an organisation (https://docs.github.com/webhooks/webhook-events-and-payloads#organization)."""

from __future__ import annotations

from bot.sandbox.github.emit import app_hook, wants
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.shapes.base import api, node_id
from bot.sandbox.github.shapes.repos import organization
from bot.sandbox.github.shapes.users import user


def set_member(forge: Forge, org_login: str, login: str, member: bool) -> None:
    """Let somebody in or out, and send the webhook when that changed anything. Raises LookupError."""
    org = forge.people.org(org_login)
    if org is None:
        raise LookupError(f"no organisation {org_login}")
    before = login in forge.people.members(org)
    forge.people.set_member(org_login, login, member)
    if before == member:
        return
    url = api(forge, f"orgs/{org.login}")
    standing = {"url": f"{url}/memberships/{login}", "state": "active", "role": "member", "organization_url": url}
    body = {
        "action": "member_added" if member else "member_removed",
        "membership": {**standing, "user": user(forge, login)},
        "organization": organization(forge, org),
        "sender": user(forge, login),
    }
    app, hook = next(iter(forge.config.apps), None), app_hook(forge)
    if app:
        body["installation"] = {
            "id": app.installation_id,
            "node_id": node_id("IntegrationInstallation", app.installation_id),
        }
    if hook and wants(hook, "organization"):
        forge.webhooks.send(hook, "organization", body)
