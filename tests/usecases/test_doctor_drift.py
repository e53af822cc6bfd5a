"""Doctor over declared sources and runs of drift."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.domain.doctor import State
from bot.domain.policy import parse_policy
from bot.usecases.doctor_drift import DriftProbes
from tests.fakes.drift_files import FakeDriftFiles
from tests.fakes.metric_runs import FakeMetricRuns

POLICY = """\
version: 1
environments: {production: {}}
models: {fraud: {}}
drift:
  sources:
    - {name: files, type: json, path: '/drift/{model}/*.json'}
    - {name: tracked, type: mlflow, experiment: monitoring, metrics: [a.*], threshold: 1}
  runs:
    - {name: inputs, model: fraud, environment: production, reference: {path: /ref.csv},
       current: {query: SELECT 1, database: SLACKOPS_DRIFT_SCORES}}
"""
NOW = 1_800_000_000.0


def told(policy: str = POLICY, said: Mapping[str, object] | None = None) -> list[tuple[State, str]]:
    said = said or {}
    files, runs = FakeDriftFiles(), FakeMetricRuns()
    for path in ("/drift/fraud/1.json", "/ref.csv"):
        if path != said.get("gone"):
            files.put(path, b"", NOW)
    if said.get("gone") != "monitoring":
        runs.add("monitoring", "r", NOW, {})
    files.away = bool(said.get("away"))
    probes = DriftProbes(files, runs, not said.get("plain"), lambda name: name != said.get("unset"))
    found = probes.findings(parse_policy({".slackops.yaml": policy.encode()}), NOW, [("fraud", "production")])
    return [(one.state, one.message) for one in found]


def test_everything_can_be_reached() -> None:
    assert told() == [(State.OK, "2 sources and 1 runs: what they read can be reached")]


def test_nothing_is_declared() -> None:
    assert told("version: 1\n") == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"gone": "/drift/fraud/1.json"}, "source files: "),
        ({"gone": "monitoring"}, "source tracked: MLflow has no experiment"),
        ({"gone": "/ref.csv"}, "run inputs: /ref.csv cannot be read"),
        ({"unset": "SLACKOPS_DRIFT_SCORES"}, "run inputs: SLACKOPS_DRIFT_SCORES is not set"),
        ({"plain": True}, "nothing here measures"),
    ],
    ids=str,
)
def test_what_is_wrong(said: dict[str, object], words: str) -> None:
    [(state, message)] = told(said=said)
    assert state is State.FAIL
    assert words in message


def test_a_store_that_is_away_is_named_for_each() -> None:
    assert [message for _, message in told(said={"away": True})] == [
        "source files: the store did not answer",
        "run inputs: the store did not answer",
    ]


def test_a_run_for_models_that_nobody_has() -> None:
    wide = POLICY.replace("model: fraud, env", "model: 'frod*', env").replace("SELECT 1", "\"SELECT '{model}'\"")
    assert (State.WARN, "run inputs: no model of the deployment repo is like frod* in production") in told(wide)
    assert told(wide.replace("frod", "fr")) == told()
