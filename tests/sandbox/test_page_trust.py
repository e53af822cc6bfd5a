"""What a newcomer learns about trust on the page, with the real bot: link, be refused one's own approval, freeze."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.sandbox.page_browser import WIDE, Driver, chromium
from tests.scenarios.world import World, open_world

pytestmark = pytest.mark.browser
SECONDS = 45_000  # milliseconds, as Playwright counts


@pytest.fixture
async def world(tmp_path: Path, registry: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path / "world", registry, page=True) as found:
        yield found


async def told(me: Driver, words: str) -> None:
    """Wait for a message that has these words."""
    await expect(me.at("message").filter(has_text=words).last).to_be_visible(timeout=SECONDS)


async def linked(me: Driver, login: str) -> Page:
    """Press the button and say twice who one is, in the tab that opens; it is left where it ends."""
    button = me.at("channel").get_by_role("button", name="Link GitHub account")
    await expect(button).to_be_visible(timeout=SECONDS)
    async with me.page.context.expect_page() as opened:
        await button.click()
    tab = await opened.value
    for _ in ("Slack", "GitHub"):
        await tab.get_by_role("button", name=f"(@{login})").click()
    await expect(tab.get_by_text(f"You are {login} on GitHub")).to_be_visible(timeout=SECONDS)
    return tab


async def test_link_be_refused_and_freeze(world: World) -> None:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
        me = Driver(page, world.sandbox.base_url)
        await me.open()
        await me.become("U0OSCAR")
        await me.enter("/slackops link")
        await (await linked(me, "oscar")).close()
        await told(me, "Linked: you are oscar")
        assert world.github.granted() == ["oscar"]
        await me.become("U0ANA")
        await me.enter("/promote fraud-detector 4 production")
        await told(me, "Review: fraud-detector 3→4, production")
        await me.at("channel").get_by_role("button", name="Approve", exact=True).first.click()
        await me.at("confirm-accept").click()
        await told(me, "Not approved")
        await me.become("U0BEN")
        await me.enter('/slackops freeze production --until 1h --reason "the fair"')
        await told(me, "the fair")
        assert me.faults == []
