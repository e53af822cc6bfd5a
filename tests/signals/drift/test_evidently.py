"""Evidently's reports and test suites as windows: what the real tool wrote, and what it might have written."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.drifting.windows import MOST_READINGS, Kind, Verdict
from bot.signals.drift import evidently
from bot.signals.drift.about import About
from bot.signals.drift.statuses import status_of
from bot.signals.reading import BadBody
from tests.signals.anything import contract
from tests.signals.drift.recorded_reports import ABOUT, figures, of, recorded, short


@pytest.mark.parametrize(
    ("name", "windows"),
    [
        ("evidently_drifted", [("drift", "bad", 2, 3)]),
        ("evidently_fine", [("drift", "fine", 1, 3)]),
        ("evidently_distances", [("drift", "bad", 2, 3)]),
        ("evidently_quality", [("data_quality", "bad", 1, 5)]),
        ("evidently_nan_quality", [("data_quality", "bad", 1, 1)]),
        ("evidently_classification", [("performance", "bad", 1, 3)]),
        ("evidently_regression", [("performance", "bad", 1, 3)]),
        ("evidently04_drifted", [("drift", "bad", 2, 3)]),
        ("evidently04_tests", [("drift", "bad", 2, 3), ("data_quality", "bad", 2, 3)]),
        ("evidently04_dataset_drift", [("drift", "bad", 1, 1)]),
    ],
)
def test_what_the_real_tool_wrote(name: str, windows: list[Any]) -> None:
    found = evidently.parse(recorded(name), ABOUT)
    assert [short(window) for window in found] == windows
    for window in found:
        assert (window.score or 0) >= 1 if window.verdict is Verdict.BAD else (window.score or 0) <= 1
        assert (window.at, window.monitor, window.source) == (ABOUT.received, "evidently", "evidently")


def test_the_published_sample() -> None:
    (window,) = evidently.parse(contract("signals/evidently.data_drift.json")["body"], ABOUT)
    assert short(window) == ("drift", "bad", 2, 3)
    assert window.message == "2 of 3 are beyond their limits: country, amount"


@pytest.mark.parametrize("name", ["evidently_methods", "evidently_methods_drifted", "evidently_drifted"])
def test_a_verdict_without_tests_is_that_of_evidently_s_own_tests(name: str) -> None:
    """By its method and threshold alone; that is all that a report without tests tells."""
    body = recorded(name)
    said = {test["metric_config"]["metric_id"]: status_of(test["status"]) for test in body["tests"]}
    for metric in body["metrics"]:
        (window,) = evidently.parse({"metrics": [metric]}, ABOUT)
        assert window.verdict is said[metric["id"]], metric["metric_name"]


@pytest.mark.parametrize(
    ("method", "value", "threshold", "verdict"),
    [
        ("K-S p_value", 0.05, 0.05, "bad"),  # <=
        ("chi-square p_value", 0.05, 0.05, "fine"),  # <
        ("PSI", 0.1, 0.1, "bad"),  # >=
        ("psi", 0.0999, 0.1, "fine"),
        ("Energy-distance", 0.1, 0.1, "fine"),  # >
        ("Total-Variation-Distance", 0.01, 0.1, "bad"),  # a p-value, whatever its name
        ("some new p_value", 0.01, 0.1, "bad"),
        ("custom function 'mine'", 0.01, 0.1, "unknown"),
        ("psi", float("nan"), 0.1, "unknown"),
        ("psi", None, 0.1, "unknown"),
        ("psi", 0.3, None, "unknown"),
        (None, 0.3, 0.1, "unknown"),
    ],
)
def test_which_side_of_the_limit_is_drift(method: Any, value: Any, threshold: Any, verdict: str) -> None:
    config = {"type": "evidently:metric_v2:ValueDrift", "column": "a", "method": method, "threshold": threshold}
    (window,) = evidently.parse({"metrics": [{"id": "1", "metric_name": "x", "config": config, "value": value}]}, ABOUT)
    assert window.verdict.value == verdict


def drifted(share: float, limit: float, *values: float) -> dict[str, Any]:
    """A report of columns by PSI, limit 0.1, with the share that the tool itself found."""
    whole = {"type": "evidently:metric_v2:DriftedColumnsCount", "drift_share": limit}
    columns = [
        {"type": "evidently:metric_v2:ValueDrift", "column": f"c{n}", "method": "psi", "threshold": 0.1}
        for n in range(len(values))
    ]
    metrics = [{"id": "w", "metric_name": "w", "config": whole, "value": {"count": 0, "share": share}}]
    return {
        "metrics": metrics
        + [
            {"id": str(n), "metric_name": "m", "config": c, "value": v}
            for n, (c, v) in enumerate(zip(columns, values, strict=True))
        ]
    }


@pytest.mark.parametrize(
    ("share", "limit", "verdict"), [(0.5, 0.5, "bad"), (0.49, 0.5, "fine"), (0.0, 0.5, "fine"), (0.1, 0.1, "bad")]
)
def test_the_share_of_columns_is_the_tool_s_own(share: float, limit: float, verdict: str) -> None:
    (window,) = evidently.parse(drifted(share, limit), ABOUT)
    assert (window.verdict.value, of(window, "", "share of drifted columns").threshold) == (verdict, limit)


@pytest.mark.parametrize(("share", "verdict"), [(None, "fine"), (0.3, "bad"), (0.6, "fine")])
def test_the_sender_may_name_another_share(share: float | None, verdict: str) -> None:
    about = About(model="m", environment="e", share=share)
    (window,) = evidently.parse(drifted(1 / 3, 0.5, 0.3, 0.01, 0.01), about)
    assert window.verdict.value == verdict


def test_the_score_is_of_the_column_on_which_it_turns() -> None:
    (window,) = evidently.parse(drifted(1.0, 0.5, 0.9, 0.4, 0.2, 0.15), ABOUT)
    assert window.score == pytest.approx(4.0)  # the second of four is the one that is needed


def test_old_reports_tell_each_column_s_verdict_themselves() -> None:
    (window,) = evidently.parse(recorded("evidently04_drifted"), ABOUT)
    assert figures(window) == [
        ("country_code", "chi-square p_value", "bad"),
        ("amount", "K-S p_value", "bad"),
        ("age", "K-S p_value", "fine"),
    ]


def test_what_an_old_test_says_is_noted_where_it_did_not_pass() -> None:
    _, quality = evidently.parse(recorded("evidently04_tests"), ABOUT)
    assert {one.method: (one.verdict.value, "missing values" in one.note) for one in quality.readings} == {
        "The Share of Missing Values in a Column": ("bad", True),
        "Share of Missing Values": ("bad", True),
        "Number of Rows": ("fine", False),
    }
    assert quality.readings[-1].note == ""


def test_a_limit_and_its_side_are_read_of_a_test() -> None:
    (window,) = evidently.parse(recorded("evidently_classification"), ABOUT)
    accuracy, f1 = of(window, "", "Accuracy"), of(window, "", "F1Score")
    assert (accuracy.value, accuracy.threshold, accuracy.verdict) == (0.83, 0.9, Verdict.BAD)
    assert accuracy.score == pytest.approx(1 + 0.07 / 0.9)
    assert f1.verdict is Verdict.FINE
    assert of(window, "", "Precision").verdict is Verdict.UNKNOWN


def test_a_failed_test_that_is_not_critical_opens_nothing() -> None:
    body = recorded("evidently_classification")
    for test in body["tests"]:
        test["status"] = "WARNING"
    (window,) = evidently.parse(body, ABOUT)
    assert (window.verdict, window.readings[0].note != "") == (Verdict.FINE, True)


def test_the_first_releases_of_0_7_named_the_column_in_the_id() -> None:
    metric = {"id": "1", "metric_id": "ValueDrift(column=net,amount,method=psi)", "value": 0.4}
    (window,) = evidently.parse({"metrics": [metric], "tests": []}, ABOUT)
    assert (window.readings[0].feature, window.verdict) == ("net,amount", Verdict.UNKNOWN)


def test_a_hundred_thousand_columns_are_bounded() -> None:
    (window,) = evidently.parse(drifted(1.0, 0.5, *([0.2] * 5_000)), ABOUT)
    assert (len(window.readings), window.total, window.bad) == (MOST_READINGS, 5_000, 5_000)
    assert len(window.message) < 200


def test_a_model_that_guesses_is_no_model_of_ours() -> None:
    config = {"type": "evidently:metric_v2:DummyMAE"}
    assert evidently.parse({"metrics": [{"id": "1", "metric_name": "x", "config": config, "value": 3}]}, ABOUT) == ()


@pytest.mark.parametrize("odd", [{}, [], {"metrics": {}}, {"metrics": "x"}, "x", None])
def test_what_is_no_report(odd: object) -> None:
    with pytest.raises(BadBody, match="metrics"):
        evidently.parse(odd, ABOUT)


def test_an_empty_report_tells_nothing() -> None:
    assert evidently.parse({"metrics": [], "tests": []}, ABOUT) == ()


def test_the_model_must_be_named() -> None:
    with pytest.raises(BadBody, match="model and environment are needed"):
        evidently.parse(recorded("evidently_fine"), About())


def test_kinds_are_windows_of_their_own() -> None:
    both = {
        "metrics": [*recorded("evidently_fine")["metrics"], *recorded("evidently_quality")["metrics"]],
        "tests": recorded("evidently_quality")["tests"],
    }
    found = evidently.parse(both, ABOUT)
    assert [(one.kind, one.verdict) for one in found] == [
        (Kind.DRIFT, Verdict.FINE),
        (Kind.DATA_QUALITY, Verdict.BAD),
    ]


def test_its_markdown_is_taken_out_of_what_it_remarks() -> None:
    notes = [one.note for window in evidently.parse(recorded("evidently04_tests"), ABOUT) for one in window.readings]
    assert any("in the column amount is" in note for note in notes)
    assert not any("**" in note for note in notes)
