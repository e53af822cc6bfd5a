"""`slackops slack-manifest`."""

from __future__ import annotations

import os

import typer
import yaml

from bot.domain.slack_manifest import slack_manifest
from bot.errors import Reason, Refused


def print_slack_manifest(url: str | None, *, socket: bool, prefix: str) -> None:
    """Print it as YAML. Raises Refused when no URL is known and Socket Mode does not make one needless."""
    base = url or os.environ.get("PUBLIC_URL", "")
    if not base and not socket:
        raise Refused(
            Reason.BAD_USAGE,
            "Where does Slack reach the bot?",
            "Give --url https://…, set PUBLIC_URL, or use --socket.",
        )
    manifest = slack_manifest(base.rstrip("/"), prefix=prefix, socket_mode=socket)
    typer.echo(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True), nl=False)
