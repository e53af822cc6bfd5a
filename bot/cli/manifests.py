"""`slackops slack-manifest`."""

from __future__ import annotations

import os
import re

import typer
import yaml

from bot.domain.slack_manifest import slack_manifest
from bot.errors import Reason, Refused

_URL = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
_PREFIX = re.compile(r"[a-z0-9_-]{0,16}")


def print_slack_manifest(url: str | None, *, socket: bool, prefix: str | None) -> None:
    """Print it as YAML. Raises Refused for what Slack would not take, and for no URL without Socket Mode."""
    base = url or os.environ.get("PUBLIC_URL", "")
    if not base and not socket:
        raise _refused("Where does Slack reach the bot?", "Give --url https://…, set PUBLIC_URL, or use --socket.")
    if base and not _URL.fullmatch(base):
        raise _refused(f"{base!r} is not a URL that Slack can reach.", "It looks like https://slackops.example.com.")
    start = prefix if prefix is not None else os.environ.get("SLACKOPS_COMMAND_PREFIX", "")
    if not _PREFIX.fullmatch(start):
        raise _refused(f"{start!r} cannot start a command.", "Use up to 16 of a-z, 0-9, - and _, such as ml-.")
    manifest = slack_manifest(base.rstrip("/"), prefix=start, socket_mode=socket)
    typer.echo(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True), nl=False)


def _refused(message: str, unblock: str) -> Refused:
    return Refused(Reason.BAD_USAGE, message, unblock)
