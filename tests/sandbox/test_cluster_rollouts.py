"""The cluster follows main: phases, faults, restarts."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.cluster import Cluster, Pace
from bot.sandbox.github.objects import Identity
from bot.sandbox.github.repo import BareRepo
from bot.sandbox.github.writes import commit_files
from bot.sandbox.seed import deployed, write_history
from bot.sandbox.seed.history import snapshot
from bot.sandbox.state import State

FRAUD = "models/fraud-detector/production/inferenceservice.yaml"
FAST = Pace(0, 0)


class Moves:
    """What the forge tells: one item a push."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[None] = asyncio.Queue()

    def __aiter__(self) -> "Moves":
        return self

    async def __anext__(self) -> None:
        await self._queue.get()

    def push(self) -> None:
        self._queue.put_nowait(None)


class World:
    """A repository with the example's history, and clusters that follow it."""

    def __init__(self, path: Path) -> None:
        write_history(path)
        self.repo, self.state, self.moves = BareRepo(path), State(":memory:"), Moves()
        self.clusters: list[Cluster] = []

    async def cluster(self, pace: Pace = FAST) -> Cluster:
        fresh = Cluster(self.state, self.repo.path, pace=pace)
        self.clusters.append(fresh)
        await fresh.start(self.moves)
        return fresh

    def push(self, path: str, content: bytes | None) -> str:
        sha = commit_files(
            self.repo, "main", {path: content}, "x\n", Identity("Kim", "kim@acme.example", 1_770_000_000)
        )
        self.moves.push()
        return sha

    def fraud(self, version: int) -> str:
        place = ("fraud-detector", "production")
        return self.push(FRAUD, snapshot({**deployed(), place: version})[FRAUD])


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path / "repo.git")
    yield made
    for cluster in made.clusters:
        await cluster.stop()
    made.repo.close()
    made.state.close()


def fraud(cluster: Cluster) -> dict[str, Any]:
    found = cluster.workload("fraud-detector", "production")
    assert found
    return found


async def until(cluster: Cluster, **fields: str | None) -> dict[str, Any]:
    def there() -> dict[str, Any] | None:
        one = cluster.workload("fraud-detector", "production")
        return one if one and all(one[key] == value for key, value in fields.items()) else None

    return await cluster.wait_for(there)


async def test_at_first_everything_runs_already(world: World) -> None:
    cluster = await world.cluster(Pace(60, 60))
    found = {(one["model"], one["environment"]): int(one["version"]) for one in cluster.workloads()}
    assert found == deployed()
    assert {(one["health"], one["phase"]) for one in cluster.workloads()} == {("Healthy", "Succeeded")}
    assert {one["since"] for one in cluster.workloads()} == {"2025-11-03T09:00:00.000Z"}


async def test_a_rollout_goes_through_its_phases(world: World) -> None:
    cluster = await world.cluster()
    events = cluster.subscribe()
    sha = world.fraud(4)
    seen = [await anext(events) for _ in range(3)]
    assert [(one["phase"], one["health"], one["version"]) for one in seen] == [
        ("Running", "Progressing", "4"),
        ("Succeeded", "Progressing", "4"),
        ("Succeeded", "Healthy", "4"),
    ]
    assert {one["revision"] for one in seen} == {sha}
    assert fraud(cluster)["serving"] == "4"
    assert fraud(cluster)["uri"] == "s3://models/fraud-detector/4/model"


async def test_until_it_is_healthy_the_old_version_serves(world: World) -> None:
    cluster = await world.cluster(Pace(0, 60))
    world.fraud(4)
    one = await until(cluster, version="4", phase="Succeeded")
    assert (one["health"], one["serving"]) == ("Progressing", "3")


async def test_workloads_that_did_not_change_stay_as_they_are(world: World) -> None:
    cluster = await world.cluster()
    before = [one for one in cluster.workloads() if one["file"] != FRAUD]
    world.fraud(4)
    await until(cluster, version="4", health="Healthy")
    assert [one for one in cluster.workloads() if one["file"] != FRAUD] == before


async def test_a_broken_version_degrades_and_the_rollback_heals(world: World) -> None:
    cluster = await world.cluster()
    cluster.break_version("fraud-detector", "4", "readiness failed, 2 of 3 pods")
    world.fraud(4)
    one = await until(cluster, version="4", health="Degraded")
    assert (one["message"], one["serving"]) == ("readiness failed, 2 of 3 pods", "3")
    world.fraud(3)
    assert (await until(cluster, version="3", health="Healthy"))["message"] == ""


async def test_a_running_version_can_break_and_be_mended(world: World) -> None:
    cluster = await world.cluster()
    cluster.break_version("fraud-detector", "3")
    assert fraud(cluster)["health"] == "Degraded"
    assert fraud(cluster)["message"]
    cluster.mend_version("fraud-detector", "3")
    await until(cluster, version="3", health="Healthy", message="")


async def test_a_newer_commit_overtakes_a_rollout(world: World) -> None:
    cluster = await world.cluster(Pace(0, 60))
    world.fraud(4)
    await until(cluster, version="4", phase="Succeeded")
    world.fraud(3)
    await until(cluster, version="3", phase="Succeeded")
    assert len(cluster._rollouts) == 1


async def test_a_file_that_cannot_be_read_fails_the_sync_and_keeps_what_runs(world: World) -> None:
    cluster = await world.cluster()
    world.push(FRAUD, b"kind: InferenceService\nspec: [\n")
    one = await until(cluster, phase="Failed")
    assert (one["version"], one["health"]) == ("3", "Healthy")
    assert FRAUD in one["message"]
    world.fraud(3)
    await until(cluster, phase="Succeeded", message="", health="Healthy")


async def test_what_is_deleted_is_pruned(world: World) -> None:
    cluster = await world.cluster()
    world.push(FRAUD, None)
    await cluster.wait_for(lambda: cluster.workload("fraud-detector", "production") is None)
    assert len(cluster.workloads()) == len(deployed()) - 1


async def test_a_restart_goes_on_with_a_rollout(world: World) -> None:
    first = await world.cluster(Pace(0, 60))
    world.fraud(4)
    await until(first, version="4", phase="Succeeded")
    await first.stop()
    second = await world.cluster()
    await until(second, version="4", health="Healthy")


async def test_a_restart_catches_up_with_what_was_pushed_meanwhile(world: World) -> None:
    first = await world.cluster()
    await first.stop()
    world.fraud(4)
    second = await world.cluster()
    await until(second, version="4", health="Healthy")


async def test_broken_versions_survive_a_restart(world: World) -> None:
    first = await world.cluster()
    first.break_version("fraud-detector", "4")
    await first.stop()
    second = await world.cluster()
    world.fraud(4)
    await until(second, version="4", health="Degraded")


async def test_only_what_changed_is_parsed_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = await world.cluster()
    parsed: list[str] = []
    monkeypatch.setattr("bot.sandbox.cluster.tree.declared", lambda path, _: parsed.append(path) or [])
    world.push("models/new/staging/x.yaml", b"a: 1\n")
    await cluster.refresh()
    assert parsed == ["models/new/staging/x.yaml"]


async def test_a_repository_without_main_has_no_workloads(tmp_path: Path) -> None:
    BareRepo(tmp_path / "empty.git").create("main")
    cluster, state = Cluster(State(":memory:"), tmp_path / "empty.git"), Moves()
    await cluster.start(state)
    assert cluster.workloads() == []
    await cluster.stop()
