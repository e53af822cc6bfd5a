"""Which parser a body goes to, the envelope, and bodies that nobody would send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from bot.domain.drifting.windows import MOST_READINGS, Kind, Window
from bot.domain.signal import MESSAGE_LIMIT
from bot.signals import drift
from bot.signals.drift import PARSERS, About
from bot.signals.reading import BadBody, moment
from tests.signals.anything import bodies
from tests.signals.drift.recorded_reports import ABOUT, NAMES, recorded

NAMED = {parser.name for parser in PARSERS}
KEYS = (
    *("metrics", "tests", "columns", "data", "report", "metric", "result", "config", "value", "status", "group"),
    *("parameters", "algorithm", "pvalue", "model", "environment", "features", "verdict", "threshold", "amount"),
)


@pytest.mark.parametrize("name", NAMES)
def test_the_shape_tells_the_tool(name: str) -> None:
    body, tool = recorded(name), name.partition("_")[0].removesuffix("04")
    assert [parser.name for parser in PARSERS if parser.looks(body)] == [tool]
    assert drift.parse("", body, ABOUT) == drift.parse(tool, body, ABOUT)


@pytest.mark.parametrize("name", NAMES)
def test_an_envelope_says_what_a_report_is_about(name: str) -> None:
    said = {"model": "ltv", "environment": "staging", "monitor": "nightly", "at": "2026-01-05T10:00:00Z"}
    found = drift.parse("", {**said, "version": "7", "report": recorded(name)}, About(model="other", received=1.0))
    assert {(one.model, one.environment, one.monitor, one.version) for one in found} == {
        ("ltv", "staging", "nightly", "7")
    }
    if not name.startswith("nannyml"):  # its chunks tell when they ended
        assert {one.at for one in found} == {moment("2026-01-05T10:00:00Z")}


@pytest.mark.parametrize(
    ("source", "body", "words"),
    [
        ("", {"report": {}, "modle": "m"}, "modle: Extra inputs"),
        ("", {"report": {}, "source": "grafana"}, "source: "),
        ("", {"report": {}, "source": "evidently"}, "evidently: a report"),
        ("", {"report": {"metrics": []}, "share": 2}, "share: "),
        ("", {"report": {"metrics": []}, "share": True}, "share: "),
        ("", {"report": None}, "valid dictionary"),
        ("grafana", {}, "source: one of evidently, nannyml, whylogs, json is needed"),
        ("whylogs", {"metrics": []}, "whylogs: "),
        ("", {"anything": 1}, "anything: Extra inputs"),
        ("", "text", "valid dictionary"),
    ],
)
def test_what_is_wrong_is_named(source: str, body: Any, words: str) -> None:
    with pytest.raises(BadBody, match=words):
        drift.parse(source, body, ABOUT)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 200_000, b'{"a":' * 200_000, b"9" * 5_000])
def test_what_is_no_json(raw: bytes) -> None:
    with pytest.raises(BadBody, match="no JSON"):
        drift.read(raw, drift.given({}), 1.0)


def test_a_truncated_report_is_no_json() -> None:
    raw = json.dumps(recorded("evidently_drifted")).encode()
    for end in range(0, len(raw), 97):
        with pytest.raises(BadBody):
            drift.read(raw[:end], drift.given({"model": "m", "environment": "e"}), 1.0)


def test_parameters_of_the_url_are_text() -> None:
    said = {"source": "whylogs", "model": "m", "environment": "e", "share": "0.9", "kind": "data_quality"}
    (window,) = drift.read(json.dumps(recorded("whylogs_drifted")).encode(), drift.given(said), 5.0)
    assert (window.kind, window.at) == (Kind.DATA_QUALITY, 5.0)


@pytest.mark.parametrize("said", [{"modle": "x"}, {"share": "much"}, {"at": "now"}, {"kind": "health"}, {"url": "x"}])
def test_wrong_parameters_are_named(said: dict[str, str]) -> None:
    with pytest.raises(BadBody, match=f"^{next(iter(said))}: "):
        drift.given(said)


def assert_sound(windows: tuple[Window, ...]) -> None:
    """What every window holds to, whatever it was made of: it can be stored, and is bounded."""
    for window in windows:
        assert Window.model_validate_json(window.model_dump_json()) == window
        assert len(window.readings) <= MOST_READINGS
        assert len(window.message) <= MESSAGE_LIMIT
        assert "\0" not in window.model_dump_json()
        assert window.bad <= window.total


@settings(max_examples=150)
@given_by(bodies(*KEYS), st.sampled_from(["", *sorted(NAMED)]))
def test_no_body_is_an_error(odd: Any, source: str) -> None:
    columns, row = [["chunk", "period"], ["a", "value"], ["a", "alert"]], ["analysis", odd, True]
    shaped = [
        odd,
        {"metrics": odd, "tests": odd},
        {"metrics": [{"id": "1", "metric_name": odd, "config": odd, "value": odd}], "tests": [odd]},
        {"metrics": [{"metric": "DataDriftTable", "result": {"drift_by_columns": odd}}, odd]},
        {"tests": [{"status": odd, "group": "data_drift", "name": odd, "parameters": odd}]},
        {"columns": columns, "data": [row, odd]},
        {"amount": {"algorithm": odd, "pvalue": odd, "statistic": odd, "thresholds": odd, "drift_category": odd}},
        {"features": odd, "verdict": odd},
        {"report": odd, "model": odd},
    ]
    for body in shaped:
        try:
            assert_sound(drift.parse(source, body, ABOUT))
        except BadBody as why:
            assert 0 < len(str(why)) < 400
