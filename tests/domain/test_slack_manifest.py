"""The app manifest: complete, least, and equal to the file that we ship."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.domain.slack_manifest import COMMANDS, SCOPES, slack_manifest
from handlers.register import COMMANDS as HANDLED

SHIPPED = Path(__file__).parents[2] / "deploy" / "slack" / "manifest.yaml"
BASE = "https://slackops.example.com"


def test_the_shipped_file_is_what_the_command_prints() -> None:
    assert yaml.safe_load(SHIPPED.read_text()) == slack_manifest(BASE)


def test_every_command_that_is_handled_is_declared() -> None:
    assert set(COMMANDS) == set(HANDLED)


def test_prefix_and_urls() -> None:
    made = slack_manifest(f"{BASE}/", prefix="ml-")
    commands = made["features"]["slash_commands"]
    names = ["/ml-promote", "/ml-rollback", "/ml-models", "/ml-drift", "/ml-slackops"]
    assert [c["command"] for c in commands] == names
    assert {c["url"] for c in commands} == {f"{BASE}/slack/events"}
    assert made["settings"]["interactivity"]["request_url"] == f"{BASE}/slack/events"


def test_socket_mode_names_no_url() -> None:
    made = slack_manifest("", socket_mode=True)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in yaml.safe_dump(made)


def test_limits_and_reasons() -> None:
    made = slack_manifest(BASE)
    assert all(
        len(c["description"]) <= 2000 and len(c["usage_hint"]) <= 1000 for c in made["features"]["slash_commands"]
    )
    assert made["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert all(SCOPES.values())
