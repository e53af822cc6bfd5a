"""The Slack app's manifest (https://docs.slack.dev/reference/app-manifest): the least that the bot needs, and why."""

from __future__ import annotations

from typing import Any

from bot.domain.grammar import USAGE

EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/link/slack"

SCOPES: dict[str, str] = {
    "app_mentions:read": "commands by mention, also in threads, where slash commands do not work",
    "channels:history": "finding a message of its own again when Slack's answer to the posting was lost",
    "channels:read": "channels that the policy names by name",
    "chat:write": "cards, threads and messages that only one person sees",
    "commands": "the slash commands",
    "files:write": "a chart beside the comparison of two versions, in the thread of a card; without it there is none",
    "groups:history": "as channels:history, in private channels that it was invited to",
    "groups:read": "as channels:read, for private channels that it was invited to",
    "im:write": "answering directly where the bot or the person is not in the channel",
    "metadata.message:read": "reading the marks in its own messages, by which it knows them again",
    "usergroups:read": "approvers and people to call that the policy names as user groups",
    "users:read": "whether somebody is a guest, deactivated or of another workspace: those never approve unless named",
}
"""Every bot scope, and what it is for. The page of permissions is written from this table."""

SPARED = frozenset({"files:write"})
"""Scopes without which all goes on, with something less."""

USER_SCOPES: dict[str, str] = {
    "openid": "Sign in with Slack: proves in the browser who links a GitHub account; the bot keeps no token of it",
}
"""What whoever links an account is asked for, only where linking in the browser has an address to come back to."""

BOT_EVENTS: dict[str, str] = {
    "app_mention": "commands by mention",
    "user_change": "somebody was deactivated: the account is unlinked, and what it approved counts no more",
}
"""Every event that Slack is to send, and what it is for."""

COMMANDS: dict[str, tuple[str, str]] = {
    "promote": ("Propose a model version for an environment", USAGE["promote"]),
    "rollback": ("Propose to go back to an earlier version", USAGE["rollback"]),
    "models": ("Show what runs where", USAGE["models"]),
    "drift": ("Show what drifts, and who is on it", USAGE["drift"]),
    "slackops": ("Help", USAGE["help"]),
}
"""Every slash command without its prefix: what Slack says of it, and how it is written."""


def slack_manifest(base_url: str, *, prefix: str = "", socket_mode: bool = False) -> dict[str, Any]:
    """The manifest of an app that Slack reaches under ``base_url``; in Socket Mode no URL is needed.

    ``prefix`` is SLACKOPS_COMMAND_PREFIX: with ``ml-`` the commands are `/ml-promote` and so on.
    """
    url = {} if socket_mode else {"url": f"{base_url.rstrip('/')}{EVENTS_PATH}"}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "SlackOps",
            "description": "Promote, approve, watch and take back machine-learning models by GitOps.",
            "background_color": "#1f2a44",
        },
        "features": {
            "bot_user": {"display_name": "SlackOps", "always_online": True},
            "slash_commands": [_command(name, prefix, url) for name in COMMANDS],
        },
        "oauth_config": _oauth(base_url.rstrip("/")),
        "settings": _settings(url, socket_mode=socket_mode),
    }


def _oauth(base_url: str) -> dict[str, Any]:
    """Without an address nobody can come back from signing in, so nothing is asked for that."""
    if not base_url:
        return {"scopes": {"bot": list(SCOPES)}}
    return {
        "redirect_urls": [f"{base_url}{REDIRECT_PATH}"],
        "scopes": {"bot": list(SCOPES), "user": list(USER_SCOPES)},
    }


def _command(name: str, prefix: str, url: dict[str, str]) -> dict[str, Any]:
    description, usage = COMMANDS[name]
    hint = usage.partition(" ")[2]
    return {
        "command": f"/{prefix}{name}",
        **url,
        "description": description,
        "usage_hint": hint,
        "should_escape": False,
    }


def _settings(url: dict[str, str], *, socket_mode: bool) -> dict[str, Any]:
    request = {"request_url": url["url"]} if url else {}
    return {
        "event_subscriptions": {**request, "bot_events": list(BOT_EVENTS)},
        "interactivity": {"is_enabled": True, **request},
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket_mode,
        "token_rotation_enabled": False,
    }
