"""Modals and App Homes: each member has a stack of up to three modals and one home tab."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.slack.config import WorkspaceConfig
from bot.sandbox.slack.content import identified
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import fresh
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.state import State

NS, STACK, HOME = "slack.view", "slack.stack", "slack.home"
DEPTH = 3
View = dict[str, Any]
OWN = ("user", "errors", "trouble")
BLANK = {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "submit": None, "close": None}
FLAGS = {"clear_on_close": False, "notify_on_close": False, "submit_disabled": False}


class Views:
    """Views by id, and who has which open. ``errors`` and ``trouble`` of a view are what the person sees in it."""

    def __init__(self, state: State, feed: Feed, config: WorkspaceConfig) -> None:
        self._state, self._feed, self._config = state, feed, config

    def get(self, view_id: str) -> View | None:
        """The view, open or not."""
        found: View | None = self._state.get(NS, view_id)
        return found

    def by_external_id(self, external_id: str) -> View | None:
        """The view that the app named so."""
        return next((v for v in self._state.all(NS) if external_id and v["external_id"] == external_id), None)

    def stack(self, user: str) -> list[View]:
        """The member's open modals, bottom first."""
        return [view for key in self._state.get(STACK, user) or [] if (view := self.get(key))]

    def home(self, user: str) -> View | None:
        """What the app published for the member's App Home."""
        return self.get(self._state.get(HOME, user) or "")

    def open(self, user: str, payload: dict[str, Any]) -> View:
        """A new stack with one modal."""
        self.clear(user)
        return self._place(user, payload, [])

    def push(self, user: str, payload: dict[str, Any]) -> View:
        """One more modal on the stack. Raises SlackError push_limit_reached at three."""
        stack = self.stack(user)
        if len(stack) >= DEPTH:
            raise SlackError("push_limit_reached")
        return self._place(user, payload, stack)

    def _place(self, user: str, payload: dict[str, Any], stack: list[View]) -> View:
        below = stack[-1]["id"] if stack else None
        view = self._made(user, payload, previous=below)
        self._state.put(STACK, user, [*(v["id"] for v in stack), view["id"]])
        self._publish(view, "view_opened")
        return view

    def publish(self, user: str, payload: dict[str, Any]) -> View:
        """Replace the member's App Home."""
        old = self.home(user)
        view = self.replace(old, payload) if old else self._made(user, payload, previous=None)
        self._state.put(HOME, user, view["id"])
        self._publish(view, "home")
        return view

    def _made(self, user: str, payload: dict[str, Any], previous: str | None) -> View:
        self._unique(payload, None)
        key = fresh("V")
        root = self.stack(user)[0]["id"] if previous else key
        ids = {"id": key, "team_id": self._config.team_id, "app_id": self._config.app_id, "bot_id": self._config.bot_id}
        links = {"root_view_id": root, "previous_view_id": previous, "app_installed_team_id": self._config.team_id}
        view: View = {**BLANK, **FLAGS, **ids, **links, "state": {"values": {}}, "user": user}
        return self._save({**view, **self._fields(payload)})

    def _unique(self, payload: dict[str, Any], own: str | None) -> None:
        other = self.by_external_id(payload.get("external_id") or "")
        if other and other["id"] != own:
            raise SlackError("duplicate_external_id")

    def _fields(self, payload: dict[str, Any]) -> dict[str, Any]:
        blocks = identified(payload["blocks"])
        return {**payload, "blocks": blocks, "hash": fresh("", 8).lower(), "errors": {}, "trouble": None}

    def _save(self, view: View) -> View:
        self._state.put(NS, view["id"], view)
        return view

    def _publish(self, view: View, kind: str) -> None:
        self._feed.publish(kind, view=view["id"], user=view["user"])

    def replace(self, view: View, payload: dict[str, Any], expected: str | None = None) -> View:
        """New content in the same place. Raises SlackError hash_conflict when ``expected`` is not the view's hash."""
        if expected is not None and not secrets.compare_digest(expected, view["hash"]):
            raise SlackError("hash_conflict")
        self._unique(payload, view["id"])
        changed = self._save({**view, **BLANK, **FLAGS, **self._fields(payload)})
        self._publish(changed, "view_changed")
        return changed

    def note(self, view: View, errors: dict[str, str] | None = None, trouble: str | None = None) -> None:
        """Show errors beside the inputs, or one line of trouble, in the open view."""
        if (current := self.get(view["id"])) is not None:
            self._publish(self._save({**current, "errors": errors or {}, "trouble": trouble}), "view_changed")

    def pop(self, view: View) -> None:
        """Close this modal; the one below shows again."""
        rest = [v["id"] for v in self.stack(view["user"]) if v["id"] != view["id"]]
        self._state.put(STACK, view["user"], rest)
        self._state.delete(NS, view["id"])
        self._publish(view, "view_closed")

    def clear(self, user: str) -> list[View]:
        """Close all; returns what was open."""
        closed = self.stack(user)
        for view in reversed(closed):
            self.pop(view)
        return closed


def wire_view(view: View, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """A view as the app sees it, with the values that the person entered."""
    out = {k: v for k, v in view.items() if k not in OWN}
    return {**out, "state": {"values": values}} if values is not None else out
