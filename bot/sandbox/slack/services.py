"""What the parts of a workspace share."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.hooks import Hooks
from bot.sandbox.slack.config import WorkspaceConfig
from bot.sandbox.slack.directory import Directory
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.messages import Messages
from bot.sandbox.slack.openid import OpenId
from bot.sandbox.slack.responses import Responses
from bot.sandbox.slack.scopes import Scopes
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views import Views
from bot.sandbox.state import State


@dataclass(frozen=True)
class Services:
    """One workspace's stores and counters."""

    config: WorkspaceConfig
    hooks: Hooks
    feed: Feed
    directory: Directory
    messages: Messages
    views: Views
    triggers: Triggers
    responses: Responses
    files: Files
    limits: Limits
    sockets: Sockets
    openid: OpenId
    scopes: Scopes


def build(state: State, hooks: Hooks, config: WorkspaceConfig) -> Services:
    """All of them over one state."""
    feed = Feed()
    return Services(
        config=config,
        hooks=hooks,
        feed=feed,
        directory=Directory(state, feed, config),
        messages=Messages(state, feed),
        views=Views(state, feed, config),
        triggers=Triggers(config.trigger_seconds),
        responses=Responses(state, config),
        files=Files(state, config),
        limits=Limits(enforce=config.enforce_rate_limits, post_burst=config.post_burst),
        sockets=Sockets(config),
        openid=OpenId(state, config),
        scopes=Scopes(config.scopes),
    )
