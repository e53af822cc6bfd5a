"""Buttons of a card that need no form: roll back (in two taps), I'm on it, the steps of a ladder, Merge, I reviewed
it."""

from __future__ import annotations

from typing import Any, get_args

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.domain.cards import Message, Refusal
from bot.domain.commands import MergeChange, Rollback, SettleGlass, SteerLadder, TakeOn
from bot.errors import StoreUnavailable
from handlers.commands import NOT_SAVED
from handlers.doors import Doors
from handlers.later import Later
from handlers.payloads import Body, asker_of_action, delivery_of, origin_of_action, value_of

STRANGE = Refusal("Nothing done", "unknown_change", "This button is not one of mine.", "Look at the newest card.")
Clicked = Rollback | TakeOn | SteerLadder | SettleGlass | MergeChange
STEERING = get_args(SteerLadder.model_fields["do"].annotation)


class RolloutActions:
    """The listeners. Each writes the click down; a worker does the rest."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._later = Later()

    async def rollback(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Roll back: first it is shown what that would do."""
        value = _value(body)
        command = None
        if about := _about(value):
            command = Rollback(**_who(body), **about, confirm=True)
        await self._write(ack, body, respond, command)

    async def confirmed(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Yes to what was shown: the question goes, the command is written down."""
        value = _value(body)
        command = None
        if (about := _about(value)) and value.get("d"):
            command = Rollback(**_who(body), **about, digest=value["d"])
        await self._write(ack, body, respond, command)
        if command is not None:
            self._later.run(respond(delete_original=True))

    async def cancelled(self, ack: AsyncAck, respond: AsyncRespond) -> None:
        """No: the question goes."""
        await ack()
        self._later.run(respond(delete_original=True))

    async def take_on(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """I'm on it."""
        value = _value(body)
        command = TakeOn(**_who(body), change=value["c"]) if value.get("c") else None
        await self._write(ack, body, respond, command)

    async def settle(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """I reviewed it: what broke the glass."""
        value = _value(body)
        command = SettleGlass(**_who(body), change=value["c"]) if value.get("c") else None
        await self._write(ack, body, respond, command)

    async def merge(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Merge, on what the card showed."""
        value, command = _value(body), None
        if value.get("c") and value.get("d"):
            command = MergeChange(**_who(body), change=value["c"], digest=value["d"])
        await self._write(ack, body, respond, command)

    async def ladder(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Pause, resume, next or abort: the action's id says which."""
        value, do = _value(body), str(_action(body).get("action_id", "")).removeprefix("ladder.")
        command = None
        if value.get("c") and do in STEERING:
            command = SteerLadder.model_validate({**_who(body), "change": value["c"], "do": do})
        await self._write(ack, body, respond, command)

    async def _write(self, ack: AsyncAck, body: Body, respond: AsyncRespond, command: Clicked | None) -> None:
        answer: Message | None = STRANGE if command is None else None
        if command is not None:
            try:
                await self._doors.intake.put(delivery_of(body), command)
            except StoreUnavailable:
                answer = NOT_SAVED
        await ack()
        if answer is not None:
            said = self._doors.render(answer)
            self._later.run(respond(response_type="ephemeral", replace_original=False, **said))


def _about(value: dict[str, str]) -> dict[str, Any]:
    """What is to go back: the target of the change whose card it is, or, where there is none, the target itself."""
    if value.get("c"):
        return {"model": "", "environment": "", "change": value["c"]}
    if value.get("m") and value.get("e"):
        return {"model": value["m"], "environment": value["e"]}
    return {}


def _who(body: Body) -> dict[str, Any]:
    return {"by": asker_of_action(body), "origin": origin_of_action(body)}


def _action(body: Body) -> dict[str, Any]:
    actions = body.get("actions") or [{}]
    return actions[0] if isinstance(actions[0], dict) else {}


def _value(body: Body) -> dict[str, str]:
    return value_of(_action(body).get("value"))
