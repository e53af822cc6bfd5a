"""Metrics of an MLflow run as a window."""

from __future__ import annotations

import pytest

from bot.domain.drifting.windows import Kind, Verdict
from bot.signals.drift import About, metrics
from bot.signals.drift.mlflow import feature_of
from tests.signals.drift.recorded_reports import ABOUT, figures


@pytest.mark.parametrize(
    ("name", "pattern", "feature"),
    [
        ("drift.psi.amount", "drift.psi.*", "amount"),
        ("drift.psi.net.amount", "drift.psi.*", "net.amount"),
        ("drift.psi.", "drift.psi.*", None),
        ("drift.ks.amount", "drift.psi.*", None),
        ("amount.psi", "*.psi", "amount"),
        ("drift.amount.psi", "drift.*.psi", "amount"),
        ("drift.psi", "drift.*.psi", None),
        ("aba", "ab*ba", None),
        ("drift_score", "drift_score", ""),
        ("drift_scores", "drift_score", None),
        ("[x", "[*", "x"),
    ],
)
def test_a_pattern(name: str, pattern: str, feature: str | None) -> None:
    assert feature_of(name, pattern) == feature


def test_the_word_at_the_star_is_the_method() -> None:
    run = {"drift.psi.amount": 0.31, "drift.ks.age": 0.01, "drift.ks.zip": 0.5, "roc_auc": 0.9, "share_drifted": 0.4}
    limits = {"drift.psi.*": 0.2, "drift.ks.*": 0.05, "share_drifted": 0.5}
    window = metrics(run, ["drift.psi.*", "drift.ks.*", "share_drifted"], limits, ABOUT)
    assert window is not None
    assert figures(window) == [
        ("amount", "psi", "bad"),
        ("age", "ks", "bad"),
        ("", "share_drifted", "fine"),
        ("zip", "ks", "fine"),
    ]
    assert (window.source, window.kind, window.verdict) == ("mlflow", Kind.DRIFT, Verdict.BAD)


@pytest.mark.parametrize(("threshold", "verdict"), [(0.2, "bad"), (0.4, "fine"), (None, "unknown")])
def test_a_limit_for_all(threshold: float | None, verdict: str) -> None:
    about = About(model="m", environment="e", threshold=threshold, kind=Kind.DATA_QUALITY)
    window = metrics({"quality.nulls.amount": 0.3}, ["quality.nulls.*"], {}, about)
    assert window is not None
    assert (window.verdict.value, window.kind) == (verdict, Kind.DATA_QUALITY)


def test_nan_is_unknown_and_nothing_is_nothing() -> None:
    window = metrics({"drift.psi.a": float("nan")}, ["drift.psi.*"], {"drift.psi.*": 0.2}, ABOUT)
    assert window is not None
    assert window.verdict is Verdict.UNKNOWN
    assert metrics({"roc_auc": 0.9}, ["drift.psi.*"], {}, ABOUT) is None
