"""The newcomer's two stories of what comes after a merge, alone in a browser: a crash taken back, a canary."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.scenarios.test_browser_story import SECONDS, Newcomer, newcomer
from tests.scenarios.world import PROD, World, open_world

pytestmark = pytest.mark.browser
STEPS = "percents: [10, 50, 100], watch: 20s"


@contextlib.asynccontextmanager
async def sitting(folder: Path, registry: Path, watch: str = "20s") -> AsyncIterator[tuple[World, Newcomer]]:
    """At the page of a demo, in #ml-production; ``watch`` is how long a step is watched."""
    async with open_world(folder, registry, page=True, signals=True, followed=True) as world, newcomer(world) as me:
        await world.change_policy(STEPS, STEPS.replace("20s", watch))
        await me.open()
        await me.at("channel-item", channel=PROD).click()
        yield world, me


async def runs(me: Newcomer, model: str, version: str, health: str, words: str = "") -> None:
    """The cluster shows this version of the model in production, this healthy, with these words."""
    await me.at("tab-cluster").click()
    card = me.at("cluster-card", model=model, environment="production", version=version, health=health)
    await expect(card).to_contain_text(words or health.capitalize(), timeout=SECONDS)


async def begins(me: Newcomer) -> None:
    """Ana asks for the ladder, Ben approves its first step."""
    await me.enter("/promote recommender 3 production")
    card = await me.sees("Review: recommender 2→3 10 %, production")
    await me.become("U0BEN")
    await card.get_by_role("button", name="Approve", exact=True).click()
    await me.at("confirm-accept").click()


async def test_a_crash_is_seen_and_taken_back_with_two_taps(tmp_path: Path, registry: Path) -> None:
    async with sitting(tmp_path, registry) as (world, me):
        before = world.file("apps/ltv/overlays/production/kustomization.yaml")
        await me.enter("/promote ltv 5 production")
        card = await me.sees("Review: ltv 3→5, production")
        await me.become("U0BEN")
        await me.approves(card, "Approve ltv 5 in production?")
        bad = await me.sees("DEGRADED: ltv 3→5, production")
        await expect(bad).to_contain_text("CrashLoopBackOff", timeout=SECONDS)
        await expect(me.at("channel").locator(".mention").filter(has_text="Ben").first).to_be_visible(timeout=SECONDS)
        await runs(me, "ltv", "5", "degraded", "v3 gets 100 %")

        await bad.get_by_role("button", name="Roll back to 3").first.click()
        question = me.at("message", ephemeral="true").filter(has_text="Confirm: ltv 5→3, production")
        await question.get_by_role("button", name="Roll back", exact=True).click(timeout=SECONDS)
        await me.sees("Live: roll back ltv 5→3, production")
        await runs(me, "ltv", "3", "healthy")
        assert world.file("apps/ltv/overlays/production/kustomization.yaml") == before


async def test_a_ladder_climbs_to_its_end(tmp_path: Path, registry: Path) -> None:
    async with sitting(tmp_path, registry, watch="1s") as (world, me):
        await begins(me)
        await me.sees("Live: step recommender 2→3 100 %, production")
        await runs(me, "recommender", "3", "healthy")
        assert [one for one in world.log() if "recommender 3" in one or "2 → 3" in one] == [
            "Step recommender 3 to 100 % in production (#3)",
            "Step recommender 3 to 50 % in production (#2)",
            "Promote recommender 2 → 3 at 10 % in production (#1)",
        ]


async def test_a_ladder_is_aborted(tmp_path: Path, registry: Path) -> None:
    async with sitting(tmp_path, registry, watch="1h") as (world, me):
        before = world.file("models/recommender/production/inferenceservice.yaml")
        await begins(me)
        live = await me.sees("Live: recommender 2→3 10 %, production")
        await runs(me, "recommender", "3", "healthy", "v2 gets 90 %, v3 gets 10 %")
        await live.get_by_role("button", name="Abort", exact=True).first.click()
        await expect(me.at("confirm-dialog")).to_contain_text("Abort the steps of recommender")
        await me.at("confirm-accept").click()
        await runs(me, "recommender", "2", "healthy")
        assert world.file("models/recommender/production/inferenceservice.yaml") == before
