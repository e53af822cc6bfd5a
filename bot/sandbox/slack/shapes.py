"""How Slack shows its objects: messages and channels for the Web API, and messages for the page and the tests."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.config import UserSeed, WorkspaceConfig
from bot.sandbox.slack.directory import Directory
from bot.sandbox.slack.messages import Message, Messages

FOREIGN_TEAM = "T0ELSEWHERE"
HIDDEN = ("viewer", "channel")


def thread_facts(messages: Messages, message: Message) -> dict[str, Any]:
    """What a parent knows of its thread."""
    if message["viewer"] is not None or message.get("thread_ts"):
        return {}
    replies = messages.replies(message["channel"], message["ts"])
    if not replies:
        return {}
    authors = list(dict.fromkeys(r.get("user") or r["bot_id"] for r in replies))
    facts = {"thread_ts": message["ts"], "reply_count": len(replies), "reply_users": authors}
    return {**facts, "reply_users_count": len(authors), "latest_reply": replies[-1]["ts"]}


def wire(messages: Messages, message: Message, *, metadata: bool = True) -> dict[str, Any]:
    """A message as the Web API returns it."""
    hidden = (*HIDDEN, *(() if metadata else ("metadata",)))
    out = {k: v for k, v in message.items() if k not in hidden and v not in (None, [], {})}
    parent = message.get("thread_ts")
    if parent and (found := messages.get(message["channel"], parent)):
        out["parent_user_id"] = found.get("user")
    return {**out, **thread_facts(messages, message)}


def shown(messages: Messages, message: Message) -> dict[str, Any]:
    """A message for the page and the tests: always the same keys."""
    blank: dict[str, Any] = {
        "user": None,
        "bot_id": None,
        "text": "",
        "blocks": [],
        "thread_ts": None,
        "reply_count": 0,
    }
    blank |= {"metadata": None, "edited": None, "reactions": [], "subtype": None, "attachments": [], "files": []}
    facts = thread_facts(messages, message)
    out = {**blank, **{k: v for k, v in message.items() if k != "viewer" and v is not None}, **facts}
    return {**out, "ephemeral": message["viewer"] is not None}


def channel_wire(directory: Directory, channel: dict[str, Any]) -> dict[str, Any]:
    """A conversation object."""
    base = {k: channel[k] for k in ("id", "created", "is_im", "is_private")}
    base |= {
        "is_archived": False,
        "is_org_shared": False,
        "is_mpim": False,
        "context_team_id": directory.config.team_id,
    }
    if channel["is_im"]:
        return {**base, "user": channel["user"], "is_user_deleted": False, "priority": 0}
    texts = {"topic": {"value": channel["topic"], "creator": "", "last_set": 0}}
    texts["purpose"] = {"value": "", "creator": "", "last_set": 0}
    flags = {"is_channel": not channel["is_private"], "is_group": channel["is_private"], "is_general": False}
    names = {"name": channel["name"], "name_normalized": channel["name"], "num_members": len(channel["members"])}
    return {**base, **texts, **flags, **names, "is_member": directory.bot_is_in(channel), "is_shared": False}


def user_wire(config: WorkspaceConfig, user: UserSeed) -> dict[str, Any]:
    """A user object."""
    profile = {
        "real_name": user.real_name,
        "display_name": user.name,
        "email": email(config, user),
        "team": config.team_id,
    }
    names = {"id": user.id, "team_id": config.team_id, "name": user.name, "real_name": user.real_name, "tz": user.tz}
    flags = {"deleted": user.deleted, "is_admin": False, "is_owner": False, "is_bot": user.is_bot, "is_app_user": False}
    stranger = {"is_stranger": True, "team_id": FOREIGN_TEAM} if user.is_stranger else {}
    return {
        **names,
        **flags,
        "is_restricted": user.is_guest or user.is_ultra_guest,
        "is_ultra_restricted": user.is_ultra_guest,
        "profile": profile,
        "updated": 0,
        **stranger,
    }


def bot_wire(config: WorkspaceConfig) -> dict[str, Any]:
    """The app's bot user as a user object."""
    user = UserSeed(config.bot_user_id, config.bot_name, config.bot_name)
    profile = {
        "real_name": user.real_name,
        "display_name": user.name,
        "api_app_id": config.app_id,
        "bot_id": config.bot_id,
    }
    return {**user_wire(config, user), "is_bot": True, "profile": profile}


def email(config: WorkspaceConfig, user: UserSeed) -> str:
    """The member's address; made up from the name when the seed has none."""
    return user.email or f"{user.name}@{config.team_domain}.example"
