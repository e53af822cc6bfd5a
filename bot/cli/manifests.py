"""`slackops slack-manifest` and `slackops github-manifest`."""

from __future__ import annotations

import json
import os
import re

import typer
import yaml

from bot.domain.github_manifest import EXTRAS, github_manifest
from bot.domain.policy.shown import nearest
from bot.domain.slack_manifest import slack_manifest
from bot.errors import Reason, Refused

_URL = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
_PREFIX = re.compile(r"[a-z0-9_-]{0,16}")
_NAME = re.compile(r"[^\x00-\x1f]{1,34}")


def print_slack_manifest(url: str | None, *, socket: bool, prefix: str | None) -> None:
    """Print it as YAML. Raises Refused for what Slack would not take, and for no URL without Socket Mode."""
    base = _base(url, "Slack")
    if not base and not socket:
        raise _refused("Where does Slack reach the bot?", "Give --url https://…, set PUBLIC_URL, or use --socket.")
    start = prefix if prefix is not None else os.environ.get("SLACKOPS_COMMAND_PREFIX", "")
    if not _PREFIX.fullmatch(start):
        raise _refused(f"{start!r} cannot start a command.", "Use up to 16 of a-z, 0-9, - and _, such as ml-.")
    manifest = slack_manifest(base, prefix=start, socket_mode=socket)
    typer.echo(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True), nl=False)


def print_github_manifest(url: str | None, extras: list[str], *, polling: bool, name: str) -> None:
    """Print it as JSON. Raises Refused for an extra that there is not, and for no URL without polling."""
    base = "" if polling else _base(url, "GitHub")
    if not base and not polling:
        raise _refused("Where does GitHub reach the bot?", "Give --url https://…, set PUBLIC_URL, or use --polling.")
    if not _NAME.fullmatch(name):
        raise _refused(f"{name!r} cannot name an App.", "Use up to 34 characters.")
    for extra in extras:
        if extra not in EXTRAS:
            near = nearest(extra, list(EXTRAS))
            unblock = f"Did you mean {near}?" if near else f"There are: {', '.join(EXTRAS)}."
            raise _refused(f"--with {extra} adds nothing that is known.", unblock)
    typer.echo(json.dumps(github_manifest(base, extras, name=name), indent=2))


def _base(url: str | None, who: str) -> str:
    base = url or os.environ.get("PUBLIC_URL", "")
    if base and not _URL.fullmatch(base):
        raise _refused(f"{base!r} is not a URL that {who} can reach.", "It looks like https://slackops.example.com.")
    return base.rstrip("/")


def _refused(message: str, unblock: str) -> Refused:
    return Refused(Reason.BAD_USAGE, message, unblock)
