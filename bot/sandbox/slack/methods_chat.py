"""chat.* and reactions.*"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.arguments import Args, flag
from bot.sandbox.slack.content import posted, updated
from bot.sandbox.slack.ids import micros
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.method import Method
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.replies import bot_fields, broadcast, thread_of
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.shapes import wire

Out = dict[str, Any]


def post_message(s: Services, args: Args) -> Out:
    """chat.postMessage"""
    channel = s.directory.addressed(str(args["channel"]))["id"]
    content = posted(args)
    where = {**thread_of(args), **broadcast(s.messages, channel, args)}
    message = s.messages.add(channel, **bot_fields(s.config), **content, **where, **named(args))
    return {"channel": channel, "ts": message["ts"], "message": wire(s.messages, message)}


def named(args: Args) -> Out:
    """The look that an app may give one message (scope chat:write.customize)."""
    icons = {"emoji": args["icon_emoji"]} if args.get("icon_emoji") else {}
    return {**({"username": args["username"]} if args.get("username") else {}), **({"icons": icons} if icons else {})}


def post_ephemeral(s: Services, args: Args) -> Out:
    """chat.postEphemeral"""
    channel, user = s.directory.addressed(str(args["channel"])), str(args["user"])
    if user not in channel["members"]:
        raise SlackError("user_not_in_channel")
    content = {**posted(args), "metadata": None}
    message = s.messages.add(channel["id"], **bot_fields(s.config), **content, **thread_of(args), viewer=user)
    return {"message_ts": message["ts"]}


def own(s: Services, args: Args, foreign: str) -> Message:
    """The app's own message that is meant. Raises SlackError channel_not_found, message_not_found or ``foreign``."""
    channel = s.directory.seen_by_bot(args["channel"])
    message = s.messages.get(channel["id"], str(args["ts"]))
    if message is None or message["viewer"] is not None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    if message.get("bot_id") != s.config.bot_id:
        raise SlackError(foreign)
    return message


def update(s: Services, args: Args) -> Out:
    """chat.update"""
    message = own(s, args, "cant_update_message")
    fields = updated(args)
    if flag(args, "reply_broadcast") and message.get("thread_ts"):
        fields |= broadcast(s.messages, message["channel"], {**args, "thread_ts": message["thread_ts"]})
    edited = {"user": s.config.bot_user_id, "ts": s.messages.clock.next()}
    changed = s.messages.change(message, **fields, edited=edited)
    facts = {"channel": changed["channel"], "ts": changed["ts"], "text": changed["text"]}
    return {**facts, "message": wire(s.messages, changed)}


def delete(s: Services, args: Args) -> Out:
    """chat.delete"""
    message = own(s, args, "cant_delete_message")
    s.messages.remove(message)
    return {"channel": message["channel"], "ts": message["ts"]}


def seen(s: Services, args: Args, name: str) -> Message:
    """Any message of a channel that the app is in. Raises SlackError message_not_found and those of the channel."""
    channel = s.directory.bots(args["channel"])
    message = s.messages.get(channel["id"], str(args[name]))
    if message is None or message["viewer"] is not None:
        raise SlackError("message_not_found")
    return message


def permalink(s: Services, args: Args) -> Out:
    """chat.getPermalink: an address of the sandbox's page."""
    message = seen(s, args, "message_ts")
    url = f"{s.config.base_url.rstrip('/')}/archives/{message['channel']}/p{micros(message['ts'])}"
    thread = message.get("thread_ts")
    query = f"?thread_ts={thread}&cid={message['channel']}" if thread else ""
    return {"channel": message["channel"], "permalink": url + query}


def add_reaction(s: Services, args: Args) -> Out:
    """reactions.add"""
    react(s, args, s.config.bot_user_id)
    return {}


def react(s: Services, args: Args, user: str) -> None:
    """One member's emoji on a message. Raises SlackError invalid_name, message_not_found, already_reacted."""
    name = str(args["name"]).strip(":")
    if not name or not all(c.isalnum() or c in "_-+:'" for c in name):
        raise SlackError("invalid_name")
    message = seen(s, args, "timestamp")
    reactions = [dict(r) for r in message.get("reactions") or []]
    entry = next((r for r in reactions if r["name"] == name), None)
    if entry and user in entry["users"]:
        raise SlackError("already_reacted")
    if entry:
        entry.update(users=[*entry["users"], user], count=entry["count"] + 1)
    else:
        reactions.append({"name": name, "users": [user], "count": 1})
    s.messages.change(message, reactions=reactions)


def remove_reaction(s: Services, args: Args) -> Out:
    """reactions.remove"""
    if not args.get("channel") or not args.get("timestamp"):
        raise SlackError("no_item_specified")
    message, user = seen(s, args, "timestamp"), s.config.bot_user_id
    name = str(args["name"]).strip(":")
    reactions = message.get("reactions") or []
    if not any(r["name"] == name and user in r["users"] for r in reactions):
        raise SlackError("no_reaction")
    rest = [r if r["name"] != name else less(r, user) for r in reactions]
    s.messages.change(message, reactions=[r for r in rest if r["count"]])
    return {}


def less(reaction: Out, user: str) -> Out:
    """The reaction without this member."""
    users = [u for u in reaction["users"] if u != user]
    return {**reaction, "users": users, "count": len(users)}


METHODS = (
    Method("chat.postMessage", post_message, 5, ("channel",)),
    Method("chat.postEphemeral", post_ephemeral, 4, ("channel", "user")),
    Method("chat.update", update, 3, ("channel", "ts")),
    Method("chat.delete", delete, 3, ("channel", "ts")),
    Method("chat.getPermalink", permalink, 5, ("channel", "message_ts"), json=False),
    Method("reactions.add", add_reaction, 3, ("channel", "name", "timestamp")),
    Method("reactions.remove", remove_reaction, 2, ("name",)),
)
