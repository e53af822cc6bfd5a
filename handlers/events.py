"""Mentions: the same grammar as slash commands, in threads too, where slash commands do not work."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.cards import Message, Refusal
from bot.domain.commands import Origin
from bot.domain.grammar import FormAsk, HelpAsk, parse_mention
from bot.domain.people import Person
from bot.errors import Reason, Refused
from handlers.asks import command_of, help_of
from handlers.doors import Doors
from handlers.later import Later
from handlers.payloads import Body


class Mentions:
    """The listener of `app_mention` (https://docs.slack.dev/reference/events/app_mention)."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._later = Later()

    async def __call__(self, body: dict[str, Any], event: dict[str, Any], client: AsyncWebClient) -> None:
        """Write the command down. A store that does not answer is raised: Slack then delivers the event again."""
        if event.get("bot_id") or not event.get("user"):
            return
        try:
            answer = await self._take(body, event)
        except Refused as why:
            answer = Refusal("Not understood", why.reason.value, why.message, why.unblock)
        if answer is not None:
            said = client.chat_postEphemeral(
                channel=str(event["channel"]),
                user=str(event["user"]),
                thread_ts=event.get("thread_ts"),
                **self._doors.render(answer),
            )
            self._later.run(said)

    async def _take(self, body: Body, event: Body) -> Message | None:
        parsed = parse_mention(str(event.get("text", "")))
        if isinstance(parsed, HelpAsk):
            return help_of(parsed)
        if isinstance(parsed, FormAsk):
            raise Refused(
                Reason.BAD_USAGE, "Some of it is missing.", f"`/{self._doors.prefix}{parsed.command}` opens a form."
            )
        by = Person(team=team_of(body, event), user=str(event["user"]))
        origin = Origin(channel=str(event["channel"]), thread_ts=event.get("thread_ts"))
        command = command_of(parsed, by, origin)
        if command is not None:
            await self._doors.intake.put(f"slack:event:{body.get('event_id', '')}", command)
        return None


def team_of(body: Body, event: Body) -> str:
    """Whose member spoke. In a channel that is shared with others, somebody of another workspace is never ours."""
    home, here = event.get("user_team") or event.get("team"), body.get("team_id")
    if home and here and home != here:
        return str(home)
    return str(body.get("enterprise_id") or home or here or "")
