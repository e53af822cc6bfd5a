"""The newcomer's story, whole: the real bot behind the real page, in a real browser."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.sandbox.page_browser import NARROW, WIDE, Driver, chromium
from tests.scenarios.world import MANIFEST, PROD, World, open_world

pytestmark = pytest.mark.browser
SECONDS = 45_000  # milliseconds, as Playwright counts; the page shows what the bot does, on a busy machine too
WATCH_CSP = (
    "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective}`, e.blockedURI))"
)


class Newcomer(Driver):
    """A person in front of the page, who sees the whole story there."""

    def message(self, words: str) -> Locator:
        """The message that has these words as its headline."""
        return self.at("channel").locator('[data-testid="message"][data-ephemeral="false"]').filter(has_text=words)

    async def sees(self, words: str) -> Locator:
        """Wait for that message."""
        found = self.message(words).first
        await expect(found).to_be_visible(timeout=SECONDS)
        return found

    async def approves(self, card: Locator, question: str) -> None:
        """Approve, after the question that names model, version and environment."""
        await card.get_by_role("button", name="Approve", exact=True).click()
        await expect(self.at("confirm-dialog")).to_contain_text(question)
        await self.at("confirm-accept").click()

    async def sees_merged(self, number: int) -> None:
        """The pull request stands on the right, merged, with its two statuses."""
        await self.at("tab-pull").click()
        await expect(self.at("pull", number=number)).to_be_visible(timeout=SECONDS)
        await expect(self.at("pull-state", state="merged")).to_be_visible(timeout=SECONDS)
        for name in ("slackops/gates", "slackops/approvals"):
            await expect(self.at("check", name=name, state="success")).to_be_visible(timeout=SECONDS)

    async def sees_running(self, version: str) -> None:
        """Production serves this version of the fraud detector, and is well."""
        await self.at("tab-cluster").click()
        place = {"model": "fraud-detector", "environment": "production"}
        card = self.at("cluster-card", **place, version=version, health="healthy")
        await expect(card).to_contain_text("Healthy", timeout=SECONDS)


@contextlib.asynccontextmanager
async def newcomer(world: World) -> AsyncIterator[Newcomer]:
    """At the page; afterwards the browser must have had nothing to complain of, its security policy included."""
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
        await page.add_init_script(WATCH_CSP)
        me = Newcomer(page, world.sandbox.base_url)
        yield me
        assert me.faults == []


async def test_promote_review_merge_and_take_back(tmp_path: Path, registry: Path) -> None:
    async with open_world(tmp_path / "world", registry, page=True) as world, newcomer(world) as me:
        before = world.file(MANIFEST)
        await me.open()
        await me.at("channel-item", channel=PROD).click()
        await me.enter("/promote fraud-detector 4 production")

        card = await me.sees("Review: fraud-detector 3→4, production")
        await expect(card).to_contain_text("4/4 gates · 0 of 1 approvals")
        await expect(me.at("pull", number=1)).to_contain_text(
            "Promote fraud-detector 3 → 4 in production", timeout=SECONDS
        )
        await expect(me.at("pull-state", state="open")).to_be_visible()
        diff = me.at("diff-file", path=MANIFEST)
        await expect(diff.locator(".diff-del")).to_contain_text("s3://models/fraud-detector/3/model")
        await expect(diff.locator(".diff-add")).to_contain_text("s3://models/fraud-detector/4/model")
        await expect(me.at("check", name="slackops/gates", state="success")).to_be_visible(timeout=SECONDS)
        await expect(me.at("check", name="slackops/approvals", state="pending")).to_be_visible(timeout=SECONDS)

        await me.become("U0BEN")
        await me.approves(card, "Approve fraud-detector 4 in production?")
        await me.sees("Merged: fraud-detector 3→4, production")
        await me.sees_merged(1)
        await expect(me.at("review", login="ben", state="APPROVED")).to_be_visible()
        await me.sees_running("4")
        assert world.file(MANIFEST) == before.replace("/3/", "/4/")

        await me.become("U0ANA")
        await me.enter("/rollback fraud-detector production")
        back = await me.sees("Review: roll back fraud-detector 4→3, production")
        await me.approves(back, "Approve the rollback to fraud-detector 3 in production?")
        await me.sees("Merged: roll back fraud-detector 4→3, production")
        await me.sees_merged(2)
        await me.sees_running("3")
        assert world.file(MANIFEST) == before
        await expect(me.at("hints", chapter="1")).to_contain_text("/promote ltv 5 production")
        await me.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        await expect(me.at("hints")).to_be_hidden()  # on a phone, done is done
