"""The CI of the training repository: green at first, red on demand, and back by running it again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.seed.cast import TRAINING
from bot.sandbox.server import Options, Sandbox


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    found = Sandbox(tmp_path / "data", 0, options=Options(page=False, registry=False, ci_seconds=0.01))
    await found.start()
    yield found
    await found.stop()


async def ends(sandbox: Sandbox, **conclusions: str) -> dict[str, Any]:
    """Wait for the head's jobs to have ended like this."""
    wanted = {name.replace("_", "-"): conclusion for name, conclusion in conclusions.items()}

    def look() -> dict[str, Any] | None:
        status = sandbox.ci.status()
        now = {job["name"]: job["conclusion"] for job in status["jobs"]}
        return status if now == wanted else None

    return await sandbox.github.wait_for(look)


GREEN = {"data_checks": "success", "lint": "success", "unit_tests": "success"}
RED = {**GREEN, "unit_tests": "failure"}


async def test_it_is_green_at_first_and_nobody_was_told(sandbox: Sandbox) -> None:
    await ends(sandbox, **GREEN)
    assert sandbox.github.deliveries() == []


async def test_a_commit_fails_once_and_passes_when_it_runs_again(sandbox: Sandbox) -> None:
    first = sandbox.github.head(TRAINING)
    sha = await sandbox.ci.break_()
    assert first != sha == (await ends(sandbox, **RED))["sha"]
    await sandbox.github.rerun("chloe", TRAINING, sha)
    await ends(sandbox, **GREEN)


async def test_what_lasts_fails_again_until_it_is_mended(sandbox: Sandbox) -> None:
    sha = await sandbox.ci.break_(lasting=True)
    await ends(sandbox, **RED)
    before = {run["id"] for run in sandbox.github.check_runs(TRAINING, sha)}
    await sandbox.github.rerun("chloe", TRAINING, sha)
    await sandbox.github.wait_for(lambda: {run["id"] for run in sandbox.github.check_runs(TRAINING, sha)} != before)
    await ends(sandbox, **RED)
    await sandbox.ci.mend()
    await ends(sandbox, **GREEN)


async def test_jobs_that_a_stop_cut_off_are_finished_at_the_next_start(tmp_path: Path) -> None:
    options = Options(page=False, registry=False, ci_seconds=60)
    first = Sandbox(tmp_path / "data", 0, options=options)
    await first.start()
    await first.ci.break_()
    await first.github.wait_for(lambda: len(first.ci.status()["jobs"]) == 3)
    await first.stop()
    again = Sandbox(tmp_path / "data", 0, options=Options(page=False, registry=False, ci_seconds=0.01))
    await again.start()
    try:
        await ends(again, **RED)
    finally:
        await again.stop()
