"""The GitHub App's manifest and the page of permissions: complete, least, and equal to the files that we ship."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.github_manifest import EVENTS, EXTRAS, PERMISSIONS, beyond, github_manifest, lacking, wanted
from bot.domain.permissions_page import permissions_page
from bot.domain.slack_manifest import BOT_EVENTS, SCOPES, USER_SCOPES, slack_manifest
from bot.sandbox.seed import cast
from bot.signals.github import _EVENTS as HEARD

ROOT = Path(__file__).parents[2]
BASE = "https://slackops.example.com"


def test_the_page_of_permissions_is_written_from_the_tables() -> None:
    assert (ROOT / "docs" / "permissions.md").read_text() == permissions_page()


@pytest.mark.parametrize("name", [*SCOPES, *USER_SCOPES, *BOT_EVENTS, *PERMISSIONS, *EVENTS, *EXTRAS])
def test_the_page_names_each_of_them(name: str) -> None:
    assert f"`{name}`" in permissions_page()


def test_the_shipped_file_is_what_the_command_prints() -> None:
    shipped = json.loads((ROOT / "deploy" / "github" / "manifest.json").read_text())
    assert shipped == github_manifest(BASE)


def test_the_least_that_the_issue_names() -> None:
    made = github_manifest(BASE)
    assert made["default_permissions"] == {
        "checks": "read",
        "contents": "write",
        "members": "read",
        "metadata": "read",
        "pull_requests": "write",
        "statuses": "write",
    }
    assert made["hook_attributes"] == {"url": f"{BASE}/webhooks/github", "active": True}
    assert made["callback_urls"] == [f"{BASE}/link/github"]
    assert made["public"] is False


def test_actions_may_be_written_only_where_that_is_asked_for() -> None:
    assert "actions" not in github_manifest(BASE)["default_permissions"]
    assert github_manifest(BASE, ["actions"])["default_permissions"]["actions"] == "write"


def test_without_an_address_nothing_is_sent_and_nobody_comes_back() -> None:
    made = github_manifest("", ["queue"])
    assert (made["default_events"], "hook_attributes" in made, "callback_urls" in made) == ([], False, False)
    assert made["default_permissions"]["merge_queues"] == "write"
    told = slack_manifest("", socket_mode=True)
    assert told["oauth_config"] == {"scopes": {"bot": list(SCOPES)}}


def test_every_event_that_is_read_is_asked_for() -> None:
    _, events = wanted(EXTRAS)
    assert set(HEARD) <= set(events)


def test_signing_in_comes_back_to_the_bot() -> None:
    made = slack_manifest(f"{BASE}/")["oauth_config"]
    assert made["redirect_urls"] == [f"{BASE}/link/slack"]
    assert made["scopes"]["user"] == ["openid"]


def test_lacking_and_beyond() -> None:
    granted = {name: one.level for name, one in PERMISSIONS.items()}
    assert lacking(granted) == {} == beyond(granted)
    assert set(lacking({**granted, "statuses": "read"})) == {"statuses"}
    assert set(lacking({**granted, "checks": "write"}, ["queue"])) == {"merge_queues"}
    assert set(lacking({})) == set(PERMISSIONS)
    assert beyond({**granted, "checks": "write", "secrets": "read"}) == {"checks": "write", "secrets": "read"}
    assert beyond({**granted, "actions": "write"}) == {}


def test_the_sandbox_has_what_the_manifests_ask_for() -> None:
    permissions, events = wanted(EXTRAS)
    assert {name: one.level for name, one in permissions.items()} == cast.GITHUB_PERMISSIONS
    assert sorted(events) == sorted(cast.GITHUB_EVENTS)
    assert sorted(cast.SLACK_SCOPES) == sorted(SCOPES)
    assert sorted(cast.SLACK_EVENTS) == sorted(BOT_EVENTS)
