"""Clicks and choices in messages and modals: block_actions and block_suggestion."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import inputs
from bot.sandbox.slack.config import Delivered
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.payloads import interaction, message_container
from bot.sandbox.slack.person import TROUBLE, message_for
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.shapes import wire
from bot.sandbox.slack.views import View, wire_view

Payload = dict[str, Any]
BUTTON_KEYS = ("text", "value", "style", "url", "icon")


class Actions:
    """What people do with interactive elements; remembers what they entered but did not yet submit."""

    def __init__(self, services: Services, courier: Courier) -> None:
        self._services, self._courier = services, courier
        self._entered: dict[tuple[str, str], inputs.Values] = {}
        self._loaded: dict[tuple[str, str], list[Payload]] = {}

    def entered(self, user: str, key: str) -> inputs.Values:
        """What this person chose so far in one message or view, by block_id and action_id."""
        return self._entered.setdefault((user, key), {})

    async def in_message(
        self, user: str, channel: str, ts: str, action_id: str, value: str | None, selected: str | None
    ) -> Delivered:
        """Use one element of a message. Raises LookupError when it is not there for this person."""
        message = message_for(self._services, user, channel, ts)
        acted = self._act(user, ts, message.get("blocks") or [], action_id, value, selected)
        payload = {**interaction(self._services.directory, "block_actions", user), **self._around(user, message)}
        payload |= {"trigger_id": self._services.triggers.issue(user), "actions": [acted]}
        payload["response_url"] = self._services.responses.issue(user, channel, ts)
        outcome = await self._courier.deliver("interactive", payload)
        if outcome.error:
            self._services.feed.publish("action_failed", channel=channel, ts=ts, user=user, error=outcome.error)
        return outcome

    def _around(self, user: str, message: Message) -> Payload:
        channel = self._services.directory.get(message["channel"])
        out: Payload = {"container": message_container(message), "channel": {k: channel[k] for k in ("id", "name")}}
        if message["viewer"] is None:  # Slack does not send the content of an ephemeral message back
            out["message"] = wire(self._services.messages, message)
        blocks = message.get("blocks") or []
        return {**out, "state": {"values": inputs.state(blocks, self.entered(user, message["ts"]))}}

    async def in_view(
        self, user: str, view_id: str, action_id: str, value: str | None, selected: str | None
    ) -> Delivered:
        """Use one element of an open modal or of the App Home. Raises LookupError when it is not there."""
        view = self.open_view(user, view_id)
        acted = self._act(user, view_id, view["blocks"], action_id, value, selected)
        payload = {**interaction(self._services.directory, "block_actions", user), "actions": [acted]}
        payload |= {"container": {"type": "view", "view_id": view_id}, "view": self.current(user, view)}
        payload["trigger_id"] = self._services.triggers.issue(user, view_id)
        outcome = await self._courier.deliver("interactive", payload)
        if outcome.error:
            self._services.views.note(view, trouble=TROUBLE)
        return outcome

    def open_view(self, user: str, view_id: str) -> View:
        """A view that this person has open. Raises LookupError."""
        home = self._services.views.home(user)
        mine = [*self._services.views.stack(user), *([home] if home else [])]
        found = next((v for v in mine if v["id"] == view_id), None)
        if found is None:
            raise LookupError(f"{user} has no view {view_id} open")
        return found

    def current(self, user: str, view: View) -> Payload:
        """The view with what was entered in it."""
        values = inputs.state(view["blocks"], self.entered(user, view["id"]))
        return {**wire_view(view), "state": {"values": values}}

    def element(self, user: str, element: Payload) -> Payload:
        """The element with the options that were loaded for this person."""
        return {**element, "loaded": self._loaded.get((user, element.get("action_id", "")), [])}

    def _act(
        self, user: str, key: str, blocks: list[Payload], action_id: str, value: str | None, selected: str | None
    ) -> Payload:
        """One entry of the payload's actions."""
        block, element = inputs.find(blocks, action_id, value)
        element = self.element(user, element)
        head = {"type": element["type"], "action_id": action_id, "block_id": block["block_id"]}
        head["action_ts"] = self._services.messages.clock.next()
        if element["type"] == "overflow":
            return {**head, "selected_option": inputs.option(element, selected or value or "")}
        if element["type"] in inputs.STATEFUL:
            entry = inputs.chosen(element, selected if selected is not None else value)
            self.entered(user, key).setdefault(block["block_id"], {})[action_id] = entry
            return {**head, **entry}
        if element["type"] == "feedback_buttons":
            return {**head, "value": value}
        return {**head, **{k: element[k] for k in BUTTON_KEYS if k in element}}

    async def suggest(self, user: str, blocks: list[Payload], action_id: str, typed: str, around: Payload) -> Delivered:
        """Ask the app for the options of an external select. Raises LookupError when there is no such element."""
        block, _ = inputs.find(blocks, action_id)
        payload = {**interaction(self._services.directory, "block_suggestion", user), **around, "value": typed}
        payload |= {"action_id": action_id, "block_id": block["block_id"]}
        outcome = await self._courier.deliver("interactive", payload)
        if isinstance(outcome.body, dict):
            self._loaded[user, action_id] = inputs.options(outcome.body)
        return outcome

    async def suggest_in_view(self, user: str, view_id: str, action_id: str, typed: str) -> Delivered:
        """Type-ahead in a modal."""
        view = self.open_view(user, view_id)
        around = {"container": {"type": "view", "view_id": view_id}, "view": self.current(user, view)}
        return await self.suggest(user, view["blocks"], action_id, typed, around)

    async def suggest_in_message(self, user: str, channel: str, ts: str, action_id: str, typed: str) -> Delivered:
        """Type-ahead in a message."""
        message = message_for(self._services, user, channel, ts)
        return await self.suggest(user, message.get("blocks") or [], action_id, typed, self._around(user, message))
