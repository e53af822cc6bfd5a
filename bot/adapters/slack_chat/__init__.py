"""Slack's Web API as the Chat and Dialogs ports."""

from bot.adapters.slack_chat.chat import SlackChat
from bot.adapters.slack_chat.dialogs import SlackDialogs
from bot.adapters.slack_chat.pacing import Pacer

__all__ = ["Pacer", "SlackChat", "SlackDialogs"]
