"""conversations.*"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.arguments import Args, flag, whole
from bot.sandbox.slack.ids import micros
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.method import Method
from bot.sandbox.slack.paging import decode, encode, page
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.shapes import channel_wire, wire

Out = dict[str, Any]
TYPES = ("public_channel", "private_channel", "mpim", "im")


def kind(channel: Out) -> str:
    """Which of Slack's types a conversation is."""
    return "im" if channel["is_im"] else "private_channel" if channel["is_private"] else "public_channel"


def visible(s: Services, args: Args) -> list[Out]:
    """The conversations of the wanted types that the app may know of. Raises SlackError invalid_types."""
    types = [t.strip() for t in str(args.get("types") or "public_channel").split(",")]
    if not set(types) <= set(TYPES):
        raise SlackError("invalid_types")
    mine = [c for c in s.directory.all() if not c["is_private"] or s.directory.bot_is_in(c)]
    return [c for c in mine if kind(c) in types]


def list_all(s: Services, args: Args) -> Out:
    """conversations.list"""
    found, more = page(visible(s, args), args)
    return {"channels": [channel_wire(s.directory, c) for c in found], **more}


def list_mine(s: Services, args: Args) -> Out:
    """users.conversations"""
    user = str(args.get("user") or s.config.bot_user_id)
    found, more = page([c for c in visible(s, args) if user in c["members"]], args)
    return {"channels": [channel_wire(s.directory, c) for c in found], **more}


def info(s: Services, args: Args) -> Out:
    """conversations.info"""
    channel = channel_wire(s.directory, s.directory.seen_by_bot(args["channel"]))
    if not flag(args, "include_num_members"):
        channel.pop("num_members", None)
    return {"channel": channel}


def members(s: Services, args: Args) -> Out:
    """conversations.members"""
    found, more = page(s.directory.seen_by_bot(args["channel"])["members"], args)
    return {"members": found, **more}


def join(s: Services, args: Args) -> Out:
    """conversations.join: public channels only."""
    channel = s.directory.seen_by_bot(args["channel"])
    if channel["is_im"] or channel["is_private"]:
        raise SlackError("method_not_supported_for_channel_type")
    new = s.directory.join(channel["id"], s.config.bot_user_id)
    known = {} if new else {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return {"channel": channel_wire(s.directory, s.directory.get(channel["id"])), **known}


def open_im(s: Services, args: Args) -> Out:
    """conversations.open: a direct message with one member."""
    if args.get("channel"):
        return {"channel": {"id": s.directory.bots(args["channel"])["id"]}}
    users = args.get("users") or ""
    names = users if isinstance(users, list) else [u for u in str(users).split(",") if u]
    if not names:
        raise SlackError("users_list_not_supplied")
    if len(names) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    if names[0] not in s.directory.users:
        raise SlackError("user_not_found")
    channel = s.directory.open_im(names[0])
    full = {"channel": channel_wire(s.directory, channel)}
    return full if flag(args, "return_im") else {"channel": {"id": channel["id"]}}


def stamp(args: Args, name: str) -> int | None:
    """A time argument in microseconds, None when absent. Raises SlackError invalid_ts_oldest or invalid_ts_latest."""
    value = args.get(name)
    if value in (None, "", "0", 0, "now"):
        return None
    try:
        return micros(str(value))
    except ValueError as error:
        raise SlackError(f"invalid_ts_{name}") from error


def within(args: Args, items: list[Message]) -> list[Message]:
    """Those between oldest and latest, the ends included only with ``inclusive``."""
    oldest, latest, edge = stamp(args, "oldest"), stamp(args, "latest"), flag(args, "inclusive")

    def inside(message: Message) -> bool:
        at = micros(message["ts"])
        after = oldest is None or at > oldest or (edge and at == oldest)
        return after and (latest is None or at < latest or (edge and at == latest))

    return [m for m in items if inside(m)]


def history(s: Services, args: Args) -> Out:
    """conversations.history: newest first."""
    channel = s.directory.bots(args["channel"])["id"]
    items = list(reversed(within(args, s.messages.listed(channel))))
    if (before := decode(args, "next_ts")) is not None:
        items = [m for m in items if micros(m["ts"]) <= int(before)]
    limit = whole(args, "limit", 100, 999)
    more = len(items) > limit
    cursor = {"response_metadata": {"next_cursor": encode("next_ts", str(micros(items[limit]["ts"])))}} if more else {}
    wanted = flag(args, "include_all_metadata")
    out = [wire(s.messages, m, metadata=wanted) for m in items[:limit]]
    return {"messages": out, "has_more": more, "pin_count": 0, **cursor}


def replies(s: Services, args: Args) -> Out:
    """conversations.replies: the parent first on every page, then the replies, oldest first."""
    channel = s.directory.bots(args["channel"])["id"]
    found = s.messages.get(channel, str(args["ts"]))
    if found is None or found["viewer"] is not None:
        raise SlackError("thread_not_found")
    root = s.messages.get(channel, found.get("thread_ts") or found["ts"]) or found
    items = within(args, s.messages.replies(channel, root["ts"]))
    if (after := decode(args, "next_ts")) is not None:
        items = [m for m in items if micros(m["ts"]) >= int(after)]
    limit = whole(args, "limit", 1000, 1000)
    more = len(items) > limit
    cursor = {"response_metadata": {"next_cursor": encode("next_ts", str(micros(items[limit]["ts"])))}} if more else {}
    wanted = flag(args, "include_all_metadata")
    out = [wire(s.messages, m, metadata=wanted) for m in [root, *items[:limit]]]
    return {"messages": out, "has_more": more, **cursor}


METHODS = (
    Method("conversations.list", list_all, 2, json=False),
    Method("users.conversations", list_mine, 3, json=False),
    Method("conversations.info", info, 3, ("channel",), json=False),
    Method("conversations.members", members, 4, ("channel",), json=False),
    Method("conversations.join", join, 3, ("channel",)),
    Method("conversations.open", open_im, 3),
    Method("conversations.history", history, 3, ("channel",)),
    Method("conversations.replies", replies, 3, ("channel", "ts"), json=False),
)
