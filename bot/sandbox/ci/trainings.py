"""The runners of the workflow that trains a model when somebody dispatches it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from bot.sandbox.github import GitHub

INPUT = "slackops_retrain"


class Trainings:
    """Follows one repository. ``train`` is what a run does, given the input ``slackops_retrain`` ("" for none); it
    fails by ValueError or LookupError. ``seconds`` is how long a run takes besides."""

    def __init__(
        self, github: GitHub, repo: str, train: Callable[[str], Awaitable[None]], seconds: float = 3.0
    ) -> None:
        self._github, self.repo, self._train, self.seconds = github, repo, train, seconds
        self._task: asyncio.Task[None] | None = None
        self._runs: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Follow the repository; runs that an earlier start left unfinished are begun again."""
        self._task = asyncio.create_task(self._follow(self._github.subscribe()))
        for run in self._github.dispatched(self.repo):
            if run["status"] != "completed":
                self._begin(run["id"], run["inputs"])

    async def stop(self) -> None:
        """Run nothing more."""
        tasks = [task for task in (self._task, *self._runs) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None

    async def _follow(self, events: AsyncIterator[dict[str, Any]]) -> None:
        async for event in events:
            if event["type"] == "dispatch" and event.get("repo") == self.repo:
                self._begin(event["run"], event["inputs"])

    def _begin(self, run: int, inputs: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self._work(run, str(inputs.get(INPUT) or "")))
        self._runs.add(task)
        task.add_done_callback(self._runs.discard)

    async def _work(self, run: int, retrain: str) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self._github.move_run(self.repo, run, "in_progress")
            await asyncio.sleep(self.seconds)
            try:
                await self._train(retrain)
            except (LookupError, ValueError):
                await self._github.move_run(self.repo, run, "completed", "failure")
            else:
                await self._github.move_run(self.repo, run, "completed", "success")
