"""What an app answers with: the body of a slash command's ack, and what it posts to a response_url."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack.arguments import Args, flag
from bot.sandbox.slack.config import WorkspaceConfig
from bot.sandbox.slack.content import posted
from bot.sandbox.slack.directory import SLACKBOT
from bot.sandbox.slack.messages import Message, Messages
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.services import Services


def bot_fields(config: WorkspaceConfig) -> dict[str, Any]:
    """Whom a message of the app is from."""
    profile = {"id": config.bot_id, "app_id": config.app_id, "name": config.bot_name, "team_id": config.team_id}
    ids = {"user": config.bot_user_id, "bot_id": config.bot_id, "app_id": config.app_id, "team": config.team_id}
    return {**ids, "bot_profile": {**profile, "deleted": False, "updated": 0, "icons": {}}}


def thread_of(args: Args) -> dict[str, str]:
    """The thread to post into, as a field of the message. Raises SlackError invalid_thread_ts."""
    ts = args.get("thread_ts")
    if not ts:
        return {}
    if not re.fullmatch(r"\d{1,12}\.\d{6}", str(ts)):
        raise SlackError("invalid_thread_ts", f"[ERROR] {ts} is not a valid thread_ts")
    return {"thread_ts": str(ts)}


def broadcast(messages: Messages, channel: str, args: Args) -> dict[str, Any]:
    """The fields that make a reply show in its channel too."""
    if not (args.get("thread_ts") and flag(args, "reply_broadcast")):
        return {}
    root = messages.get(channel, str(args["thread_ts"]))
    shown = {k: root.get(k) for k in ("ts", "text", "user")} if root else None
    return {"subtype": "thread_broadcast", "root": shown}


def slackbot(services: Services, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
    """A notice of Slack's own that only this person sees."""
    where = {"thread_ts": thread_ts} if thread_ts else {}
    return services.messages.add(channel, user=SLACKBOT, text=text, blocks=[], viewer=user, **where)


def answer(services: Services, user: str, channel: str, args: Args, original: str | None = None) -> None:
    """Post, replace or delete for this person in this channel. Raises SlackError of the content."""
    messages = services.messages
    old = messages.get(channel, original) if original else None
    if old and flag(args, "delete_original"):
        messages.remove(old)
        if not any(args.get(k) for k in ("text", "blocks", "attachments")):
            return
    content = posted(args)
    if old and flag(args, "replace_original"):
        messages.change(old, **content, edited={"user": services.config.bot_user_id, "ts": messages.clock.next()})
        return
    public = args.get("response_type") == "in_channel"
    fields = {**bot_fields(services.config), **content, **thread_of(args), **broadcast(messages, channel, args)}
    messages.add(channel, **fields, viewer=None if public else user)
