"""The bodies that Slack sends to an app (https://docs.slack.dev/reference/interaction-payloads, .../events)."""

from __future__ import annotations

import time
from typing import Any

from bot.sandbox.slack.config import WorkspaceConfig
from bot.sandbox.slack.directory import Directory
from bot.sandbox.slack.ids import fresh

Payload = dict[str, Any]


def command(directory: Directory, user: str, channel: dict[str, Any], name: str, text: str) -> Payload:
    """A slash command's form, without trigger_id and response_url."""
    config = directory.config
    private = "directmessage" if channel["is_im"] else "privategroup"
    team = {"token": config.verification_token, "team_id": config.team_id, "team_domain": config.team_domain}
    place = {"channel_id": channel["id"], "channel_name": private if channel["is_private"] else channel["name"]}
    person = {"user_id": user, "user_name": directory.user(user).name}
    return {**team, **place, **person, "command": name, "text": text, **app(config), "is_enterprise_install": "false"}


def app(config: WorkspaceConfig) -> Payload:
    """Which app is meant."""
    return {"api_app_id": config.app_id}


def interaction(directory: Directory, kind: str, user: str) -> Payload:
    """What all interactivity payloads begin with."""
    config, person = directory.config, directory.user(user)
    who = {"id": user, "username": person.name, "name": person.name, "team_id": config.team_id}
    team = {"id": config.team_id, "domain": config.team_domain}
    head = {"type": kind, "team": team, "user": who, **app(config), "token": config.verification_token}
    return {**head, "enterprise": None, "is_enterprise_install": False}


def message_container(message: Payload) -> Payload:
    """Where in which message something was clicked."""
    out = {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]}
    out["is_ephemeral"] = message["viewer"] is not None
    return {**out, "thread_ts": message["thread_ts"]} if message.get("thread_ts") else out


def event(config: WorkspaceConfig, inner: Payload) -> Payload:
    """An Events API envelope around one event."""
    grant = {"enterprise_id": None, "team_id": config.team_id, "user_id": config.bot_user_id}
    grants = [{**grant, "is_bot": True, "is_enterprise_install": False}]
    head = {"token": config.verification_token, "team_id": config.team_id, **app(config), "event": inner}
    ids = {"type": "event_callback", "event_id": fresh("Ev"), "event_time": int(time.time())}
    return {**head, **ids, "authorizations": grants, "is_ext_shared_channel": False, "event_context": fresh("4-", 24)}
