"""After the merge: the card follows the rollout, and what degrades is taken back with two taps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.seed.cast import GITHUB_PERMISSIONS, REPO
from bot.sandbox.world import protection
from tests.scenarios.world import ANA, BEN, MANIFEST, World, everything, open_world

BROKEN = "readiness failed: 0 of 1 pods ready"
ENGINE = (
    "    rollout: {engine: none}\n",
    "    rollout: {engine: argocd, watch: 1h, on_degraded: notify}\n    on_healthy: {alias: champion}\n",
)


async def watched(world: World, on_degraded: str = "notify") -> None:
    """Production is followed by Argo CD."""
    if ENGINE[0] in world.file(".slackops.yaml"):
        await world.change_policy(ENGINE[0], ENGINE[1].replace("notify", on_degraded))


async def promoted(world: World, version: str = "4") -> dict[str, Any]:
    """Ana promotes, Ben approves; the card."""
    await world.say(f"/promote fraud-detector {version} production")
    card = await world.card("Review: fraud-detector")
    await world.click(card, "change.approve", BEN)
    return card


async def test_a_card_follows_its_rollout_to_health(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await watched(world)
        card = await promoted(world)
        await world.shows(card, "Live: fraud-detector 3→4, production")
        shown = await world.shows(card, "watching until")
        assert "Roll back to 3" in everything(shown)
        await world.thread(card, "Healthy ")
        await world.settled()
        known = world.bot.context.registry.version("fraud-detector", "4") if world.bot else None
        assert known is not None
        assert "champion" in known.aliases
        assert known.tags["slackops.production.environment"] == "production"
        assert known.tags["slackops.production.commit"] == world.git("rev-parse", "main").strip()


async def test_what_degrades_is_taken_back_with_two_taps(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await watched(world)
        world.sandbox.cluster.break_version("fraud-detector", "4", BROKEN)
        card = await promoted(world)
        bad = await world.shows(card, "DEGRADED: fraud-detector 3→4, production")
        assert "Argo CD: " + BROKEN in everything(bad)
        assert "Last healthy" not in everything(bad)  # nobody ever told that 3 was
        news = await world.thread(card, "DEGRADED: fraud-detector 3→4, production")
        assert news.get("subtype") == "thread_broadcast"
        assert "<@U0BEN>" in everything(news)

        await world.click(card, "change.rollback", ANA)
        asked = await world.whisper("Confirm: fraud-detector 4→3, production")
        assert "Your approval is enough." in everything(asked)
        assert "3 is the version before" in everything(asked)
        await world.click(asked, "rollback.confirm", ANA)

        back = await world.card("Live: roll back fraud-detector 4→3, production")
        assert "Ban 4" in everything(back)
        assert world.file(MANIFEST).count("fraud-detector/3/model") == 1
        await world.shows(card, "Replaced: fraud-detector 3→4, production")
        workload = world.sandbox.cluster.workload("fraud-detector", "production")
        assert workload is not None
        assert (workload["version"], workload["health"]) == ("3", "Healthy")
        assert len(world.pulls()) == 2


async def test_one_who_is_on_it_is_named_once(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await watched(world)
        world.sandbox.cluster.break_version("fraud-detector", "4", BROKEN)
        card = await promoted(world)
        news = await world.thread(card, "DEGRADED: fraud-detector")
        await world.click(news, "change.take_on", BEN)
        await world.shows(card, "<@U0BEN> is on it.")
        await world.click(news, "change.take_on", ANA)
        await world.whisper("Somebody else is on it already.")
        world.sandbox.cluster.mend_version("fraud-detector", "4")
        await world.shows(card, "Live: fraud-detector 3→4, production")
        await world.thread(card, "Healthy again.")


@pytest.mark.parametrize("rule", ["propose", "rollback"])
async def test_the_rule_takes_it_back_by_itself(tmp_path: Path, registry: Path, rule: str) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await watched(world, rule)
        world.sandbox.cluster.break_version("fraud-detector", "4", BROKEN)
        card = await promoted(world)
        if rule == "rollback":
            back = await world.card("Live: roll back fraud-detector 4→3, production")
            await world.thread(card, "The policy takes it back by itself")
            assert world.file(MANIFEST).count("fraud-detector/3/model") == 1
        else:
            back = await world.card("Review: roll back fraud-detector 4→3, production")
            await world.thread(card, "The policy had the rollback proposed")
        assert "Asked for by the policy, because of #1." in everything(back)
        await world.settled()
        assert len(world.pulls()) == 2
        log = world.git("log", "-1", "--format=%B", world.pulls()[1]["head"]["sha"])
        assert "SlackOps-Requested-By: policy\n" in log


@pytest.mark.parametrize("kind", ["ruleset", "classic", "unread"])
async def test_the_rule_does_not_merge_where_the_forge_requires_reviews(
    tmp_path: Path, registry: Path, kind: str
) -> None:
    """An App that may not read the classic protection finds out when the forge refuses."""
    async with open_world(tmp_path, registry, signals="webhooks", bot=False) as world:
        if kind == "unread":
            world.github.set_app(permissions={k: v for k, v in GITHUB_PERMISSIONS.items() if k != "administration"})
        await world.start_bot()
        await watched(world, "rollback")
        reviews = {"required_approving_review_count": 1, "dismiss_stale_reviews": False}
        if kind == "ruleset":
            world.github.set_rules(REPO, "main", [{"type": "pull_request", "parameters": reviews}])
        else:
            world.github.protect(REPO, "main", protection() | {"required_pull_request_reviews": reviews})
        world.sandbox.cluster.break_version("fraud-detector", "4", BROKEN)
        card = await promoted(world)
        if kind != "unread":
            await world.thread(card, "require 1 review (forge_requires_review)")
            back = await world.card("Review: roll back fraud-detector 4→3, production")
        else:
            back = await world.card("Approved: roll back fraud-detector 4→3, production")
            await world.thread(back, "Not merged")
        await world.click(back, "change.approve", BEN)
        await world.card("Live: roll back fraud-detector 4→3, production")


async def test_polling_heals_a_signal_that_was_missed(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="polling", SLACKOPS_POLL_SECONDS="1") as world:
        await watched(world)
        card = await promoted(world)
        await world.shows(card, "Live: fraud-detector 3→4, production")


async def test_a_yes_to_something_else_is_no_yes(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path, registry, signals="webhooks") as world:
        await watched(world)
        world.sandbox.cluster.break_version("fraud-detector", "4", BROKEN)
        card = await promoted(world)
        await world.shows(card, "DEGRADED: fraud-detector")
        await world.click(card, "change.rollback", ANA)
        asked = await world.whisper("Confirm: fraud-detector 4→3, production")
        text = world.file(MANIFEST)
        await world.push(MANIFEST, text.replace("fraud-detector/4/model", "fraud-detector/5/model"))
        await world.settled()
        await world.click(asked, "rollback.confirm", ANA)
        await world.whisper("change_moved", ANA)
        await world.settled()
        assert len(world.pulls()) == 1
