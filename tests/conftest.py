"""Fixtures that several folders share, and the order of the tests."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.adapters.store_sql import Database, migrate
from bot.sandbox.keys import load_keys
from bot.sandbox.seed import seed_registry
from tests.scenarios.world import World, open_world

settings.register_profile("suite", max_examples=60, deadline=None)  # a slow machine is no fault of the code
settings.load_profile("suite")
os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  (httpcore looks for it on disk at each request)


def pytest_collection_finish() -> None:
    """What collecting made stays to the end: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Kill tests wait for minutes: begun first, by two workers, they wait while the others work."""
    items.sort(key=lambda item: item.get_closest_marker("kill") is None)
    for number, item in enumerate(items):
        if item.get_closest_marker("kill") is not None:
            item.add_marker(pytest.mark.xdist_group(f"kill-{number % 2}"))


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """What every world begins with, made once for the whole run: MLflow with its trained models, keys, empty tables."""
    here = tmp_path_factory.getbasetemp()
    folder = (here if worker_id == "master" else here.parent) / "registry"
    with (folder.parent / "registry.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "trained").exists():
            folder.mkdir(exist_ok=True)
            asyncio.run(seed_registry(folder, lambda _: None))
            load_keys(folder / "secrets.json")
            database = Database(f"sqlite:///{folder}/bot/slackops.sqlite3")
            migrate(database)
            database.close()
            (folder / "trained").touch()
    return folder


@pytest.fixture
async def world(tmp_path: Path, registry: Path) -> AsyncIterator[World]:
    """The sandbox and the bot, ready."""
    async with open_world(tmp_path / "world", registry) as opened:
        yield opened


@pytest.fixture
async def whole_world(tmp_path: Path, registry: Path) -> AsyncIterator[World]:
    """The same, with a bot that draws, looks at CI, and remembers what the registry said."""
    async with open_world(tmp_path / "world", registry, whole=True) as opened:
        yield opened
