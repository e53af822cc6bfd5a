"""What an App may do and hears of, which its settings can change while the forge runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.github.config import AppSeed
from bot.sandbox.state import State

_NS = "github:apps"
ALL_PERMISSIONS = {
    "actions": "write",
    "checks": "write",
    "contents": "write",
    "deployments": "write",
    "issues": "write",
    "members": "read",
    "merge_queues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
ALL_EVENTS = ("check_run", "check_suite", "pull_request", "pull_request_review", "push", "status", "workflow_run")


class Installations:
    """The permissions and events of every App, as configured and as changed later."""

    def __init__(self, state: State) -> None:
        self._state = state

    def permissions(self, app: AppSeed) -> dict[str, str]:
        """What the App was granted, by name."""
        return dict(self._changed(app).get("permissions") or app.permissions or ALL_PERMISSIONS)

    def events(self, app: AppSeed) -> tuple[str, ...] | None:
        """What the App subscribes to; None for every event."""
        found = self._changed(app).get("events", app.events or None)
        return None if found is None else tuple(found)

    def change(self, app: AppSeed, permissions: Mapping[str, str] | None, events: tuple[str, ...] | None) -> None:
        """Other permissions, other events, or both; None leaves them as they are."""
        fields = {"permissions": permissions and dict(permissions), "events": events and list(events)}
        kept = {name: value for name, value in fields.items() if value is not None}
        self._state.put(_NS, app.app_id, {**self._changed(app), **kept})

    def _changed(self, app: AppSeed) -> dict[str, Any]:
        return self._state.get(_NS, app.app_id) or {}
