"""The rules for Prometheus: an alert that one of them fires becomes a window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.drifting.windows import Kind
from bot.signals import alert_windows
from tests.signals.test_alertmanager import alert, body

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
FILES = sorted(FOLDER.glob("*.rules.yaml"))
RULES = [
    (f"{path.name.partition('.')[0]}-{rule['alert']}", rule)
    for path in FILES
    for group in yaml.safe_load(path.read_text())["groups"]
    for rule in group["rules"]
]


def test_both_servers_have_rules() -> None:
    assert {name.partition("-")[0] for name, _ in RULES} == {"kserve", "seldon"}
    assert {rule["labels"]["slackops_kind"] for _, rule in RULES} == {Kind.SERVICE, Kind.DRIFT}


@pytest.mark.parametrize("rule", [rule for _, rule in RULES], ids=[name for name, _ in RULES])
def test_a_rule_makes_a_window(rule: dict[str, Any]) -> None:
    limit = re.search(r"> ([0-9.]+)\s*$", rule["expr"])
    assert limit is not None
    assert limit[1] == rule["annotations"]["threshold"]
    assert rule["for"] != ""
    assert rule["expr"].count("(") == rule["expr"].count(")")
    said = {**rule["annotations"], "value": str(2 * float(limit[1])), "summary": "s"}
    labels = {"alertname": rule["alert"], "model": "churn", "environment": "production", **rule["labels"]}
    (window,) = alert_windows.windows(body(alert(labels=labels, annotations=said)))
    assert window.kind.value == rule["labels"]["slackops_kind"]
    assert window.score == pytest.approx(2.0)


@pytest.mark.parametrize("rule", [rule for _, rule in RULES], ids=[name for name, _ in RULES])
def test_it_names_model_and_environment_and_no_figure_is_a_label(rule: dict[str, Any]) -> None:
    named = re.findall(r'"(\w+)", "[\w ]*\$1"', rule["expr"])
    grouped = re.findall(r"by \(([^)]*)\)", rule["expr"])
    assert {"model", "environment"} <= {*named, *(word for words in grouped for word in words.split(", "))}
    assert "$value" not in str(rule["labels"])
