"""Slash commands: parse, write down, ack. A refusal of the text itself is the ack."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.domain.cards import Message, Refusal
from bot.domain.grammar import FormAsk, HelpAsk, parse
from bot.errors import Refused, SlackOpsError, StoreUnavailable
from handlers.asks import command_of, help_of, open_form
from handlers.doors import Doors
from handlers.payloads import Body, asker_of_command, delivery_of, origin_of_command

NOT_SAVED = Refusal("Not saved", "internal", "The bot could not write this down.", "Try again in a moment.")


class SlashCommands:
    """The listener of every slash command."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def __call__(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Ack with nothing when it was written down; with an answer that only the asker sees otherwise."""
        try:
            answer = await self._take(body)
        except Refused as why:
            answer = Refusal("Not understood", why.reason.value, why.message, why.unblock)
        except StoreUnavailable:
            answer = NOT_SAVED
        except SlackOpsError as error:
            answer = Refusal("Nothing done", "internal", str(error), "Try again.")
        if answer is None:
            await ack()
        else:
            await ack(response_type="ephemeral", **self._doors.render(answer))

    async def _take(self, body: Body) -> Message | None:
        by, origin, key = asker_of_command(body), origin_of_command(body), delivery_of(body)
        parsed = parse(str(body.get("command", "")), str(body.get("text") or ""), self._doors.prefix)
        if isinstance(parsed, HelpAsk):
            return help_of(parsed)
        if isinstance(parsed, FormAsk):
            await open_form(self._doors, parsed, by, origin, str(body.get("trigger_id", "")), key)
        elif command := command_of(parsed, by, origin):
            await self._doors.intake.put(key, command)
        return None
