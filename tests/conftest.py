"""Fixtures that several folders share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.seed import seed_registry
from tests.scenarios.world import World, open_world

os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sandbox's MLflow, its models trained once for the whole run."""
    folder = tmp_path_factory.mktemp("registry")
    asyncio.run(seed_registry(folder, lambda _: None))
    return folder


@pytest.fixture
async def world(tmp_path: Path, registry: Path) -> AsyncIterator[World]:
    """The sandbox and the bot, ready."""
    async with open_world(tmp_path / "world", registry) as opened:
        yield opened
