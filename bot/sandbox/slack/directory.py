"""Who and where: members, channels, direct messages, user groups."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from bot.sandbox.slack.config import ChannelSeed, UserSeed, WorkspaceConfig
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.state import State

NS, USERS = "slack.channel", "slack.user"
SLACKBOT = "USLACKBOT"


class Directory:
    """The members of the configuration, and the channels of the state, seeded from it at the first start."""

    def __init__(self, state: State, feed: Feed, config: WorkspaceConfig) -> None:
        self._state, self._feed, self.config = state, feed, config
        self.users = {user.id: replace(user, **(state.get(USERS, user.id) or {})) for user in config.users}
        self._channels: dict[str, dict[str, Any]] = {doc["id"]: doc for doc in state.all(NS)}
        for seed in config.channels:
            if seed.id not in self._channels:
                self._save(self._seeded(seed))

    def _seeded(self, seed: ChannelSeed) -> dict[str, Any]:
        members = [*seed.members, *([self.config.bot_user_id] if seed.bot_member else [])]
        return {
            "id": seed.id,
            "name": seed.name,
            "members": members,
            "is_im": False,
            "is_private": seed.is_private,
            "topic": seed.topic,
            "created": int(time.time()),
        }

    def _save(self, channel: dict[str, Any]) -> None:
        self._channels[channel["id"]] = channel
        self._state.put(NS, channel["id"], channel)

    def all(self) -> list[dict[str, Any]]:
        """Every channel and direct message, oldest first."""
        return list(self._channels.values())

    def get(self, channel: str) -> dict[str, Any]:
        """A channel by id. Raises LookupError."""
        if channel not in self._channels:
            raise LookupError(f"no channel {channel}")
        return self._channels[channel]

    def user(self, user: str) -> UserSeed:
        """A member by id. Raises LookupError."""
        if user not in self.users:
            raise LookupError(f"no user {user}")
        return self.users[user]

    def change_user(self, user: str, **flags: bool) -> UserSeed:
        """Make a member deactivated, a guest and so on (fields of UserSeed). Raises LookupError."""
        self.users[user] = replace(self.user(user), **flags)  # type: ignore[arg-type]
        self._state.put(USERS, user, {**(self._state.get(USERS, user) or {}), **flags})
        self._feed.publish("user", user=user)
        return self.users[user]

    def open_im(self, user: str) -> dict[str, Any]:
        """The direct message between this member and the app, made when it is not there yet."""
        self.user(user)
        found = next((c for c in self._channels.values() if c["is_im"] and c["user"] == user), None)
        if found is None:
            im = {"id": f"D{user[1:]}", "name": "directmessage", "is_im": True, "is_private": True, "user": user}
            found = {**im, "members": [user, self.config.bot_user_id], "topic": "", "created": int(time.time())}
            self._save(found)
            self._feed.publish("channel", channel=found["id"])
        return found

    def join(self, channel: str, user: str) -> bool:
        """Become a member; False when one already was."""
        doc = self.get(channel)
        if user in doc["members"]:
            return False
        self._save({**doc, "members": [*doc["members"], user]})
        self._feed.publish("channel", channel=channel)
        return True

    def leave(self, channel: str, user: str) -> None:
        """Be a member no longer."""
        doc = self.get(channel)
        self._save({**doc, "members": [m for m in doc["members"] if m != user]})
        self._feed.publish("channel", channel=channel)

    def bot_is_in(self, channel: dict[str, Any]) -> bool:
        """Whether the app's bot user is a member."""
        return self.config.bot_user_id in channel["members"]

    def seen_by_bot(self, channel: Any) -> dict[str, Any]:
        """A channel that the app may know of. Raises SlackError channel_not_found."""
        doc = self._channels.get(str(channel))
        if doc is None or (doc["is_private"] and not self.bot_is_in(doc)):
            raise SlackError("channel_not_found")
        return doc

    def bots(self, channel: Any) -> dict[str, Any]:
        """A channel that the app is a member of. Raises SlackError channel_not_found or not_in_channel."""
        doc = self.seen_by_bot(channel)
        if not self.bot_is_in(doc):
            raise SlackError("not_in_channel")
        return doc

    def addressed(self, channel: str) -> dict[str, Any]:
        """Where chat.postMessage posts: a channel's id or name, or a member's id for the direct message."""
        if channel in self.users:
            return self.open_im(channel)
        name = channel.removeprefix("#")
        named = next((c["id"] for c in self._channels.values() if not c["is_im"] and c["name"] == name), channel)
        return self.bots(named)
