"""The Chat port over Slack's Web API."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import rfc8785

from bot.adapters.slack_blocks import render, render_form
from bot.adapters.slack_chat import files
from bot.adapters.slack_chat.calls import Calls
from bot.adapters.slack_chat.errors import SlackSays
from bot.adapters.slack_chat.myself import Myself
from bot.adapters.slack_chat.names import Channels, Groups
from bot.adapters.slack_chat.pacing import Pacer
from bot.adapters.slack_chat.search import find_ts, metadata
from bot.adapters.slack_chat.standing import Standings
from bot.adapters.slack_chat.whisper import by_response_url, directly, in_channel
from bot.domain.cards import Message, ThreadNews
from bot.domain.forms import Form
from bot.domain.people import Person, Standing
from bot.errors import SlackOpsError
from bot.ports import Posted

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
CLOSED = frozenset({"not_found", "hash_conflict", "view_not_found"})


class SlackChat:
    """Slack for the worker. ``timeout`` in seconds a call; ``prefix`` is SLACKOPS_COMMAND_PREFIX, for texts."""

    def __init__(
        self,
        token: str,
        api_url: str = "https://slack.com/api/",
        *,
        prefix: str = "",
        timeout: float = 10.0,
        pacer: Pacer | None = None,
    ) -> None:
        self._calls = Calls(token, api_url, timeout, pacer or Pacer())
        self._channels, self._groups = Channels(self._calls), Groups(self._calls)
        self._myself = Myself(self._calls)
        self._standings = Standings(self._calls)
        self._prefix, self._timeout = prefix, timeout

    def post(
        self, channel: str, message: Message, mark: str, *, thread: str | None = None, broadcast: bool = False
    ) -> Posted:
        """Post a message that carries ``mark``. Raises Fatal naming the channel when the bot may not write there."""
        where = self._channels.id(channel)
        extra = {"thread_ts": thread, "reply_broadcast": True if thread and broadcast else None}
        body = {**self._body(message), "metadata": metadata(mark), "unfurl_links": False, "unfurl_media": False}
        answer = self._calls.write("chat.postMessage", channel=where, **body, **extra)
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def find(self, channel: str, mark: str, since: float, thread: str | None = None) -> Posted | None:
        """The bot's own message with this mark."""
        where = self._channels.id(channel)
        try:
            ts = find_ts(self._calls, self._myself, where, mark, since, thread)
        except SlackSays as said:
            if said.code == "thread_not_found":
                return None
            raise
        return Posted(where, ts) if ts else None

    def update(self, posted: Posted, message: Message, mark: str) -> bool:
        """Replace the message in place; False when it is gone."""
        body = {**self._body(message), "metadata": metadata(mark)}
        try:
            self._calls.write("chat.update", channel=posted.channel, ts=posted.ts, **body)
        except SlackSays as said:
            if said.code in GONE:
                return False
            raise
        return True

    def whisper(
        self,
        person: Person,
        channel: str,
        message: Message,
        response_url: str | None = None,
        thread: str | None = None,
    ) -> None:
        """Say it to one person, by the first way that works."""
        body = self._body(message)
        if response_url and by_response_url(response_url, body, self._timeout):
            return
        if not in_channel(self._calls, channel, person.user, body, thread):
            directly(self._calls, person.user, body)

    def fill(self, view_id: str, view_hash: str | None, form: Form) -> None:
        """Fill an open view; nothing happens when the person has closed or changed it."""
        try:
            self._calls.write("views.update", view_id=view_id, hash=view_hash, view=render_form(form))
        except SlackSays as said:
            if said.code not in CLOSED:
                raise

    def team(self) -> str:
        """The id of the workspace, or of its enterprise."""
        return self._myself.team()

    def user_group(self, group_id: str) -> frozenset[str]:
        """User ids of a user group, by its id or `@handle`."""
        return self._groups.members(group_id)

    def member(self, person: Person) -> Standing:
        """What somebody is in the workspace; minutes old at most."""
        return self._standings.of(person, self._myself.team())

    def upload(self, name: str, content: bytes, alt: str) -> str:
        """As the port says."""
        return files.upload(self._calls, name, content, alt, self._timeout)

    def share(self, file: str, title: str, channel: str, thread: str) -> None:
        """As the port says; ``channel`` is an id."""
        files.share(self._calls, file, title, channel, thread)

    def fingerprint(self, message: Message) -> str:
        """SHA-256 of the canonical JSON of the rendered message."""
        return hashlib.sha256(rfc8785.dumps(render(message, self._prefix))).hexdigest()

    def _body(self, message: Message) -> dict[str, Any]:
        if isinstance(message, ThreadNews):
            message = replace(message, notify=tuple(self._callable(entry) for entry in message.notify))
        return render(message, self._prefix)

    def _callable(self, entry: str) -> str:
        """`slack:@handle` as `slack:S…`, so that the group is really called; unchanged where it cannot be found."""
        if not entry.startswith("slack:@"):
            return entry
        try:
            found = self._groups.by_handle(entry.removeprefix("slack:"))
        except SlackOpsError:
            return entry
        return f"slack:{found}" if found else entry
