"""Channels and user groups by name: resolved to ids once and remembered."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

from bot.adapters.slack_chat.calls import Calls
from bot.adapters.slack_chat.errors import SlackSays
from bot.errors import Fatal

CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,}")
GROUP_ID = re.compile(r"S[A-Z0-9]{2,}")


class Channels:
    """Ids of channels. A name that is not there is looked for again after ``again`` seconds."""

    def __init__(self, calls: Calls, again: float = 60.0, now: Callable[[], float] = time.monotonic) -> None:
        self._calls, self._again, self._now = calls, again, now
        self._ids: dict[str, str] = {}
        self._missing: dict[str, float] = {}
        self._lock = threading.Lock()

    def id(self, channel: str) -> str:
        """The id of an id or ``#name``. Raises Fatal, naming the channel, when the bot cannot see such a channel."""
        if CHANNEL_ID.fullmatch(channel):
            return channel
        name = channel.removeprefix("#")
        with self._lock:
            if name not in self._ids and self._missing.get(name, 0.0) <= self._now():
                self._look(name)
            found = self._ids.get(name)
        if found is None:
            raise Fatal(
                f"Slack has no channel #{name} that the bot can see: create it, or invite the bot with /invite."
            )
        return found

    def _look(self, name: str) -> None:
        kinds = "public_channel,private_channel"
        for page in self._calls.pages("conversations.list", types=kinds, exclude_archived="true", limit="999"):
            self._ids.update({str(c["name"]): str(c["id"]) for c in page.get("channels", []) if c.get("name")})
        if name not in self._ids:
            self._missing[name] = self._now() + self._again


class Groups:
    """Members of user groups, remembered for ``keep`` seconds: who may approve must not be asked for at every look."""

    def __init__(self, calls: Calls, keep: float = 180.0, now: Callable[[], float] = time.monotonic) -> None:
        self._calls, self._keep, self._now = calls, keep, now
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._handles: tuple[float, dict[str, str]] = (0.0, {})
        self._lock = threading.Lock()

    def members(self, group: str) -> frozenset[str]:
        """User ids of a group given by id or ``@handle``; nobody when there is no such group: fail closed."""
        with self._lock:
            ident = group if GROUP_ID.fullmatch(group) else self._by_handle(group)
            until, members = self._members.get(ident or "", (0.0, frozenset()))
            if ident is None or until > self._now():
                return members
            members = self._read(ident)
            self._members[ident] = (self._now() + self._keep, members)
            return members

    def by_handle(self, handle: str) -> str | None:
        """The id of ``@handle``."""
        with self._lock:
            return self._by_handle(handle)

    def _by_handle(self, handle: str) -> str | None:
        until, ids = self._handles
        if until <= self._now():
            answer = self._calls.read("usergroups.list")
            ids = {str(g["handle"]): str(g["id"]) for g in answer.get("usergroups", []) if not g.get("date_delete")}
            self._handles = (self._now() + self._keep, ids)
        return ids.get(handle.removeprefix("@"))

    def _read(self, ident: str) -> frozenset[str]:
        try:
            return frozenset(self._calls.read("usergroups.users.list", usergroup=ident).get("users") or [])
        except SlackSays as said:
            if said.code == "no_such_subteam":
                return frozenset()
            raise
