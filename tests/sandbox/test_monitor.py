"""The monitor of the sandbox: what it measures, what the bot reads of it, and in which order it tells."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from bot.domain.drifting.windows import Kind, Verdict, Window
from bot.sandbox.monitor import Monitor, Target
from bot.sandbox.monitor.clock import BACKLOG, WINDOW, next_end
from bot.sandbox.monitor.distances import jensen_shannon, wasserstein
from bot.sandbox.monitor.evidently import report
from bot.sandbox.monitor.traffic import CONDITIONS, COUNTRY, FIGURES, Condition, reference, window
from bot.sandbox.state import State
from bot.signals.alert_windows import windows as alert_windows
from bot.signals.drift import About, parse
from tests.support.training import Reply, Request, World, serving

NOW = 1_767_600_000.0
MODEL = "fraud-detector"


class Bot(World):
    """Takes what is posted, or refuses it."""

    def route(self, asked: Request) -> Reply:
        return 202, {"status": "accepted"}


@pytest.fixture
def bot() -> Iterator[Bot]:
    with serving(world := Bot()):
        yield world


def monitor(bot: Bot, state: State | None = None) -> Monitor:
    target = Target(bot.url, "drift-secret", "alert-token")
    return Monitor(state or State(":memory:"), target, lambda *_: "3", now=lambda: NOW)


def read(model: str, condition: Condition, number: int) -> Window:
    about = About(model=model, environment="production", received=NOW)
    (found,) = parse("", report(reference(model), window(model, condition, number)), about)
    return found


SAMPLES = st.integers(5, 40).flatmap(
    lambda size: st.tuples(*[st.lists(st.floats(-1e3, 1e3), min_size=size, max_size=size)] * 2)
)


@given(SAMPLES)
def test_the_distance_of_numbers_is_scipy_s(samples: tuple[list[float], list[float]]) -> None:
    one, other = samples
    deviation = max(math.sqrt(sum((x - sum(one) / len(one)) ** 2 for x in one) / len(one)), 0.001)
    assert wasserstein(one, other) == pytest.approx(wasserstein_distance(one, other) / deviation, rel=1e-6, abs=1e-9)


@given(st.lists(st.sampled_from("abc"), min_size=1), st.lists(st.sampled_from("bcd"), min_size=1))
def test_the_distance_of_categories_is_scipy_s(one: list[str], other: list[str]) -> None:
    shares = [[sample.count(name) / len(sample) for name in "abcd"] for sample in (one, other)]
    assert jensen_shannon(one, other) == pytest.approx(float(jensenshannon(*shares)), abs=1e-7)


@pytest.mark.parametrize("model", FIGURES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_bot_reads_what_the_traffic_is(model: str, condition: Condition) -> None:
    for number in (1, 2):
        found = read(model, condition, number)
        assert (found.kind, found.source, found.total) == (Kind.DRIFT, "evidently", 4)
        assert found.verdict is (Verdict.FINE if condition == "normal" else Verdict.BAD), number
        assert found.score is not None
        assert {"normal": found.score <= 1, "worse": found.score > 4}.get(condition, 1 < found.score < 3)


@pytest.mark.parametrize("model", FIGURES)
def test_what_all_models_lose_is_what_they_share(model: str) -> None:
    assert read(model, "no_country", 1).readings[0].feature == COUNTRY


def test_the_same_window_is_the_same_on_every_machine() -> None:
    assert window(MODEL, "normal", 7) == window(MODEL, "normal", 7) != window(MODEL, "normal", 8)


def test_windows_end_one_after_the_other_until_it_has_caught_up() -> None:
    ends = [0.0]
    with pytest.raises(ValueError, match="caught up"):
        while True:
            ends.append(next_end(ends[-1], NOW))
    minutes = [int(end // 60) for end in ends]
    assert len(ends) > 50
    assert minutes == sorted(set(minutes))
    assert ends[1] - (NOW - BACKLOG) <= WINDOW
    assert ends[-1] < NOW + WINDOW
    assert next_end(ends[-1], NOW + 60) > ends[-1]


async def test_it_posts_reports_in_order_and_keeps_what_it_sent(bot: Bot) -> None:
    state = State(":memory:")
    mine = monitor(bot, state)
    await mine.send(MODEL, "drifting", 2)
    assert [(one.path, one.headers["authorization"]) for one in bot.seen] == [
        ("/webhooks/drift", "Bearer drift-secret")
    ] * 2
    assert bot.seen[0].json["at"] < bot.seen[1].json["at"]
    about = {"source": "evidently", "model": MODEL, "environment": "production", "version": "3"}
    assert about.items() <= bot.seen[0].json.items()
    again = monitor(bot, state).status()
    (windows,) = [one["windows"] for one in again if one["model"] == MODEL]
    assert [(one["number"], one["condition"]) for one in windows] == [(1, "drifting"), (2, "drifting")]


async def test_it_tells_how_the_worst_features_are_distributed(bot: Bot) -> None:
    await monitor(bot).send(MODEL, "no_country")
    (found,) = parse("", bot.seen[0].json, About(received=NOW))
    assert [shape.feature for shape in found.shapes][:2] == [one.feature for one in found.readings][:2]
    assert len(found.shapes) == 3
    country = found.shapes[0]
    before, after = (
        dict(zip(country.labels, country.reference, strict=True)),
        dict(zip(country.labels, country.current, strict=True)),
    )
    assert (before["DE"] > 0.4, after["DE"] < 0.1, after["(none)"] > 0.9) == (True, True, True)


async def test_an_alert_fires_once_and_ends(bot: Bot) -> None:
    mine = monitor(bot)
    await mine.alert(MODEL)
    await mine.calm(MODEL)
    await mine.calm(MODEL)
    read = [alert_windows(one.json) for one in bot.seen]
    assert [[(w.kind, w.verdict, w.model) for w in found] for found in read] == [
        [(Kind.SERVICE, Verdict.BAD, MODEL)],
        [(Kind.SERVICE, Verdict.FINE, MODEL)],
    ]
    assert {one.headers["authorization"] for one in bot.seen} == {"Bearer alert-token"}


async def test_a_storm_is_every_model_and_what_is_off_recovers(bot: Bot) -> None:
    mine = monitor(bot)
    await mine.storm()
    assert {one.json["model"] for one in bot.seen} == set(FIGURES)
    bot.seen.clear()
    await mine.recover()
    assert [one.json["model"] for one in bot.seen] == [model for model in FIGURES for _ in range(3)]
    bot.seen.clear()
    await mine.recover()
    assert bot.seen == []


@pytest.mark.parametrize(
    ("does", "error"),
    [
        (lambda mine: mine.send("nobody", "normal"), LookupError),
        (lambda mine: mine.send(MODEL, "sunny"), ValueError),
        (lambda mine: mine.alert("nobody"), LookupError),
    ],
    ids=["model", "condition", "alert"],
)
async def test_what_is_not_there_is_refused(bot: Bot, does: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await does(monitor(bot))
    assert bot.seen == []


async def test_what_the_bot_did_not_take_was_not_sent(bot: Bot) -> None:
    mine = monitor(bot)
    bot.status = 503
    with pytest.raises(ValueError, match="503"):
        await mine.send(MODEL, "normal")
    with pytest.raises(ValueError, match="503"):
        await mine.alert(MODEL)
    assert all(not one["windows"] and not one["alert"] for one in mine.status())


async def test_a_bot_that_is_away_is_said_so() -> None:
    mine = Monitor(State(":memory:"), Target("http://127.0.0.1:1", "a", "b"))
    with pytest.raises(ValueError, match="does not answer"):
        await mine.send(MODEL, "normal")


async def test_whoever_watches_is_told(bot: Bot) -> None:
    mine = monitor(bot)
    events = mine.subscribe()
    first = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    await mine.send(MODEL, "normal")
    assert await asyncio.wait_for(first, 20) == {"type": "monitor", "model": MODEL}
