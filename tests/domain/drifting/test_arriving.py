"""From windows to rows of the inbox."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import COMMAND
from bot.domain.commands_order import order_key
from bot.domain.drifting.arriving import AHEAD, rows
from bot.domain.drifting.windows import Kind, Severity, Verdict, Window

NOW = 1_800_000_000.0
WINDOW = Window(
    source="json", monitor="m", model="churn", environment="production", kind=Kind.DRIFT, at=NOW, verdict=Verdict.BAD
)


def like(**said: Any) -> Window:
    return WINDOW.model_copy(update=said)


def keys(*windows: Window) -> list[str]:
    return [key for key, _ in rows(windows, NOW)]


def test_nothing_is_no_row() -> None:
    assert rows([], NOW) == []


def test_one_row_a_model_in_the_order_of_time() -> None:
    found = rows([like(at=NOW + 60), like(model="ltv"), like(at=NOW - 60), like(at=NOW + 60)], NOW)
    assert [[(one.model, one.at) for one in command.windows] for _, command in found] == [
        [("churn", NOW - 60), ("churn", NOW + 60)],
        [("ltv", NOW)],
    ]
    assert [order_key(command) for _, command in found] == ["drift:churn", "drift:ltv"]
    for _, command in found:
        assert COMMAND.validate_json(command.model_dump_json()) == command


@pytest.mark.parametrize("said", [{"score": 9.0}, {"at": NOW + 30}, {"message": "x"}, {"total": 5, "bad": 2}])
def test_what_is_said_again_within_a_minute_is_one_row(said: dict[str, Any]) -> None:
    assert keys(like(**said)) == keys(WINDOW) == keys(WINDOW, like(**said))


@pytest.mark.parametrize(
    "said",
    [
        {"source": "evidently"},
        {"monitor": "n"},
        {"model": "ltv"},
        {"environment": "staging"},
        {"kind": Kind.SERVICE},
        {"verdict": Verdict.FINE},
        {"severity": Severity.CRITICAL},
        {"at": NOW + 60},
        {"source": "jso", "monitor": "nm"},
    ],
)
def test_what_is_something_else_is_another_row(said: dict[str, Any]) -> None:
    assert keys(like(**said)) != keys(WINDOW)


def test_an_alert_that_fires_again_within_the_minute_is_taken_again() -> None:
    first, again = (like(settled=True, at=NOW + seconds) for seconds in (5.0, 50.5))
    assert keys(first) != keys(again)
    assert keys(first) == keys(first)


def test_a_flood_is_a_handful_of_rows() -> None:
    flood = {key for n in range(10_000) for key in keys(like(at=NOW + n * 0.006, score=float(n)))}
    assert len(flood) <= 2


@pytest.mark.parametrize(
    ("at", "taken"),
    [(NOW + AHEAD, NOW + AHEAD), (NOW + AHEAD + 1, NOW), (4e9, NOW), (NOW - 86_400 * 365, NOW - 86_400 * 365)],
)
def test_a_clock_that_is_far_ahead_gives_way_to_ours(at: float, taken: float) -> None:
    ((key, command),) = rows([like(at=at)], NOW)
    assert command.windows[0].at == taken
    assert rows([like(at=at)], NOW + 3600)[0][0] == key  # a redelivery is known by the monitor's own time


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3), st.floats(0, 4e9)), min_size=1, max_size=20))
def test_any_names(told: list[tuple[str, str, float]]) -> None:
    windows = [like(model=model, monitor=monitor, at=at) for model, monitor, at in told]
    found = rows(windows, NOW)
    assert {key for key, _ in rows(reversed(windows), NOW)} == {key for key, _ in found}
    assert {command.windows[0].model for _, command in found} == {model for model, _, _ in told}
    assert all(key.isprintable() and len(key) < 80 for key, _ in found)
    assert len({key for key, _ in found}) == len(found)
