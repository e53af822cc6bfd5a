"""whylogs' drift summary as a window."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.drifting.windows import Verdict
from bot.signals.drift import whylogs
from bot.signals.drift.about import About
from bot.signals.reading import BadBody
from tests.signals.drift.recorded_reports import ABOUT, figures, of, recorded, short


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("whylogs_drifted", ("drift", "bad", 2, 3)),
        ("whylogs_fine", ("drift", "fine", 1, 3)),
        ("whylogs_hellinger", ("drift", "fine", 1, 3)),
        ("whylogs_nan", ("drift", "fine", 0, 2)),
        ("whylogs_bare", ("drift", "unknown", 0, 3)),
    ],
)
def test_what_the_real_tool_wrote(name: str, window: tuple[str, str, int, int]) -> None:
    (found,) = whylogs.parse(recorded(name), ABOUT)
    assert short(found) == window


def test_where_drift_begins() -> None:
    (window,) = whylogs.parse(recorded("whylogs_hellinger"), ABOUT)
    amount, age = of(window, "amount", "hellinger"), of(window, "age", "ks")
    assert (amount.threshold, amount.verdict, amount.note) == (0.4, Verdict.FINE, "possible drift")
    assert (age.threshold, round(age.value or 0, 4)) == (0.05, 0.6034)


def test_a_column_of_nothing_is_unknown() -> None:
    (window,) = whylogs.parse(recorded("whylogs_nan"), ABOUT)
    assert ("amount", "", "unknown") in figures(window)


@pytest.mark.parametrize(("threshold", "verdict"), [(0.05, "bad"), (1e-300, "fine"), (None, "unknown")])
def test_without_thresholds_the_sender_s_counts(threshold: float | None, verdict: str) -> None:
    about = About(model="m", environment="e", threshold=threshold, share=1 / 3)
    score = {"algorithm": "ks", "pvalue": 0.01, "statistic": 0.4, "thresholds": None, "drift_category": None}
    (window,) = whylogs.parse({"amount": score}, about)
    assert window.verdict.value == verdict


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x"])
def test_what_is_no_number_is_unknown_whatever_its_category(value: Any) -> None:
    score = {"algorithm": "ks", "pvalue": value, "statistic": 1, "drift_category": "DRIFT"}
    (window,) = whylogs.parse({"amount": score}, ABOUT)
    assert (window.verdict, window.readings[0].value) == (Verdict.UNKNOWN, None)


@pytest.mark.parametrize("odd", [{}, [], None, {"amount": None}, {"amount": {"pvalue": 1}}, {"amount": 0.3}])
def test_what_is_no_summary(odd: object) -> None:
    with pytest.raises(BadBody, match="calculate_drift_scores"):
        whylogs.parse(odd, ABOUT)
