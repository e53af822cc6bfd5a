"""The runners of the training workflow: they train what was dispatched, also after a stop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.ci import Trainings
from bot.sandbox.seed.cast import TRAINING
from bot.sandbox.server import Options, Sandbox


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    found = Sandbox(tmp_path / "data", 0, options=Options(page=False, registry=False, ci_seconds=0.01))
    await found.start()
    await found.trainings.stop()
    yield found
    await found.stop()


async def ended(sandbox: Sandbox) -> dict[str, Any]:
    """Wait for the newest run to have ended."""

    def look() -> dict[str, Any] | None:
        run = sandbox.github.dispatched(TRAINING)[-1]
        return run if run["status"] == "completed" else None

    return await sandbox.github.wait_for(look)


@pytest.mark.parametrize("stopped", [False, True], ids=["while-it-runs", "after-a-stop"])
@pytest.mark.parametrize("error", [None, ValueError("no rows")], ids=["fine", "fails"])
async def test_what_is_dispatched_is_trained(sandbox: Sandbox, error: Exception | None, stopped: bool) -> None:
    asked: list[str] = []

    async def train(retrain: str) -> None:
        asked.append(retrain)
        if error:
            raise error

    mine = Trainings(sandbox.github, TRAINING, train, seconds=0)
    if not stopped:
        await mine.start()
    await sandbox.github.dispatch("ana", TRAINING, "train.yml", slackops_retrain="01J", why="drift")
    if stopped:
        await mine.start()
    try:
        run = await ended(sandbox)
    finally:
        await mine.stop()
    assert (run["conclusion"], run["title"]) == ("failure" if error else "success", "Train 01J")
    assert asked == ["01J"]
