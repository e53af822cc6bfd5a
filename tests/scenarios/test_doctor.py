"""`slackops doctor` in the sandbox: green with environment variables alone, and every fault named with its fix."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.bootstrap import save_links
from bot.cli.doctor import build_doctor, examine, tell
from bot.domain.doctor import Finding, State
from bot.domain.slack_manifest import SCOPES
from bot.sandbox.seed import cast
from bot.sandbox.world import protection
from bot.settings import load_settings
from bot.usecases.doctor import Check, run_checks
from tests.scenarios.world import World, open_world

MAIN = (cast.REPO, "main")


def examined(world: World, check: str = "", **env: str) -> list[Finding]:
    """Everything, or what one check finds besides the policy; a new doctor each time, which remembers nothing."""
    doctor = build_doctor(load_settings({**world.env, **env}))
    first = doctor.first()
    found = run_checks(_only(first, "policy", check), 30)
    return [*found, *run_checks(_only(doctor.then(), check), 30)]


def _only(checks: dict[str, Check], *names: str) -> dict[str, Check]:
    return checks if "" in names else {name: one for name, one in checks.items() if name in names}


@dataclass(frozen=True)
class Faults:
    """What is done, which check finds it, and of each fault words of what it says and of its fix."""

    check: str
    inject: Callable[[World], object]
    named: tuple[tuple[State, str, str], ...]
    env: tuple[tuple[str, str], ...] = ()


FAIL, WARN, OK = State.FAIL, State.WARN, State.OK
OTHER = [{"context": one, "app_id": app_id} for one, app_id in (("slackops/gates", None), ("slackops/approvals", 7))]
QUEUE = [{"type": "merge_queue", "parameters": {}}]


def every_rule(world: World) -> None:
    """All rules that stand in the way, at once; none hides another."""
    review = {"required_approving_review_count": 2, "dismiss_stale_reviews": True, "require_last_push_approval": True}
    more = {"required_status_checks": {"strict": True, "checks": OTHER}, "required_pull_request_reviews": review}
    world.github.protect(*MAIN, {**protection(), **more, "required_signatures": True})
    world.github.set_rules(*MAIN, QUEUE)
    few = {name: level for name, level in cast.GITHUB_PERMISSIONS.items() if name != "merge_queues"}
    world.github.set_app(permissions=few)


def another_app(world: World) -> None:
    """Less than it needs in one place, and more in another."""
    world.github.set_app({**cast.GITHUB_PERMISSIONS, "statuses": "read", "secrets": "read"}, ("pull_request",))


def few_rules(world: World) -> None:
    """A queue that the App may use, and one required check of the two."""
    world.github.set_rules(*MAIN, QUEUE)
    checks = protection()["required_status_checks"]["checks"][:1]
    world.github.protect(*MAIN, {**protection(), "required_status_checks": {"strict": False, "checks": checks}})


FAULTS: dict[str, Faults] = {
    "scopes": Faults(
        "slack token",
        lambda world: world.slack.set_scopes((*(one for one in SCOPES if one != "users:read"), "reactions:write")),
        (
            (FAIL, "users:read is missing", "Scope users:read: add it"),
            (WARN, "never used: reactions:write", "Take them out"),
        ),
    ),
    "the bot is not in a channel": Faults(
        "channel",
        lambda world: world.slack.services.directory.leave("C0PROD", cast.BOT_USER_ID),
        ((FAIL, "the bot is not in #ml-production", "/invite @SlackOps in #ml-production"),),
    ),
    "rules": Faults(
        "branch rules",
        every_rule,
        (
            (FAIL, "slackops/gates is not pinned", "App 2001 as its source"),
            (FAIL, "slackops/approvals is pinned to another source, the App 7", "App 2001"),
            (WARN, "dismiss stale", "Switch off the dismissal of stale approvals on main"),
            (FAIL, "last push", "most recent push on main"),
            (WARN, "strict", "Switch off strict on main"),
            (FAIL, "must be signed", "`commits: api`"),
            (FAIL, "merge queue, of which the App is not told", "merge_queues: write and the event merge_group"),
            (OK, "native: GitHub wants 2", ""),
        ),
    ),
    "two reviews for one person": Faults("rollback alone", every_rule, ((WARN, "wants 2 reviews", "two statuses"),)),
    "a queue, and a check that is not required": Faults(
        "branch rules",
        few_rules,
        (
            (WARN, "merge queue", "switch the merge queue off on main"),
            (
                FAIL,
                "does not require slackops/approvals",
                "Add slackops/approvals to the required status checks of main",
            ),
        ),
    ),
    "an approver without write access": Faults(
        "approvers of production",
        lambda world: world.github.set_permission(cast.REPO, "ben", "read"),
        ((FAIL, "ben has no write access", "Give ben write access"),),
    ),
    "the App's permissions": Faults(
        "github app",
        another_app,
        (
            (FAIL, "statuses: write is missing", "Set statuses to write"),
            (WARN, "secrets: read", "Take them away"),
            (WARN, "not told of check_run", "Subscribe"),
        ),
    ),
    "a token in the App's place": Faults(
        "github app",
        lambda _: None,
        ((FAIL, "cannot be pinned", "slackops github-manifest"),),
        (("GITHUB_APP_ID", ""), ("GITHUB_APP_PRIVATE_KEY", ""), ("GITHUB_TOKEN", "TOKEN:ana")),
    ),
    "webhooks go elsewhere": Faults(
        "github webhook",
        lambda _: None,
        ((FAIL, "and not to the bot", "https://elsewhere.example.com/webhooks/github"),),
        (("PUBLIC_URL", "https://elsewhere.example.com"),),
    ),
    "somebody is deactivated": Faults(
        "slack user",
        lambda world: world.slack.change_user("U0BEN", deleted=True),
        ((FAIL, "slack:U0BEN was deactivated", "Take slack:U0BEN out"),),
    ),
    "the wrong bot token": Faults(
        "slack token",
        lambda _: None,
        ((FAIL, "Slack refused the bot token (invalid_auth)", "Set SLACK_BOT_TOKEN"),),
        (("SLACK_BOT_TOKEN", "xoxb-not-this-one"),),
    ),
    "the wrong app token": Faults(
        "slack delivery",
        lambda _: None,
        ((FAIL, "Slack refused the app token (invalid_auth)", "set SLACK_APP_TOKEN"),),
        (("SLACK_APP_TOKEN", "xapp-not-this-one"),),
    ),
    "another key": Faults(
        "store",
        lambda _: None,
        ((FAIL, "no key opens the link of ana, ben, chloe", "SLACKOPS_ENCRYPTION_KEYS"),),
        (("SLACKOPS_ENCRYPTION_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),),
    ),
}


def mend(world: World) -> None:
    """As it was."""
    world.slack.set_scopes(tuple(SCOPES))
    world.slack.services.directory.join("C0PROD", cast.BOT_USER_ID)
    world.slack.change_user("U0BEN", deleted=False)
    world.github.protect(*MAIN, protection())
    world.github.set_rules(*MAIN, [])
    world.github.set_permission(cast.REPO, "ben", "write")
    world.github.set_app(permissions=cast.GITHUB_PERMISSIONS, events=cast.GITHUB_EVENTS)


async def test_every_fault_is_named_with_its_fix(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path / "world", registry, bot=False) as world:
        settings = load_settings(world.env)
        await asyncio.to_thread(save_links, settings, world.sandbox.links())
        sound = await asyncio.to_thread(examined, world)
        assert [one for one in sound if one.state is not State.OK] == []
        missed = {name: lost for name, faults in FAULTS.items() if (lost := await missing(world, faults))}
        assert missed == {}
        await world.change_policy("    approvals:", "    approvls:")
        told = await asyncio.to_thread(examined, world)
        assert any("did you mean approvals?" in one.message for one in told if one.name == "policy")
        assert {"store", "slack token", "github app", "linking"} <= {one.name for one in told if one.state is State.OK}


async def missing(world: World, faults: Faults) -> list[object]:
    """The faults that were not named, and what was found instead; nothing where all were."""
    tokens = world.sandbox.keys.tokens
    env = {key: tokens["ana"] if value == "TOKEN:ana" else value for key, value in faults.env}
    faults.inject(world)
    try:
        found = await asyncio.to_thread(examined, world, faults.check, **env)
    finally:
        mend(world)
    secrets = [*tokens.values(), world.env["SLACK_BOT_TOKEN"], "xoxb-not-this-one"]
    assert not [one for one in found if any(secret in f"{one.message}{one.fix}" for secret in secrets)]
    lost: list[object] = [named for named in faults.named if not any(is_named(named, one) for one in found)]
    return [*lost, *found] if lost else []


def is_named(named: tuple[State, str, str], found: Finding) -> bool:
    """The state, and words of the message and of the fix."""
    state, message, fix = named
    return found.state is state and message in found.message and fix in found.fix


async def test_an_empty_house_is_green(
    tmp_path: Path, registry: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was started and nobody has linked yet."""
    async with open_world(tmp_path / "world", registry, bot=False) as world:
        for name, value in world.env.items():
            monkeypatch.setenv(name, value)
        found = await asyncio.to_thread(examine)
    assert {one.state for one in found} == {State.OK}
    tell(found, as_json=False)
    told = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok    ") for line in told[:-1])
    assert told[-1] == f"{len(found)} checks, none failed, no warnings"
    tell(found, as_json=True)
    assert json.loads(capsys.readouterr().out)[0].keys() == {"name", "state", "message", "fix"}
