"""Who left, as Slack and GitHub tell it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.domain.cards import Message, Refusal
from bot.domain.commands import ConfirmLink, Leave
from bot.domain.people import Person
from bot.errors import StoreUnavailable
from handlers.commands import NOT_SAVED
from handlers.doors import Doors
from handlers.later import Later
from handlers.payloads import Body, asker_of_action, delivery_of, origin_of_action, value_of


class UserChanges:
    """The listener of `user_change` (https://docs.slack.dev/reference/events/user_change)."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def __call__(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """Only a deactivation concerns us. A store that does not answer is raised: Slack then delivers it again."""
        user = event.get("user")
        if not isinstance(user, dict) or user.get("deleted") is not True or not user.get("id"):
            return
        team = body.get("enterprise_id") or body.get("team_id") or ""
        gone = Person(team=str(team), user=str(user["id"]))
        await self._doors.intake.put(
            f"slack:event:{body.get('event_id', '')}", Leave(person=gone, why="deactivated in Slack")
        )


class LinkActions:
    """The listener of Confirm, on a link that waits."""

    def __init__(self, doors: Doors) -> None:
        self._doors, self._later = doors, Later()

    async def confirm(self, ack: AsyncAck, body: dict[str, Any], respond: Any) -> None:
        """Write down who says that it is true."""
        try:
            answer = await self._take(body)
        except StoreUnavailable:
            answer = NOT_SAVED
        await ack()
        if answer is not None:
            said = respond(response_type="ephemeral", replace_original=False, **self._doors.render(answer))
            self._later.run(said)

    async def _take(self, body: Body) -> Message | None:
        actions = body.get("actions") or [{}]
        value = value_of(actions[0].get("value") if isinstance(actions[0], dict) else None)
        team, user, login = (value.get(name, "") for name in ("t", "u", "l"))
        if not team or not user or not login:
            return Refusal("Nothing done", "link_refused", "This button is not one of mine.", "Ask them to link again.")
        person = Person(team=team, user=user)
        command = ConfirmLink(by=asker_of_action(body), origin=origin_of_action(body), person=person, login=login)
        await self._doors.intake.put(delivery_of(body), command)
        return None
