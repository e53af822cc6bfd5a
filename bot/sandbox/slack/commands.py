"""Slash commands, from the message box to what Slack shows of the app's answer."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.slack.config import Delivered
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.payloads import command
from bot.sandbox.slack.person import place, unsent
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.replies import answer, slackbot
from bot.sandbox.slack.services import Services

IN_THREAD = "{} is not supported in threads. Sorry!"
UNKNOWN = (
    '`{}` is not a valid command. In Slack, all messages that start with the "/" character are interpreted as '
    'commands.\nIf you are trying to send a message and not run a command, try preceding the "/" with an empty space.'
)
FAILED = '{} failed with the error "{}"'
ERRORS = {"operation_timeout": "operation_timeout"}


class Commands:
    """Runs what people type after a slash."""

    def __init__(self, services: Services, courier: Courier) -> None:
        self._services, self._courier = services, courier

    async def run(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Delivered:
        """One command. Raises LookupError or ValueError when this person cannot type here."""
        where = place(self._services, user, channel)
        name, _, words = text.strip().partition(" ")
        if thread_ts:
            return self._tell(user, channel, IN_THREAD.format(name), "not_in_thread", thread_ts)
        if name not in self._services.config.commands:
            return self._tell(user, channel, UNKNOWN.format(name), "invalid_command")
        form = command(self._services.directory, user, where, name, words.strip())
        form["response_url"] = self._services.responses.issue(user, channel)
        form["trigger_id"] = self._services.triggers.issue(user)
        outcome = await self._courier.deliver("slash_commands", form)
        return self._show(user, channel, name, outcome)

    def _tell(self, user: str, channel: str, words: str, error: str, thread_ts: str | None = None) -> Delivered:
        slackbot(self._services, user, channel, words, thread_ts)
        return unsent(error)

    def _show(self, user: str, channel: str, name: str, outcome: Delivered) -> Delivered:
        """What the ack's body says, or that the command failed."""
        if outcome.error is not None:
            words = FAILED.format(name, ERRORS.get(outcome.error, "dispatch_failed"))
            slackbot(self._services, user, channel, words)
            return outcome
        body = {"text": outcome.body} if isinstance(outcome.body, str) else outcome.body
        if not body:
            return outcome
        try:
            answer(self._services, user, channel, body)
        except SlackError:
            slackbot(self._services, user, channel, FAILED.format(name, "invalid_command_response"))
            return replace(outcome, error="invalid_command_response")
        return outcome
