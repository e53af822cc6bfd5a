"""The cluster: an engine that follows main, and rollouts that take their time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from bot.sandbox.cluster.signals import Signals
from bot.sandbox.cluster.store import Store
from bot.sandbox.cluster.tree import Head, Key, Tree
from bot.sandbox.cluster.workload import Workload, stamp, synced
from bot.sandbox.github.changes import Changes
from bot.sandbox.github.repo import GitError
from bot.sandbox.state import State

T = TypeVar("T")
CRASH = "readiness failed: 0 of 1 pods ready, back-off restarting failed container"


@dataclass(frozen=True)
class Pace:
    """How long things take, in seconds: the sync of a commit, and then the pods to become ready or to fail."""

    sync: float = 0.5
    rollout: float = 4.0


class Cluster:
    """One workload a model and environment, as ``branch`` of the bare repository at ``repo`` declares them.

    State is durable: after a restart a rollout goes on. Call it from one event loop.
    """

    def __init__(
        self,
        state: State,
        repo: Path,
        *,
        branch: str = "main",
        pace: Pace | None = None,
        signals: Signals | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._tree = Store(state), Tree(repo, branch)
        self._pace, self._signals, self._clock = pace or Pace(), signals, clock
        self._changes, self._lock = Changes(), asyncio.Lock()
        self._rollouts: dict[Key, asyncio.Task[None]] = {}
        self._following: asyncio.Task[None] | None = None

    async def start(self, moves: AsyncIterator[Any]) -> None:
        """Take up what is there, then look at the branch again after every item of ``moves``."""
        for workload in self._store.all():
            if workload.health == "Progressing":
                self._roll(workload)
        await self.refresh()
        self._following = asyncio.create_task(self._follow(moves))

    async def stop(self) -> None:
        """End rollouts where they are; the next start goes on with them."""
        tasks = [*self._rollouts.values(), *([self._following] if self._following else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._rollouts.clear()
        self._following = None
        await asyncio.to_thread(self._tree.close)
        if self._signals:
            await self._signals.stop()

    def workloads(self) -> list[dict[str, Any]]:
        """Every workload, by model and environment; the fields are those of ``Workload``."""
        return [one.doc() for one in self._store.all()]

    def workload(self, model: str, environment: str) -> dict[str, Any] | None:
        """One workload."""
        found = self._store.get((model, environment))
        return found.doc() if found else None

    def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        """Small change events from now on: {"type": "workload", "model", "environment", "health", ...}."""
        return self._changes.subscribe()

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 20) -> T:  # noqa: ASYNC109
        """The first true value of ``predicate``, looked at after each change. Raises TimeoutError (seconds)."""
        return await self._changes.wait_for(predicate, timeout)

    def break_version(self, model: str, version: str, message: str = CRASH) -> None:
        """From now on this version does not come up; where it runs already, it is Degraded at once."""
        self._store.set_fault(model, version, message)
        self._changes.announce({"type": "fault", "model": model, "version": version})
        for one in self._running(model, version):
            if one.health == "Healthy":
                self._put(one.turned("Degraded", message, self._now()))

    def mend_version(self, model: str, version: str) -> None:
        """It comes up again; where it is Degraded, its pods are started anew."""
        self._store.set_fault(model, version, None)
        self._changes.announce({"type": "mended", "model": model, "version": version})
        for one in self._running(model, version):
            if one.health == "Degraded":
                self._put(one.turned("Progressing", "restarting", self._now()))
                self._roll(one)

    def tell_again(self) -> None:
        """Send how everything is, for a listener that was not there before."""
        for one in self._store.all():
            if self._signals:
                self._signals.send(one.doc())

    def faults(self) -> list[dict[str, str]]:
        """The versions that do not come up: model, version, message."""
        return self._store.faults()

    async def refresh(self) -> None:
        """Look at the branch now, and begin to carry out what changed."""
        async with self._lock:
            try:
                head = await asyncio.to_thread(self._tree.head)
            except GitError:
                return  # the repository is being written: the next move looks again
            if head:
                self._apply(head)

    def _running(self, model: str, version: str) -> list[Workload]:
        return [one for one in self._store.all() if one.model == model and version in one.asked]

    def _fault(self, workload: Workload) -> str | None:
        """Why one of the versions that have to answer requests does not come up."""
        return next(filter(None, (self._store.fault(workload.model, version) for version in workload.asked)), None)

    async def _follow(self, moves: AsyncIterator[Any]) -> None:
        async for _ in moves:
            await self.refresh()

    def _apply(self, head: Head) -> None:
        first = not self._store.all()
        for key, wanted in head.wanted.items():
            before = self._store.get(key)
            if before is None or before.differs(wanted):
                at = stamp(head.committed) if first else self._now()
                fresh = synced(wanted, head.revision, at, before)
                self._settle(fresh, at) if first else self._begin(fresh)
            elif before.phase == "Failed":
                fault = self._fault(before) if before.health == "Degraded" else None
                self._put(replace(before, phase="Succeeded", message=fault or ""))
        for one in self._store.all():
            if one.file in head.broken:
                self._fail(one, head.broken[one.file])
            elif one.key not in head.wanted:
                self._prune(one)

    def _begin(self, workload: Workload) -> None:
        self._put(workload)
        self._roll(workload)

    def _settle(self, workload: Workload, at: str) -> None:
        """The cluster ran this before anybody looked: nothing to signal."""
        self._store.put(self._turned(replace(workload, phase="Succeeded", finished=at), at))

    def _turned(self, workload: Workload, at: str) -> Workload:
        fault = self._fault(workload)
        return workload.turned("Degraded", fault, at) if fault else workload.turned("Healthy", "", at)

    def _fail(self, workload: Workload, message: str) -> None:
        if (workload.phase, workload.message) != ("Failed", message):
            self._put(replace(workload, phase="Failed", message=message))

    def _prune(self, workload: Workload) -> None:
        self._cancel(workload.key)
        self._store.delete(workload.key)
        self._tell(workload, "pruned")

    def _roll(self, workload: Workload) -> None:
        self._cancel(workload.key)
        self._rollouts[workload.key] = asyncio.create_task(self._rollout(workload.key))

    def _cancel(self, key: Key) -> None:
        if task := self._rollouts.pop(key, None):
            task.cancel()

    async def _rollout(self, key: Key) -> None:
        await asyncio.sleep(self._pace.sync)
        if (one := self._store.get(key)) and one.phase == "Running":
            self._put(replace(one, phase="Succeeded", finished=self._now()))
        await asyncio.sleep(self._pace.rollout)
        if one := self._store.get(key):
            self._put(self._turned(one, self._now()))
        with contextlib.suppress(KeyError):
            del self._rollouts[key]

    def _put(self, workload: Workload) -> None:
        self._store.put(workload)
        self._tell(workload, "workload")
        if self._signals:
            self._signals.send(workload.doc())

    def _tell(self, one: Workload, kind: str) -> None:
        facts = {"model": one.model, "environment": one.environment, "version": one.version}
        state = {"health": one.health, "phase": one.phase, "revision": one.revision, "traffic": one.traffic}
        self._changes.announce({"type": kind, **facts, **state})

    def _now(self) -> str:
        return stamp(self._clock())
