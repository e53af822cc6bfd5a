"""Runs the jobs of every push to main and of whoever asks for them again, and reports them as GitHub Actions does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from bot.sandbox.ci.failure import ANNOTATIONS, FAILING, LOG, PATH, SUBJECT, SUMMARY, with_batches
from bot.sandbox.github import GitHub
from bot.sandbox.state import State

JOBS = ("data-checks", "lint", FAILING)
_NS = "sandbox:ci"
_ALWAYS = -1


class Pipeline:
    """The CI of one repository's main branch. ``seconds`` is how long its jobs take."""

    def __init__(self, state: State, github: GitHub, repo: str, seconds: float = 3.0) -> None:
        self._state, self._github, self.repo, self.seconds = state, github, repo, seconds
        self._task: asyncio.Task[None] | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()  # held until a push has its outcome

    async def seed(self) -> None:
        """Let the head be green from the beginning: nobody is told, for it is no news."""
        head = self._head()
        if self._github.check_runs(self.repo, head):
            return
        self._github.webhooks.enabled = False
        try:
            await self._report(head, JOBS, "completed")
        finally:
            self._github.webhooks.enabled = True

    async def start(self) -> None:
        """Follow the repository; jobs that an earlier run left unfinished are finished."""
        self._task = asyncio.create_task(self._follow())
        head = self._head()
        left = [run["name"] for run in self._github.check_runs(self.repo, head) if run["status"] != "completed"]
        if left:
            self._begin(head, left)

    async def stop(self) -> None:
        """Run no more jobs."""
        tasks = [task for task in (self._task, *self._jobs) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None

    async def break_(self, login: str = "chloe", *, lasting: bool = False) -> str:
        """Push a commit whose unit tests fail: once, because a service was away, or (``lasting``) whenever they run."""
        async with self._lock:
            tests = self._github.file(self.repo, "main", PATH) or b""
            count = tests.count(b"_full(store)") + 1
            subject = SUBJECT if count < 2 else f"{SUBJECT}, {count} times"
            sha = await self._github.push_file(login, self.repo, "main", PATH, with_batches(tests, count), subject)
            self._state.put(_NS, sha, _ALWAYS if lasting else 1)
            return sha

    async def mend(self, login: str = "ben") -> None:
        """Take away what makes it fail, and run the failed jobs again, as on the forge's own page."""
        head = self._head()
        self._state.delete(_NS, head)
        await self._github.rerun(login, self.repo, head)

    def status(self) -> dict[str, Any]:
        """The head of main with its jobs."""
        head = self._head()
        runs = {run["name"]: run for run in self._github.check_runs(self.repo, head)}
        jobs = [{key: runs[name][key] for key in ("name", "status", "conclusion")} for name in sorted(runs)]
        return {"repo": self.repo, "sha": head, "subject": self._github.subject(self.repo, head), "jobs": jobs}

    def _head(self) -> str:
        return self._github.head(self.repo) or ""

    async def _follow(self) -> None:
        async for event in self._github.subscribe():
            if event.get("repo") != self.repo:
                continue
            if event["type"] == "push" and event.get("ref") == "refs/heads/main":
                async with self._lock:
                    self._begin(event["after"], JOBS)
            elif event["type"] == "rerun":
                self._begin(event["sha"], event["names"])

    def _begin(self, sha: str, names: Sequence[str]) -> None:
        task = asyncio.create_task(self._run(sha, names))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _run(self, sha: str, names: Sequence[str]) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self._report(sha, names, "in_progress")
            await asyncio.sleep(self.seconds)
            await self._report(sha, names, "completed")

    async def _report(self, sha: str, names: Sequence[str], status: str) -> None:
        for name in names:
            if status == "completed" and name == FAILING and self._fails(sha):
                await self._github.set_check(self.repo, sha, name, status, "failure", SUMMARY, ANNOTATIONS, LOG)
            else:
                await self._github.set_check(self.repo, sha, name, status, "success" if status == "completed" else None)

    def _fails(self, sha: str) -> bool:
        left = int(self._state.get(_NS, sha) or 0)
        if left > 0:
            self._state.put(_NS, sha, left - 1)
        return left != 0
