"""`slackops test PATH`: one line a case, exit codes, JSON and JUnit."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.running import slackops

POLICY = "environments: {staging: {}, production: {approvals: {required: 1}}}\nmodels: {fraud: {}}\n"
CASES = """given: {model: fraud, version: 2, environment: production}
cases:
- {name: waits for somebody, expect: {merge: waits, missing: 1}}
- {name: merges alone, given: {environment: staging}, expect: {merge: yes}}
"""
LIE = "- {name: merges with nobody, expect: {merge: yes}}\n"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A folder with a policy and tests of it."""
    folder = tmp_path / ".slackops" / "tests"
    folder.mkdir(parents=True)
    (tmp_path / ".slackops.yaml").write_text(POLICY)
    (folder / "all.yaml").write_text(CASES)
    return tmp_path


def test_every_case_has_a_line_and_the_exit_code_is_0(repo: Path) -> None:
    told = slackops("test", str(repo), cwd=repo)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines() == [
        "ok    .slackops/tests/all.yaml:3  waits for somebody",
        "ok    .slackops/tests/all.yaml:4  merges alone",
        "2 cases, none failed",
    ]


def test_a_case_that_fails_says_what_came_instead(repo: Path) -> None:
    (repo / ".slackops" / "tests" / "all.yaml").write_text(CASES + LIE)
    report = repo / "junit.xml"
    told = slackops("test", str(repo), "--junit", str(report), cwd=repo)
    assert told.returncode == 1
    assert "FAIL  .slackops/tests/all.yaml:5  merges with nobody" in told.stdout
    assert "      merge: expected yes, got waits" in told.stdout
    (suite,) = ET.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [case.get("name") for case in suite if case.find("failure") is not None] == ["merges with nobody"]


def test_json_is_for_scripts(repo: Path) -> None:
    (repo / ".slackops" / "tests" / "all.yaml").write_text(CASES + LIE)
    told = slackops("test", str(repo), "--json", cwd=repo)
    assert told.returncode == 1
    cases = json.loads(told.stdout)["cases"]
    assert [case["passed"] for case in cases] == [True, True, False]
    assert cases[2]["differences"] == [{"key": "merge", "expected": "yes", "got": "waits"}]


@pytest.mark.parametrize(
    ("tests", "policy", "code", "words"),
    [
        pytest.param("cases:\n- nam: x", POLICY, 2, "all.yaml:2: cases[0].nam: unknown key", id="unknown key"),
        pytest.param(None, POLICY, 2, "there are no tests", id="no tests"),
        pytest.param(CASES, "enviroments: {}", 1, "did you mean environments?", id="the policy is not valid"),
    ],
)
def test_what_cannot_be_run_is_no_success(repo: Path, tests: str | None, policy: str, code: int, words: str) -> None:
    file = repo / ".slackops" / "tests" / "all.yaml"
    file.unlink() if tests is None else file.write_text(tests)
    (repo / ".slackops.yaml").write_text(policy)
    told = slackops("test", str(repo), cwd=repo)
    assert told.returncode == code
    assert words in told.stderr
    assert "faults" in json.loads(slackops("test", str(repo), "--json", cwd=repo).stdout)


def test_wrong_usage_is_2(repo: Path) -> None:
    assert slackops("test", str(repo / "nowhere"), cwd=repo).returncode == 2
