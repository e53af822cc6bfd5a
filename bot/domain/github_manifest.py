"""The GitHub App's manifest: the least that the bot needs, and why.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

HOOK_PATH = "/webhooks/github"
CALLBACK_PATH = "/link/github"
Level = Literal["read", "write"]
LEVELS: Mapping[str, int] = {"read": 1, "write": 2, "admin": 3}


@dataclass(frozen=True)
class Permission:
    """What an App may do with one kind of thing, and what the bot needs it for."""

    level: Level
    why: str


PERMISSIONS: dict[str, Permission] = {
    "checks": Permission("read", "gates that wait for check runs, such as `check: ci/*`"),
    "contents": Permission("write", "branches of changes, the branch `slackops-state`, and the merge itself"),
    "members": Permission("read", "approvers that the policy names as teams, and who has left the organisation"),
    "metadata": Permission("read", "the repository, its default branch, its rulesets, and who may write"),
    "pull_requests": Permission("write", "opening, labelling, describing and closing pull requests; their reviews"),
    "statuses": Permission("write", "`slackops/gates` and `slackops/approvals`, which the branch rules require"),
}
"""Every permission that an App is always given. The page of permissions is written from this table."""

EVENTS: dict[str, str] = {
    "check_run": "a check that a gate waits for has ended",
    "check_suite": "the same, for all checks of an App at once",
    "organization": "somebody left the organisation: the account is unlinked, and what it approved counts no more",
    "pull_request": "a pull request was opened, pushed to, closed or merged",
    "pull_request_review": "somebody reviewed on github.com",
    "push": "the default branch moved, or the branch of freezes and bans",
    "status": "a commit status that a gate waits for",
}
"""Every event that GitHub is to send, and what it is for. All are nudges: polling finds the same, later."""


@dataclass(frozen=True)
class Extra:
    """What only some need: asked for with `--with NAME`."""

    permissions: Mapping[str, Permission]
    events: Mapping[str, str]


EXTRAS: dict[str, Extra] = {
    "actions": Extra(
        {"actions": Permission("write", "re-running failed checks, the end of their logs, and starting a retraining")},
        {"workflow_run": "a workflow has ended"},
    ),
    "deployments": Extra(
        {"deployments": Permission("read", "rollouts that GitHub's deployments tell of (`engine: github`)")},
        {"deployment_status": "how a deployment goes"},
    ),
    "protection": Extra(
        {"administration": Permission("read", "classic branch protection; rulesets are read without it")}, {}
    ),
    "queue": Extra(
        {"merge_queues": Permission("write", "joining and leaving a merge queue, where the branch has one")},
        {"merge_group": "the queue wants both statuses on the commit that it built"},
    ),
}
"""By the word of `--with`."""


def wanted(extras: Collection[str] = ()) -> tuple[dict[str, Permission], dict[str, str]]:
    """The permissions and events with these extras, each by name."""
    permissions, events = dict(PERMISSIONS), dict(EVENTS)
    for name in extras:
        permissions.update(EXTRAS[name].permissions)
        events.update(EXTRAS[name].events)
    return dict(sorted(permissions.items())), dict(sorted(events.items()))


def lacking(granted: Mapping[str, str], extras: Collection[str] = ()) -> dict[str, Permission]:
    """The permissions that are wanted and not granted, or not far enough."""
    needed, _ = wanted(extras)
    return {name: one for name, one in needed.items() if LEVELS.get(granted.get(name, ""), 0) < LEVELS[one.level]}


def beyond(granted: Mapping[str, str]) -> dict[str, str]:
    """What is granted and never needed, extras included; by name, with its level."""
    known, _ = wanted(EXTRAS)
    return {
        name: level
        for name, level in sorted(granted.items())
        if name not in known or LEVELS.get(level, 0) > LEVELS[known[name].level]
    }


def github_manifest(base_url: str, extras: Collection[str] = (), *, name: str = "SlackOps") -> dict[str, Any]:
    """The manifest of an App of a bot that others reach under ``base_url``; empty where nobody does: then no webhook is
    sent, polling finds everything, and accounts are not linked in the browser."""
    base = base_url.rstrip("/")
    permissions, events = wanted(extras)
    made: dict[str, Any] = {
        "name": name,
        "url": base or "https://github.com/slackops/slackops",
        "description": "Promote, approve, watch and take back machine-learning models by GitOps.",
        "public": False,
        "request_oauth_on_install": False,
        "default_permissions": {key: one.level for key, one in permissions.items()},
        "default_events": list(events) if base else [],
    }
    if base:
        made["hook_attributes"] = {"url": f"{base}{HOOK_PATH}", "active": True}
        made["callback_urls"] = [f"{base}{CALLBACK_PATH}"]
    return made
