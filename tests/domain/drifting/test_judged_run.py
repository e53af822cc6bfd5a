"""What a run measured, as windows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.drifting.judged_run import windows_of
from bot.domain.drifting.measuring import DataSet, DriftRun, Measured
from bot.domain.drifting.windows import Kind, Reading, Shape, Verdict, Window
from tests.fakes.measuring import reading

RUN = DriftRun("inputs", "fraud", "production", DataSet("/r"), DataSet("/c"))
SHAPE = Shape(feature="a", labels=("x",), reference=(1.0,), current=(1.0,))
NOW = 1_800_000_000.0


def measured(readings: list[Reading], kind: Kind = Kind.DRIFT, rows: int = 100, run: DriftRun = RUN) -> Measured:
    return Measured(run, rows, 100, None, {kind: tuple(readings)}, (SHAPE,), ("gone: not there",))


def only(found: Measured) -> Window:
    [window] = windows_of(found, NOW, "7")
    return window


def drift(*scores: float | None, output: float | None = None) -> list[Reading]:
    found = [reading(f"f{place}", score) for place, score in enumerate(scores)]
    return found if output is None else [*found, reading("p", output, prediction=True)]


@pytest.mark.parametrize(
    ("readings", "share", "verdict", "score"),
    [
        (drift(3.0, 0.5), 0.5, Verdict.BAD, 3.0),
        (drift(3.0, 2.0, 0.5, 0.1), 0.5, Verdict.BAD, 2.0),
        (drift(3.0, 0.5, 0.4, 0.1), 0.5, Verdict.FINE, 0.5),
        (drift(3.0, 0.5, 0.4, 0.1), 0.25, Verdict.BAD, 3.0),
        (drift(3.0, None), 0.5, Verdict.BAD, 3.0),
        (drift(3.0, None, 0.5, 0.4), 0.5, Verdict.FINE, 0.5),
        (drift(None, None), 0.5, Verdict.UNKNOWN, None),
        ([], 0.5, Verdict.UNKNOWN, None),
        (drift(0.1, 0.1, 0.1, output=4.0), 0.5, Verdict.BAD, 4.0),
        (drift(0.1, 0.1, 0.1, output=0.4), 0.5, Verdict.FINE, 0.1),
        (drift(6.0, 5.0, 0.1, output=4.0), 0.5, Verdict.BAD, 5.0),
    ],
    ids=range(11),
)
def test_a_model_drifts_from_a_share_of_features_or_by_its_output(
    readings: list[Reading], share: float, verdict: Verdict, score: float | None
) -> None:
    window = only(measured(readings, run=replace(RUN, share=share)))
    assert (window.verdict, window.score) == (verdict, score)


def test_the_share_itself_is_no_feature() -> None:
    share = Reading(feature="", method="drifted_share", value=1.0, threshold=0.5, verdict=Verdict.BAD, score=2.0)
    window = only(measured([share, *drift(3.0, 0.5)]))
    assert (window.total, window.bad) == (2, 1)
    assert all(one.feature for one in window.readings)


def test_what_a_window_says() -> None:
    window = only(measured(drift(0.5, 3.0)))
    assert (window.source, window.monitor, window.model, window.environment) == ("run", "inputs", "fraud", "production")
    assert (window.at, window.version, window.shapes) == (NOW, "7", (SHAPE,))
    assert [one.feature for one in window.readings] == ["f1", "f0"]
    assert "f1" in window.message
    assert only(replace(measured([]), end=5.0)).at == 5.0


def test_every_kind_that_was_looked_at_is_a_window_and_one_bad_reading_is_enough() -> None:
    found = replace(
        measured(drift(0.1)), readings={Kind.DRIFT: (), Kind.PERFORMANCE: tuple(drift(0.1, 0.2, 2.0)), Kind.SERVICE: ()}
    )
    windows = {window.kind: window for window in windows_of(found, NOW)}
    assert {kind: one.verdict for kind, one in windows.items()} == {
        Kind.DRIFT: Verdict.UNKNOWN,
        Kind.PERFORMANCE: Verdict.BAD,
    }
    assert windows[Kind.PERFORMANCE].shapes == ()


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [(Kind.DRIFT, Verdict.UNKNOWN), (Kind.PERFORMANCE, Verdict.UNKNOWN), (Kind.DATA_QUALITY, Verdict.BAD)],
)
def test_of_too_few_rows_only_their_quality_is_told(kind: Kind, verdict: Verdict) -> None:
    found = measured(drift(9.0), kind, rows=9, run=replace(RUN, rows=10))
    window = windows_of(found, NOW)[-1]
    assert (window.kind, window.verdict) == (kind, verdict)
    assert window.message == "9 rows; at least 10 are compared"


def test_an_empty_window_that_nobody_forbade_is_unknown() -> None:
    found = measured([Reading(feature="", method="rows", value=0.0)], Kind.DATA_QUALITY, rows=0)
    window = windows_of(found, NOW)[-1]
    assert (window.verdict, window.message) == (Verdict.UNKNOWN, "no rows came in")


@pytest.mark.parametrize(
    ("hours", "verdict", "words"),
    [
        (2.0, Verdict.FINE, ""),
        (72.0, Verdict.BAD, "the newest row is 72 h old; at most 24 h"),
        (None, Verdict.BAD, "1 of 2 is beyond its limit: age"),
    ],
)
def test_data_that_does_not_grow_is_told_by_our_clock(hours: float | None, verdict: Verdict, words: str) -> None:
    run = replace(RUN, current=replace(RUN.current, time="seen", last=3600.0, max_age=86_400.0))
    age = Reading(feature="", method="age", value=hours, threshold=24.0, verdict=verdict, note="no row tells")
    found = replace(measured([reading("a", 0.1), age], Kind.DATA_QUALITY, run=run), end=NOW - 9e5)
    window = windows_of(found, NOW)[-1]
    assert (window.verdict, window.message) == (verdict, words)
    assert window.at == (NOW if verdict is Verdict.BAD else NOW - 9e5)
    unlimited = windows_of(replace(found, run=RUN), NOW)[-1]
    assert (unlimited.at, unlimited.verdict, unlimited.total) == (NOW - 9e5, Verdict.FINE, 1)


def test_many_features_are_cut_and_counted() -> None:
    window = only(measured(drift(*[2.0 + n for n in range(200)])))
    assert (len(window.readings), window.total, window.bad) == (50, 200, 200)
    assert window.readings[0].feature == "f199"
