"""A local Slack workspace that behaves like the real one: Web API, Block Kit's rules, signed delivery, Socket Mode."""

from bot.sandbox.slack.config import ChannelSeed, Delivered, UserSeed, WorkspaceConfig
from bot.sandbox.slack.workspace import Workspace

__all__ = ["ChannelSeed", "Delivered", "UserSeed", "Workspace", "WorkspaceConfig"]
