"""Signing in at Slack and at GitHub over HTTP."""

from bot.adapters.signin.github import GitHubSignIn
from bot.adapters.signin.http import web_root
from bot.adapters.signin.slack import SlackOpenId

__all__ = ["GitHubSignIn", "SlackOpenId", "web_root"]
