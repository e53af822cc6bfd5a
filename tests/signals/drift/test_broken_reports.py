"""Real reports with something in them that does not belong there: each is read, or refused as what it is."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.commands import COMMAND
from bot.domain.drifting.arriving import rows
from bot.signals.drift import given, read
from bot.signals.reading import BadBody
from tests.signals.drift.recorded_reports import NAMES, recorded

ODD: list[Any] = [
    *(None, True, -1, 0, 10**400, 1e308, float("nan"), float("-inf"), "", "NaN", "x" * 3000, "\x00", "alert"),
    *([], {}, [[]], ["alert"], [None, "alert"], {"type": {}}, {"a": [1]}, "2026-01-05T10:00:00Z", 1767571200000),
]
ABOUT = given({"model": "churn", "environment": "production"})


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Everything that stands somewhere: what holds it, and under which key or number."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_bad_body(name: str) -> None:
    drawn = random.Random(name)
    for _ in range(60):
        body = recorded(name)
        for _ in range(drawn.choice((1, 1, 3))):
            held, key = drawn.choice(list(places(body)))
            held[key] = json.loads(json.dumps(drawn.choice(ODD)))
        try:
            found = read(json.dumps(body).encode(), ABOUT, 1_900_000_000.0)
        except BadBody as why:
            assert str(why)
            continue
        for _key, command in rows(found, 1_900_000_000.0):
            assert COMMAND.validate_json(command.model_dump_json()) == command


@pytest.mark.parametrize("column", [["alert"], [None, "alert"], [["amount"], "alert"], "_alert", "alert"])
def test_an_alert_of_nothing(column: object) -> None:
    body = {"columns": [["chunk", "end_date"], column], "data": [["2026-01-05T10:00:00", True]]}
    assert (
        read(json.dumps(body).encode(), given({**ABOUT.model_dump(exclude_none=True), "source": "nannyml"}), 1.0) == ()
    )
