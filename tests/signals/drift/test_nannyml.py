"""NannyML's results as windows, one a chunk."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.drifting.windows import Kind, Verdict
from bot.signals.drift import nannyml
from bot.signals.drift.about import About
from bot.signals.drift.nannyml import MOST_CHUNKS
from bot.signals.reading import BadBody, moment
from tests.signals.drift.recorded_reports import ABOUT, of, recorded, short


@pytest.mark.parametrize(
    ("name", "kind", "verdicts"),
    [
        ("nannyml_univariate", "drift", ["fine", "fine", "bad", "bad"]),
        ("nannyml_flat", "drift", ["fine", "fine", "bad", "bad"]),
        ("nannyml_multivariate", "drift", ["fine", "bad", "bad", "bad"]),
        ("nannyml_missing", "data_quality", ["fine", "fine", "bad", "bad"]),
        ("nannyml_performance", "performance", ["fine", "fine", "bad", "bad"]),
        ("nannyml_cbpe", "performance", ["fine", "fine", "bad", "bad"]),
    ],
)
def test_what_the_real_tool_wrote(name: str, kind: str, verdicts: list[str]) -> None:
    found = nannyml.parse(recorded(name), ABOUT)
    assert [(one.kind.value, one.verdict.value) for one in found] == [(kind, verdict) for verdict in verdicts]
    assert all((one.score or 0) >= 1 for one in found if one.verdict is Verdict.BAD)
    assert [one.at for one in found] == sorted({one.at for one in found})


def test_both_forms_of_the_columns_say_the_same() -> None:
    assert nannyml.parse(recorded("nannyml_flat"), ABOUT) == nannyml.parse(recorded("nannyml_univariate"), ABOUT)


def test_a_feature_is_as_bad_as_its_worst_method() -> None:
    window = nannyml.parse(recorded("nannyml_univariate"), ABOUT)[-1]
    assert short(window) == ("drift", "bad", 2, 3)
    assert window.message == "2 of 3 are beyond their limits: country_code, amount"
    drift = of(window, "amount", "jensen_shannon")
    assert (drift.value, drift.threshold, drift.verdict) == (0.4194739442, 0.0908509699, Verdict.BAD)
    chi2 = of(window, "country_code", "chi2")  # it tells no limit, but an alert
    assert (chi2.threshold, chi2.score, chi2.verdict) == (None, None, Verdict.BAD)
    assert window.at == moment("2026-03-16T22:30:00Z")


def test_the_limit_that_a_figure_fell_below() -> None:
    window = nannyml.parse(recorded("nannyml_performance"), ABOUT)[-1]
    assert of(window, "", "roc_auc").threshold == 0.9677051901


def frame(*rows: list[Any], columns: list[Any] | None = None) -> dict[str, Any]:
    names = columns or [["chunk", "period"], ["chunk", "end_date"], ["amount", "value"], ["amount", "alert"]]
    return {"columns": names, "index": [], "data": list(rows)}


def test_the_reference_is_left_out_and_so_are_old_chunks() -> None:
    rows = [["analysis", f"2026-01-{day:02}T00:00:00", 0.1, day > 20] for day in range(1, 31)]
    found = nannyml.parse(frame(*rows, ["reference", "2026-02-01T00:00:00", 0.1, True]), ABOUT)
    assert len(found) == MOST_CHUNKS
    assert [one.at for one in found] == [moment(f"2026-01-{day:02}T00:00:00Z") for day in range(11, 31)]


@pytest.mark.parametrize("end", [None, "", "yesterday", 3])
def test_of_chunks_without_times_the_newest_counts(end: Any) -> None:
    (window,) = nannyml.parse(frame(["analysis", end, 0.1, False], ["analysis", end, 0.4, True]), ABOUT)
    assert (window.verdict, window.at) == (Verdict.BAD, ABOUT.received)


def test_times_in_milliseconds_are_what_pandas_writes_otherwise() -> None:
    (window,) = nannyml.parse(frame(["analysis", 1767571200000, 0.1, False]), ABOUT)
    assert window.at == moment("2026-01-05T00:00:00Z")


@pytest.mark.parametrize(("value", "alert"), [(None, False), (float("nan"), False), (0.3, None), (0.3, "yes")])
def test_an_empty_chunk_is_unknown(value: Any, alert: Any) -> None:
    (window,) = nannyml.parse(frame(["analysis", "2026-01-01T00:00:00Z", value, alert]), ABOUT)
    assert window.verdict is Verdict.UNKNOWN


def test_the_sender_may_say_what_it_is_about() -> None:
    about = About(model="m", environment="e", kind=Kind.SERVICE)
    (window,) = nannyml.parse(frame(["analysis", None, 0.3, True]), about)
    assert window.kind is Kind.SERVICE


@pytest.mark.parametrize("odd", [{}, [], {"columns": 1, "data": 2}, {"columns": []}, None, [{"amount_alert": True}]])
def test_what_is_no_result(odd: object) -> None:
    with pytest.raises(BadBody, match="orient='split'"):
        nannyml.parse(odd, ABOUT)


@pytest.mark.parametrize("rows", [[], [[]], [None], [["analysis"]], [{"a": 1}]])
def test_a_result_without_figures_tells_nothing_bad(rows: list[Any]) -> None:
    assert all(one.verdict is Verdict.UNKNOWN for one in nannyml.parse(frame(*rows), ABOUT))
