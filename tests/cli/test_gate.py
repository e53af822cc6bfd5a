"""`slackops gate` as a process: exit codes, the table, JSON, JUnit, and MLflow itself."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import slackops
from tests.support.local_repo import LocalRepo
from tests.support.mlflow_store import MlflowStore, mlflow_template

__all__ = ["mlflow_template"]
POLICY = """\
version: 1
environments:
  production:
    gates: [{metric: auc, against: deployed, max_regression: 1%}, {check: "ci/*"}]
layouts:
  - {files: ["models/{model}/{environment}.yaml"], at: version, value: "{version}"}
"""
GATE = ["name", "state", "observed", "required", "blocks", "url"]
TARGET = ["passed", "model", "version", "environment", "deployed", "gates"]


@pytest.fixture
def repo(tmp_path: Path) -> LocalRepo:
    made = LocalRepo(tmp_path / "repo")
    made.commit({".slackops.yaml": POLICY, "models/fraud/production.yaml": "version: '1'\n"})
    return made


@pytest.fixture
def store(mlflow_template: Path, tmp_path: Path) -> MlflowStore:
    """Fraud 2 is better than 1, and 3 is worse."""
    made = MlflowStore.copy(mlflow_template, tmp_path)
    for auc in (0.9, 0.95, 0.8):
        made.add("fraud", {"auc": auc})
    return made


def gate(repo: LocalRepo, *args: str, **env: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON; the checkout is left alone."""
    before = repo.state()
    told = slackops("gate", *args, "--repo", str(repo.path), "--json", cwd=repo.path.parent, env=env)
    assert repo.state() == before
    assert "Traceback" not in told.stderr
    return told.returncode, json.loads(told.stdout)


def test_versions_that_mlflow_knows(repo: LocalRepo, store: MlflowStore) -> None:
    code, found = gate(repo, "fraud", "v2", "production", MLFLOW_TRACKING_URI=store.uri)
    assert (code, list(found), [list(one) for one in found["gates"]]) == (0, TARGET, [GATE, GATE])
    assert (found["passed"], found["version"], found["deployed"]) == (True, "2", "1")
    assert [one["state"] for one in found["gates"]] == ["pass", "skipped"]
    code, found = gate(repo, "fraud", "3", "production", MLFLOW_TRACKING_URI=store.uri)
    assert (code, found["passed"], found["gates"][0]["state"]) == (1, False, "fail")
    repo.write({"models/fraud/production.yaml": "version: '3'\n"})
    code, found = gate(repo, "--changed", "HEAD", MLFLOW_TRACKING_URI=store.uri)
    assert (code, list(found), [list(one) for one in found["targets"]]) == (1, ["passed", "targets"], [TARGET])


def test_for_people_and_for_ci(repo: LocalRepo, store: MlflowStore, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"auc": 0.5}')
    asked = ["fraud", "new", "production", "--metrics", "m.json", "--repo", "repo", "--junit", "junit.xml"]
    told = slackops("gate", *asked, cwd=tmp_path, env={"MLFLOW_TRACKING_URI": store.uri})
    assert (told.returncode, told.stderr) == (1, "")
    lines = told.stdout.splitlines()
    assert lines[0] == "fraud new, production (deployed: 1)"
    assert lines[1].split() == ["GATE", "STATE", "OBSERVED", "REQUIRED"]
    assert lines[-1].startswith("Not passed: ")
    (suite,) = ET.parse(tmp_path / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "1", "1")
    failed, skipped = suite
    assert (failed[0].tag, skipped[0].tag) == ("failure", "skipped")
    assert "fail: 0.9" in (failed[0].get("message") or "")


def test_nothing_that_moved_passes(repo: LocalRepo) -> None:
    assert gate(repo, "--changed", "HEAD") == (0, {"passed": True, "targets": []})
    assert gate(repo, "--staged") == (0, {"passed": True, "targets": []})


def test_a_refusal_says_why(repo: LocalRepo) -> None:
    code, found = gate(repo, "fraud", "2", "production")
    assert (code, found["passed"], found["reason"]) == (1, False, "registry_unavailable")
    assert "MLFLOW_TRACKING_URI is not set" in found["message"]
    (repo.path / "m.json").write_text('{"auc": 0.5}')
    code, found = gate(repo, "frau", "new", "production", "--metrics", str(repo.path / "m.json"))
    assert (code, found["reason"]) == (1, "unknown_model")


WRONG: dict[str, list[str]] = {
    "nothing": [],
    "no environment": ["fraud", "2"],
    "both": ["fraud", "2", "production", "--changed", "HEAD"],
    "metrics of a version": ["fraud", "2", "production", "--metrics", "good.json"],
    "new without metrics": ["fraud", "new", "production"],
    "a report in no folder": ["fraud", "new", "production", "--metrics", "good.json", "--junit", "none/x.xml"],
    "metrics of many": ["--staged", "--metrics", "good.json"],
    "no such file": ["fraud", "new", "production", "--metrics", "none.json"],
    "no such base": ["--changed", "nowhere"],
    "an option as a base": ["--changed=--all"],
    "no such folder": ["fraud", "2", "production", "--repo", "nowhere"],
    "an odd variable": ["fraud", "2", "production", "--set", "x"],
    "checks with no forge": ["--changed", "HEAD", "--checks", "abc"],
    **{
        name: ["fraud", "new", "production", "--metrics", f"{name}.json"] for name in ("text", "list", "series", "bool")
    },
}
METRICS = {"good": '{"auc": 1}', "text": "auc", "list": "[1]", "series": '{"auc": [1, 2]}', "bool": '{"auc": true}'}


@pytest.mark.parametrize("args", WRONG.values(), ids=WRONG)
def test_wrong_usage_is_exit_2(repo: LocalRepo, args: list[str]) -> None:
    for name, text in METRICS.items():
        (repo.path / f"{name}.json").write_text(text)
    told = slackops("gate", *args, cwd=repo.path)
    assert (told.returncode, told.stdout == "" or "--junit" in args) == (2, True)
    assert told.stderr
    assert "Traceback" not in told.stderr


def test_staged_needs_an_index(tmp_path: Path) -> None:
    (tmp_path / ".slackops.yaml").write_text(POLICY)
    told = slackops("gate", "--staged", cwd=tmp_path)
    assert (told.returncode, "--staged" in told.stderr) == (2, True)


@pytest.mark.parametrize("text", ["1e999", "1" + "0" * 400, "NaN", "-Infinity"], ids=["float", "int", "nan", "inf"])
def test_numbers_that_no_gate_lets_pass(repo: LocalRepo, text: str) -> None:
    (repo.path / "m.json").write_text(f'{{"auc": {text}}}')
    code, found = gate(repo, "fraud", "new", "production", "--metrics", str(repo.path / "m.json"))
    assert (code, found["gates"][0]["state"]) == (1, "unknown")
