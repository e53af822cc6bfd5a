"""Requests in shares, as KServe on Knative divides them: ladders, aborts, candidates that do not come up."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.cluster import Cluster, Pace
from bot.sandbox.cluster.layouts import Unrenderable, declared
from bot.sandbox.cluster.traffic import split
from bot.sandbox.github.objects import Identity
from bot.sandbox.github.repo import BareRepo
from bot.sandbox.github.writes import commit_files
from bot.sandbox.seed import write_history
from bot.sandbox.seed.files import example_files
from bot.sandbox.state import State

FILE = "models/recommender/production/inferenceservice.yaml"
PLACE = ("recommender", "production")


class World:
    """A cluster that is told to look after each push."""

    def __init__(self, path: Path) -> None:
        write_history(path)
        self.repo, self.state = BareRepo(path), State(":memory:")
        self.cluster = Cluster(self.state, path, pace=Pace(0, 0))

    async def moves(self) -> AsyncIterator[Any]:
        for sign in list[None]():
            yield sign

    async def declare(self, version: int, percent: int | None) -> dict[str, Any]:
        """Push, and wait for the sync to end healthy or degraded."""
        sha = push(self.repo, manifest(version, percent))
        await self.cluster.refresh()

        def settled() -> dict[str, Any] | None:
            now = self.cluster.workload(*PLACE)
            return now if now and now["revision"] == sha and now["health"] != "Progressing" else None

        return await self.cluster.wait_for(settled)

    def now(self) -> dict[str, Any]:
        found = self.cluster.workload(*PLACE)
        assert found
        return found


def manifest(version: int, percent: int | None) -> bytes:
    text = example_files()[FILE].replace(b"/2/model", f"/{version}/model".encode())
    if percent is None:
        return text.replace(b"    canaryTrafficPercent: 100\n", b"")
    return text.replace(b"Percent: 100", f"Percent: {percent}".encode())


def push(repo: BareRepo, content: bytes) -> str:
    return commit_files(repo, "main", {FILE: content}, "x\n", Identity("Kim", "kim@acme.example", 1_770_000_000))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path / "repo.git")
    await made.cluster.start(made.moves())
    yield made
    await made.cluster.stop()
    made.repo.close()
    made.state.close()


async def test_at_first_one_version_has_everything(world: World) -> None:
    assert world.now()["traffic"] == {"2": 100}


async def test_a_ladder_to_its_end(world: World) -> None:
    seen = [(await world.declare(3, percent))["traffic"] for percent in (10, 50, 100)]
    assert seen == [{"3": 10, "2": 90}, {"3": 50, "2": 50}, {"3": 100}]
    assert world.now()["serving"] == "3"


async def test_without_a_percent_the_new_version_has_everything(world: World) -> None:
    assert (await world.declare(3, None))["traffic"] == {"3": 100}


async def test_a_percent_alone_is_a_sync_of_its_own(world: World) -> None:
    await world.declare(3, 10)
    events = world.cluster.subscribe()
    sha = push(world.repo, manifest(3, 50))
    await world.cluster.refresh()
    seen = [await anext(events) for _ in range(3)]
    assert {one["revision"] for one in seen} == {sha}
    assert [(one["phase"], one["health"], one["traffic"]) for one in seen] == [
        ("Running", "Progressing", {"3": 10, "2": 90}),
        ("Succeeded", "Progressing", {"3": 10, "2": 90}),
        ("Succeeded", "Healthy", {"3": 50, "2": 50}),
    ]


async def test_an_abort_gives_everything_back_and_so_does_the_rollback_after_it(world: World) -> None:
    await world.declare(3, 10)
    aborted = await world.declare(3, 0)
    assert (aborted["traffic"], aborted["serving"], aborted["health"]) == ({"2": 100}, "2", "Healthy")
    back = await world.declare(2, 100)
    assert (back["traffic"], back["serving"], back["version"]) == ({"2": 100}, "2", "2")


async def test_a_candidate_that_does_not_come_up_gets_no_requests_and_hurts_no_longer_at_0(world: World) -> None:
    world.cluster.break_version("recommender", "3", "crash")
    bad = await world.declare(3, 10)
    assert (bad["health"], bad["message"], bad["traffic"]) == ("Degraded", "crash", {"2": 100})
    good = await world.declare(3, 0)
    assert (good["health"], good["message"], good["traffic"]) == ("Healthy", "", {"2": 100})


async def test_a_candidate_that_breaks_later_keeps_its_share_until_git_says_otherwise(world: World) -> None:
    await world.declare(3, 10)
    world.cluster.break_version("recommender", "3", "crash")
    assert (world.now()["health"], world.now()["traffic"]) == ("Degraded", {"3": 10, "2": 90})
    world.cluster.mend_version("recommender", "3")
    await world.cluster.wait_for(lambda: world.now()["health"] == "Healthy")


@pytest.mark.parametrize(("percent", "health"), [(10, "Degraded"), (0, "Degraded"), (100, "Healthy")])
async def test_the_version_before_can_break_as_well(world: World, percent: int, health: str) -> None:
    await world.declare(3, percent)
    world.cluster.break_version("recommender", "2", "crash")
    assert world.now()["health"] == health


async def test_another_candidate_before_the_end_goes_on_from_the_same_version(world: World) -> None:
    await world.declare(3, 10)
    assert (await world.declare(4, 10))["traffic"] == {"4": 10, "2": 90}


async def test_shares_survive_a_restart(world: World) -> None:
    await world.declare(3, 10)
    await world.cluster.stop()
    world.cluster = Cluster(world.state, world.repo.path, pace=Pace(0, 0))
    await world.cluster.start(world.moves())
    assert world.now()["traffic"] == {"3": 10, "2": 90}
    assert (await world.declare(3, 50))["traffic"] == {"3": 50, "2": 50}


ISVC = """kind: InferenceService
metadata: {{name: m, annotations: {{serving.kserve.io/deploymentMode: {}}}}}
spec: {{predictor: {{model: {{storageUri: "s3://m/3/model"}}, canaryTrafficPercent: {}}}}}
"""


@pytest.mark.parametrize(
    ("mode", "percent", "found"),
    [("Serverless", 0, 0), ("Knative", 25, 25), ("RawDeployment", 25, 100), ("Standard", 25, 100)],
)
def test_only_knative_divides(mode: str, percent: int, found: int) -> None:
    (one,) = declared("m/production/x.yaml", ISVC.format(mode, percent).encode())
    assert one.percent == found


@pytest.mark.parametrize("percent", ["-1", "101", "ten", "true", "10.5", '"10"', "[10]"])
def test_what_kserve_would_refuse_fails_the_sync(percent: str) -> None:
    with pytest.raises(Unrenderable, match="canaryTrafficPercent must be a whole number from 0 to 100"):
        declared("m/production/x.yaml", ISVC.format("Serverless", percent).encode())


@pytest.mark.parametrize(
    ("version", "percent", "stable", "shares"),
    [
        ("3", 100, "2", {"3": 100}),
        ("3", 10, "2", {"3": 10, "2": 90}),
        ("3", 0, "2", {"2": 100}),
        ("3", 10, None, {"3": 100}),
        ("3", 10, "3", {"3": 100}),
        (None, 100, "2", {}),
    ],
)
def test_the_shares(version: str | None, percent: int, stable: str | None, shares: dict[str, int]) -> None:
    assert split(version, percent, stable) == shares
