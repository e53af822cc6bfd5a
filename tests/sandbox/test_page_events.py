"""The merged change stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from bot.sandbox.page.events import QUEUE, merged
from tests.sandbox.page_fakes import FakeCluster


def data(frame: str) -> dict[str, Any]:
    line = next(line for line in frame.splitlines() if line.startswith("data: "))
    return json.loads(line.removeprefix("data: "))


async def test_says_ready_once_it_listens_and_then_each_change_with_its_source() -> None:
    one, two = FakeCluster(), FakeCluster()
    stream = merged({"slack": one.subscribe, "cluster": two.subscribe}, asyncio.Event())
    assert data(await anext(stream)) == {"source": "ready"}
    two.run("churn", "staging", "18")
    assert data(await anext(stream)) == {"type": "workload", "model": "churn", "source": "cluster"}
    one.run("ltv", "staging", "9")
    assert data(await anext(stream))["source"] == "slack"
    await stream.aclose()
    assert not one.listeners | two.listeners, "the subscriptions are given back"


async def test_ends_when_the_page_stops() -> None:
    stopping, cluster = asyncio.Event(), FakeCluster()
    stream = merged({"cluster": cluster.subscribe}, stopping)
    await anext(stream)
    stopping.set()
    assert [data(frame)["source"] async for frame in stream] == ["bye"]
    assert not cluster.listeners


async def test_silence_is_broken_by_a_comment() -> None:
    stream = merged({"cluster": FakeCluster().subscribe}, asyncio.Event(), beat=0.01)
    await anext(stream)
    assert (await anext(stream)).startswith(":")
    await stream.aclose()


async def test_a_slow_client_is_told_to_read_everything_again() -> None:
    flooded = asyncio.Event()

    async def flood() -> AsyncIterator[dict[str, Any]]:
        for number in range(QUEUE + 1):
            yield {"number": number}
        flooded.set()

    stream = merged({"slack": flood}, asyncio.Event())
    await anext(stream)
    await flooded.wait()
    assert data(await anext(stream)) == {"source": "reload"}
    assert data(await anext(stream)) == {"number": QUEUE, "source": "slack"}
    await stream.aclose()


async def test_one_ended_source_leaves_the_others() -> None:
    async def ended() -> AsyncIterator[dict[str, Any]]:
        return
        yield {}

    cluster = FakeCluster()
    stream = merged({"slack": ended, "cluster": cluster.subscribe}, asyncio.Event())
    await anext(stream)
    cluster.run("churn", "staging", "18")
    assert data(await anext(stream))["source"] == "cluster"
    await stream.aclose()
