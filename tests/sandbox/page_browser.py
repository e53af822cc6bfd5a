"""Headless Chromium on the page, as one of the personas."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.sandbox.page_support import World, serving
from tests.support.browser import ARGS, find

WIDE, NARROW = (1440, 900), (390, 844)


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The machine's Chromium; without any the test is skipped by name."""
    path = await asyncio.to_thread(find)
    if path is None:
        pytest.skip("no Chromium for the browser tests")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGS))
        try:
            yield browser
        finally:
            await browser.close()


class Driver:
    """A person in front of the page. ``faults`` are what the browser complained of."""

    world: World

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    async def open(self, path: str = "/") -> None:
        await self.page.goto(self.base + path)
        await expect(self.page.locator("[data-testid=cockpit][data-live=true]")).to_be_attached()

    def at(self, testid: str, **data: Any) -> Locator:
        """The elements with this test id and these data attributes."""
        attributes = "".join(f'[data-{name.replace("_", "-")}="{value}"]' for name, value in data.items())
        return self.page.locator(f'[data-testid="{testid}"]{attributes}')

    async def become(self, user: str) -> None:
        await self.at("persona-option", user=user).click()
        await expect(self.at("cockpit", viewer=user)).to_be_attached()

    async def enter(self, text: str) -> None:
        await self.at("message-box").fill(text)
        await self.at("message-box").press("Enter")

    async def press(self, action_id: str) -> None:
        await self.at("channel").locator(f'button[data-action-id="{action_id}"]').first.click()


@contextlib.asynccontextmanager
async def sitting(folder: Path, size: tuple[int, int] = WIDE) -> AsyncIterator[Driver]:
    """A driver at a fresh world; afterwards the browser must have had nothing to complain of."""
    async with serving(folder) as world, chromium() as browser:
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
        driver = Driver(page, world.base)
        driver.world = world
        yield driver
        assert driver.faults == []
