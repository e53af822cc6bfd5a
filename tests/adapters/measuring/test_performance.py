"""What the predictions are worth, where labels came in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bot.domain.drifting.measuring import PerformanceRule
from bot.domain.drifting.windows import Kind, Verdict
from tests.adapters.measuring.rig import measured, reading

NUMBERS = np.random.RandomState(1).normal(0, 1, 300)
FINE, BAD, UNKNOWN = Verdict.FINE, Verdict.BAD, Verdict.UNKNOWN
LABELS = np.array([0, 1] * 150)
PERFORMANCE: dict[str, tuple[Any, Any, PerformanceRule, float | None, Verdict]] = {
    "right": (LABELS, LABELS, PerformanceRule("accuracy", threshold=0.9), 1.0, FINE),
    "half": (np.zeros(300, int), LABELS, PerformanceRule("accuracy", threshold=0.9), 0.5, BAD),
    "scores": (LABELS * 0.4 + 0.3, LABELS, PerformanceRule("accuracy", threshold=0.9), 1.0, FINE),
    "names": (["yes", "no"] * 150, ["yes", "yes"] * 150, PerformanceRule("accuracy", threshold=0.4), 0.5, FINE),
    "logged": (np.zeros(300, int), LABELS, PerformanceRule("accuracy", "acc", worse=0.1), 0.5, BAD),
    "logged_and_near": (np.zeros(300, int), LABELS, PerformanceRule("accuracy", "acc", worse=0.5), 0.5, FINE),
    "no_metric": (LABELS, LABELS, PerformanceRule("accuracy", "other"), 1.0, UNKNOWN),
    "auc": (LABELS + NUMBERS * 0.01, LABELS, PerformanceRule("auc", threshold=0.9), 1.0, FINE),
    "auc_of_ties": (np.full(300, 0.4), LABELS, PerformanceRule("auc", threshold=0.9), 0.5, BAD),
    "auc_of_three": (NUMBERS, np.arange(300) % 3, PerformanceRule("auc", threshold=0.9), None, UNKNOWN),
    "mae": (LABELS + 2.5, LABELS, PerformanceRule("mae", "error", worse=0.25), 2.5, FINE),
    "mae_worse": (LABELS + 2.6, LABELS, PerformanceRule("mae", "error", worse=0.25), 2.6, BAD),
    "labels_that_are_true_or_false": (LABELS, LABELS == 1, PerformanceRule("accuracy", threshold=0.9), 1.0, FINE),
    "flags": (LABELS == 1, LABELS, PerformanceRule("accuracy", threshold=0.9), 1.0, FINE),
    "scores_of_flags": (LABELS * 0.4 + 0.3, LABELS == 1, PerformanceRule("accuracy", threshold=0.9), 1.0, FINE),
    "auc_of_flags": (LABELS == 1, LABELS == 1, PerformanceRule("auc", threshold=0.9), 1.0, FINE),
    "scores_of_names": (NUMBERS, ["fraud", "ok"] * 150, PerformanceRule("accuracy", threshold=0.9), None, UNKNOWN),
    "apart_beyond_floats": (LABELS + 1.7e308, LABELS - 1.7e308, PerformanceRule("mae", threshold=1), None, UNKNOWN),
    "metric_that_is_no_number": (LABELS, LABELS, PerformanceRule("accuracy", "nan"), 1.0, UNKNOWN),
    "no_labels": (LABELS, pa.nulls(300, pa.int64()), PerformanceRule("auc", threshold=0.9), None, UNKNOWN),
}


@pytest.mark.parametrize("name", sorted(PERFORMANCE))
def test_performance(name: str) -> None:
    prediction, label, rule, value, verdict = PERFORMANCE[name]
    current = {"guess": prediction, "truth": label}
    found = measured(
        {"guess": prediction},
        current,
        {"acc": 0.9, "error": 2.0, "nan": float("nan")},
        prediction="guess",
        label="truth",
        performance=(rule,),
    )
    one = reading(found, "", rule.metric, Kind.PERFORMANCE)
    assert one.value == (None if value is None else pytest.approx(value))
    assert one.verdict is verdict
    assert one.score is None or (one.score > 1) == (verdict is BAD)


def test_only_rows_with_labels_count() -> None:
    truth = pa.array([1.0, 0.0, None, float("nan")] * 75)
    found = measured(
        {"guess": LABELS},
        {"guess": np.array([1, 0, 0, 1] * 75), "truth": truth},
        prediction="guess",
        label="truth",
        performance=(PerformanceRule("accuracy", threshold=0.5),),
    )
    one = reading(found, "", "accuracy", Kind.PERFORMANCE)
    assert (one.value, one.note) == (1.0, "150 rows with labels")


@pytest.mark.parametrize(
    ("labels", "least", "verdict"), [(29, 100, UNKNOWN), (30, 100, BAD), (9, 10, UNKNOWN), (9, 0, BAD)]
)
def test_a_few_labels_say_nothing_where_few_rows_do(labels: int, least: int, verdict: Verdict) -> None:
    truth = pa.array([1 if row < labels else None for row in range(300)])
    rule = PerformanceRule("accuracy", threshold=0.9)
    sides = {"guess": np.zeros(300, int)}, {"guess": np.zeros(300, int), "truth": truth}
    found = measured(*sides, prediction="guess", label="truth", performance=(rule,), rows=least)
    assert reading(found, "", "accuracy", Kind.PERFORMANCE).verdict is verdict


def test_the_area_under_the_curve_with_more_scores_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.adapters.measuring import ranks

    random = np.random.RandomState(5)
    classes = random.randint(0, 2, 20_000)
    scores = random.normal(classes * 0.8, 1.0)
    whole = ranks.Ranks()
    whole.add(scores, classes)
    monkeypatch.setattr(ranks, "MOST_SCORES", 2_000)
    few = ranks.Ranks()
    for part, named in zip(np.array_split(scores, 7), np.array_split(classes, 7), strict=True):
        few.add(part, named)
    order = scores.argsort().argsort() + 1.0
    good = classes == 1
    told = (order[good].sum() - good.sum() * (good.sum() + 1) / 2) / (good.sum() * (~good).sum())
    assert whole.area(1) == pytest.approx(told)
    assert len(few.scores) <= 2_000
    assert few.area(1) == pytest.approx(told, abs=1e-4)
