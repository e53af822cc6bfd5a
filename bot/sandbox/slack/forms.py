"""Submitting and closing modals: view_submission, its response actions, view_closed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox.slack import inputs
from bot.sandbox.slack.actions import Actions
from bot.sandbox.slack.blockkit import elements_of
from bot.sandbox.slack.config import Delivered
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.methods_views import checked_view
from bot.sandbox.slack.payloads import interaction
from bot.sandbox.slack.person import TROUBLE, unsent
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.views import View, wire_view


class Forms:
    """What people do with a modal as a whole."""

    def __init__(self, services: Services, courier: Courier, actions: Actions) -> None:
        self._services, self._courier, self._actions = services, courier, actions

    async def submit(self, user: str, view_id: str, values: dict[str, str]) -> Delivered:
        """Press the submit button with these entries, by action_id.

        What Slack's client refuses (an empty required input) is shown in the view and not sent. Raises LookupError for
        a view that is not open or an input that is not there.
        """
        view = self._actions.open_view(user, view_id)
        self._enter(user, view, values)
        current = self._actions.current(user, view)
        if faults := inputs.faults(view["blocks"], current["state"]["values"]):
            self._services.views.note(view, errors=faults)
            return unsent("invalid_input")
        payload = {
            **interaction(self._services.directory, "view_submission", user),
            "view": current,
            "response_urls": [],
        }
        payload["trigger_id"] = self._services.triggers.issue(user, view_id)
        return self._settle(view, await self._courier.deliver("interactive", payload))

    def _enter(self, user: str, view: View, values: dict[str, str]) -> None:
        for action_id, value in values.items():
            block, element = inputs.find(view["blocks"], action_id)
            if element["type"] not in inputs.STATEFUL:
                raise LookupError(f"{action_id} takes no input")
            entry = inputs.chosen(self._actions.element(user, element), value)
            self._actions.entered(user, view["id"]).setdefault(block["block_id"], {})[action_id] = entry

    def _settle(self, view: View, outcome: Delivered) -> Delivered:
        """Do what the app answered; an answer that Slack cannot use leaves the modal open with a line of trouble."""
        try:
            if outcome.error is not None:
                raise SlackError(outcome.error)
            self._respond(view, outcome.body)
        except SlackError as error:
            self._services.views.note(view, trouble=TROUBLE)
            return replace(outcome, error=error.code)
        return outcome

    def _respond(self, view: View, body: Any) -> None:
        action = body.get("response_action") if isinstance(body, dict) else None
        if not body or (isinstance(body, dict) and not action):
            self._services.views.pop(view)
        elif action == "clear":
            self._services.views.clear(view["user"])
        elif action == "errors":
            self._services.views.note(view, errors=checked_errors(view, body.get("errors")))
        elif action == "update":
            self._services.views.replace(view, checked_view(body.get("view"), "modal"))
        elif action == "push":
            self._services.views.push(view["user"], checked_view(body.get("view"), "modal"))
        else:
            raise SlackError("invalid_response_action")

    async def close(self, user: str, view_id: str) -> Delivered:
        """Press the close button; with ``clear_on_close`` the whole stack goes. The app hears of it if it asked to."""
        view = self._actions.open_view(user, view_id)
        current = self._actions.current(user, view)
        cleared = bool(view["clear_on_close"])
        closed = self._services.views.clear(user) if cleared else [view]
        if not cleared:
            self._services.views.pop(view)
        outcome = unsent(None)
        for item in closed:
            if item["notify_on_close"]:
                shown = current if item["id"] == view_id else wire_view(item, {})
                outcome = await self._closed(user, shown, cleared=cleared)
        return outcome

    async def _closed(self, user: str, view: dict[str, Any], *, cleared: bool) -> Delivered:
        payload = {**interaction(self._services.directory, "view_closed", user), "view": view, "is_cleared": cleared}
        return await self._courier.deliver("interactive", payload)


def checked_errors(view: View, errors: Any) -> dict[str, str]:
    """Errors by the block_id of an input. Raises SlackError where Slack would not know what to show."""
    known = {block["block_id"] for block in view["blocks"] if block["type"] == "input" and any(elements_of(block))}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise SlackError("invalid_response_action")
    if not all(isinstance(words, str) and words for words in errors.values()):
        raise SlackError("invalid_response_action")
    return errors
