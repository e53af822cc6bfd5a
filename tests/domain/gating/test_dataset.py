"""The dataset gate as a table: known, and not too old."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import DatasetInput
from bot.domain.gates import GateState
from bot.domain.gating.dataset import COVERS
from bot.domain.gating.dates import Moment, read_moment
from bot.domain.policy import DatasetGate
from tests.domain.gating.given import DAY, NOW, F, P, U, facts, holds, judged, version

TRAIN, TEST = DatasetInput("sales", "d1", "training"), DatasetInput("sales-test", "d2", "eval")
ANY = DatasetGate("training data", "training", None, None, "block", "merge")
YOUNG = DatasetGate("training data", "training", 90 * DAY, None, "block", "merge")
DATED = DatasetGate("training data", "training", 90 * DAY, "data_until", "block", "merge")


def used(*data: DatasetInput, **more: Any) -> Any:
    return facts(version(datasets=data, **more))


def dated(text: str) -> Any:
    return used(TRAIN, tags={"data_until": text}, started_at=NOW)


@pytest.mark.parametrize(
    ("gate", "seen", "state", "words"),
    [
        pytest.param(ANY, used(TRAIN, TEST), P, "sales d1", id="known"),
        pytest.param(ANY, used(TRAIN, DatasetInput("more", "d3", "training")), P, "(+1 more)", id="two of them"),
        pytest.param(ANY, used(), F, "no training data set", id="none"),
        pytest.param(ANY, used(TEST), F, "no training data set", id="of another context"),
        pytest.param(ANY, used(DatasetInput("x", "d", None)), F, "no training data set", id="of no context"),
        pytest.param(ANY, used(DatasetInput("x", "", "training")), U, "x has no digest", id="no digest"),
        pytest.param(ANY, used(DatasetInput("x", "None", "training")), U, "x has no digest", id="no digest, in words"),
        pytest.param(
            ANY, used(TRAIN, DatasetInput("x", " ", "training")), U, "x has no digest", id="one of two has none"
        ),
        pytest.param(ANY, facts(None), U, "the registry does not tell", id="registry is silent"),
        pytest.param(YOUNG, used(TRAIN, started_at=NOW - 10 * DAY), P, "10 d old", id="young"),
        pytest.param(YOUNG, used(TRAIN, started_at=NOW - 90 * DAY), P, "90 d old", id="just young enough"),
        pytest.param(YOUNG, used(TRAIN, started_at=NOW - 91 * DAY), F, "91 d old", id="too old"),
        pytest.param(YOUNG, used(TRAIN), U, "nobody knows when its run began", id="no run"),
        pytest.param(YOUNG, used(TRAIN, started_at=NOW + 60), P, "0 s old", id="a clock that is a little ahead"),
        pytest.param(YOUNG, used(TRAIN, started_at=NOW + 3_600), U, "in the future", id="a run in the future"),
        pytest.param(
            YOUNG, used(DatasetInput("x", "", "training"), started_at=NOW), U, "no digest", id="young, no digest"
        ),
        pytest.param(DATED, dated("2027-01-01"), P, "14 d 8 h old", id="a day"),
        pytest.param(DATED, dated("2027-01-01T20:00:00+02:00"), P, "13 d 14 h old", id="a moment"),
        pytest.param(DATED, dated("2026-01-01"), F, "379 d 8 h old", id="an old day"),
        pytest.param(DATED, dated("2027-01-15"), P, "8 h old", id="today"),
        pytest.param(DATED, dated("2027-01-15T21:00"), U, "in the future", id="tonight"),
        pytest.param(DATED, dated("2027-01-16"), U, "in the future", id="tomorrow"),
        pytest.param(DATED, dated("1799990000"), P, "2 h 46 min old", id="seconds"),
        pytest.param(DATED, dated("1799990000000"), P, "2 h 46 min old", id="milliseconds"),
        pytest.param(DATED, dated("last week"), U, "data_until is no date: 'last week'", id="no date"),
        pytest.param(DATED, dated("2027-02-30"), U, "is no date", id="no such day"),
        pytest.param(DATED, dated("NaN"), U, "is no date", id="not a number"),
        pytest.param(DATED, dated(""), U, "is no date", id="empty"),
        pytest.param(DATED, used(TRAIN, started_at=NOW), U, "no tag data_until", id="not the run's start instead"),
    ],
)
def test_dataset(gate: DatasetGate, seen: Any, state: GateState, words: str) -> None:
    holds(gate, seen, state, words)


def test_it_says_what_a_digest_is_worth() -> None:
    assert judged(ANY, used(TRAIN)).explanation == COVERS
    assert judged(YOUNG, used(TRAIN)).required == "training data with a digest, at most 90 d old"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1970-01-02", DAY),
        (" 1970-01-02T00:00:00Z ", DAY),
        ("1970-01-02 01:00+01:00", DAY),
        ("100000000", 100_000_000.0),
        ("1700000000.5", 1_700_000_000.5),
        ("1700000000123", 1_700_000_000.123),
        ("42", None),
        ("-1700000000", None),
        ("1e9", None),
        ("١٧٠٠٠٠٠٠٠٠", None),
        ("2027-13-01", None),
        ("2027-01-01" + " " * 50 + "x", None),
    ],
)
def test_moments(text: str, found: float | None) -> None:
    read = read_moment(text)
    assert (read.at if read else None) == found


@given(st.text(max_size=60) | st.from_regex(r"[0-9:TZ+. -]{1,45}", fullmatch=True))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    assert isinstance(read_moment(text), Moment | None)
