"""People's own messages, reactions and visits, and the events that the app gets of them."""

from __future__ import annotations

import re
import uuid
from html import escape
from typing import Any

from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.payloads import event
from bot.sandbox.slack.person import message_for, place
from bot.sandbox.slack.replies import slackbot, thread_of
from bot.sandbox.slack.services import Services

ABSENT = "You mentioned <@{}>, but they're not in this channel."
TOKEN = re.compile(r"(<(?:@[UW]\w+|#C\w+(?:\|[^<>|]*)?|!subteam\^\w+)>)")
HANDLE = re.compile(r"(?<![\w<@])@([a-z0-9][a-z0-9._-]*)")


class Talk:
    """What people say."""

    def __init__(self, services: Services, courier: Courier) -> None:
        self._services, self._courier = services, courier

    def post(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Post as this person and return the ts; the app hears of it as it is subscribed."""
        where = place(self._services, user, channel)
        words = self._encoded(text)
        fields = {"client_msg_id": str(uuid.uuid4()), "team": self._services.config.team_id}
        thread = thread_of({"thread_ts": thread_ts})
        message = self._services.messages.add(channel, user=user, text=words, blocks=[], **fields, **thread)
        for kind in self._kinds(where, words):
            self._send(kind, message)
        if f"<@{self._services.config.bot_user_id}>" in words and not self._services.directory.bot_is_in(where):
            slackbot(self._services, user, channel, ABSENT.format(self._services.config.bot_user_id), thread_ts)
        return str(message["ts"])

    def _encoded(self, text: str) -> str:
        """As Slack's client does: @name becomes <@id> for members and the bot, and stray &, < and > are escaped."""
        config = self._services.config
        names = {u.name: u.id for u in config.users} | {config.bot_name: config.bot_user_id}
        parts = TOKEN.split(text)  # every second part is a token that stays as it is
        plain = [part if index % 2 else escape(part, quote=False) for index, part in enumerate(parts)]
        return HANDLE.sub(lambda m: f"<@{names[m[1]]}>" if m[1] in names else m[0], "".join(plain))

    def _kinds(self, channel: dict[str, Any], words: str) -> list[str]:
        """Which of the subscribed events this message is."""
        if not self._services.directory.bot_is_in(channel):
            return []
        place_kind = (
            "message.im" if channel["is_im"] else "message.groups" if channel["is_private"] else "message.channels"
        )
        mentioned = f"<@{self._services.config.bot_user_id}>" in words and not channel["is_im"]
        kinds = [*(["app_mention"] if mentioned else []), place_kind]
        return [kind for kind in kinds if kind in self._services.config.events]

    def _send(self, kind: str, message: Message) -> None:
        keys = ("user", "ts", "client_msg_id", "text", "team", "thread_ts", "channel")
        inner = {k: message[k] for k in keys if message.get(k)}
        base, _, place_kind = kind.partition(".")
        inner |= {"type": base, "event_ts": message["ts"]}
        if base == "message":
            inner["channel_type"] = {"im": "im", "groups": "group"}.get(place_kind, "channel")
        self._courier.event(event(self._services.config, inner))

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Add an emoji, or take one's own away again."""
        message = message_for(self._services, user, channel, ts)
        reactions = {r["name"]: list(r["users"]) for r in message.get("reactions") or []}
        mine = reactions.setdefault(name, [])
        kind = "reaction_removed" if user in mine else "reaction_added"
        reactions[name] = [u for u in mine if u != user] if user in mine else [*mine, user]
        kept = [{"name": n, "users": u, "count": len(u)} for n, u in reactions.items() if u]
        self._services.messages.change(message, reactions=kept)
        if kind in self._services.config.events:
            item = {"type": "message", "channel": channel, "ts": ts}
            inner = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": message.get("user")}
            stamp = self._services.messages.clock.next()
            self._courier.event(event(self._services.config, {**inner, "event_ts": stamp}))

    def visit_home(self, user: str) -> None:
        """Open the App Home."""
        im, home = self._services.directory.open_im(user), self._services.views.home(user)
        if "app_home_opened" in self._services.config.events:
            inner = {"type": "app_home_opened", "user": user, "channel": im["id"], "tab": "home"}
            inner |= {"event_ts": self._services.messages.clock.next()} | ({"view": home} if home else {})
            self._courier.event(event(self._services.config, inner))
