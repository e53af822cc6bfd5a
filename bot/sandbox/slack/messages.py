"""The messages of all channels, in memory and in the state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.ids import Timestamps, micros
from bot.sandbox.state import State

NS = "slack.message"
Message = dict[str, Any]
TOMBSTONE = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "blocks": []}


class Messages:
    """Messages by channel and ts. ``viewer`` of a message is None, or the only member who sees an ephemeral one."""

    def __init__(self, state: State, feed: Feed) -> None:
        self._state, self._feed = state, feed
        self._all: dict[str, dict[str, Message]] = defaultdict(dict)
        self._threads: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for doc in state.all(NS):
            self._keep(doc)
        stamps = [ts for channel in self._all.values() for ts in channel]
        self.clock = Timestamps(max(stamps, key=micros, default="0.000000"))

    def get(self, channel: str, ts: str) -> Message | None:
        """The message, ephemeral or not."""
        return self._all[channel].get(ts)

    def add(self, channel: str, **fields: Any) -> Message:
        """Post with a fresh ts; a reply to a reply goes to the thread's parent."""
        message = {"type": "message", "channel": channel, "ts": self.clock.next(), "viewer": None, **fields}
        parent = self.get(channel, message.get("thread_ts") or "")
        if parent and parent.get("thread_ts") and parent["viewer"] is None:
            message["thread_ts"] = parent["thread_ts"]
        self._put(message)
        self._feed.publish("message", channel=channel, ts=message["ts"], viewer=message["viewer"])
        return message

    def change(self, message: Message, **fields: Any) -> Message:
        """Replace some fields; the ts stays."""
        changed = {**message, **fields}
        self._put(changed)
        self._feed.publish("message_changed", channel=message["channel"], ts=message["ts"], viewer=message["viewer"])
        return changed

    def remove(self, message: Message) -> None:
        """Delete it; the parent of a thread leaves a tombstone behind, as in Slack."""
        channel, ts = message["channel"], message["ts"]
        if self.replies(channel, ts):
            keep = {k: message[k] for k in ("type", "channel", "ts", "viewer")}
            self._put({**keep, **TOMBSTONE})
        else:
            self._all[channel].pop(ts, None)
            self._threads[channel, message.get("thread_ts") or ""].pop(ts, None)
            self._state.delete(NS, f"{channel}:{ts}")
        self._feed.publish("message_deleted", channel=channel, ts=ts, viewer=message["viewer"])

    def _put(self, message: Message) -> None:
        self._keep(message)
        self._state.put(NS, f"{message['channel']}:{message['ts']}", message)

    def _keep(self, message: Message) -> None:
        self._all[message["channel"]][message["ts"]] = message
        if message.get("thread_ts"):
            self._threads[message["channel"], message["thread_ts"]][message["ts"]] = None

    def listed(self, channel: str) -> list[Message]:
        """What the channel itself shows to all, oldest first: no replies but broadcast ones, no ephemerals."""
        return [m for m in self._all[channel].values() if m["viewer"] is None and in_channel(m)]

    def replies(self, channel: str, ts: str) -> list[Message]:
        """The replies of one thread, oldest first, without the parent and without ephemerals."""
        found = (self._all[channel][reply] for reply in self._threads.get((channel, ts), ()))
        return [m for m in found if m["viewer"] is None]

    def ephemerals(self, channel: str, viewer: str, thread_ts: str | None) -> list[Message]:
        """What only this member sees in the channel, or in one thread of it."""
        here = self._all[channel].values()
        return [m for m in here if m["viewer"] == viewer and m.get("thread_ts") == thread_ts]


def in_channel(message: Message) -> bool:
    """Whether the channel shows it outside of threads."""
    return not message.get("thread_ts") or message.get("subtype") == "thread_broadcast"
