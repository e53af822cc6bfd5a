"""`slackops check PATH`: what it prints, what scripts get, and its exit code."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.running import ROOT, slackops
from tests.support.local_repo import LocalRepo
from tests.usecases.fleet_files import FILES


@pytest.fixture
def repo(tmp_path: Path) -> LocalRepo:
    made = LocalRepo(tmp_path / "repo")
    made.commit(FILES)
    return made


def test_a_sound_checkout_is_a_table_and_exit_0(repo: LocalRepo) -> None:
    before = repo.state()
    told = slackops("check", str(repo.path), cwd=repo.path)
    assert (told.returncode, told.stderr) == (0, "")
    assert [line.split() for line in told.stdout.splitlines()] == [
        ["MODEL", "ENVIRONMENT", "VERSION", "STATE", "WHERE"],
        ["churn", "production", "model", "m-churn-1", "pinned", "churn.yaml:1"],
        ["fraud", "staging", "41", "pinned", "models/fraud/staging.yaml:2"],
        ["fraud", "production", "40", "pinned", "models/fraud/production.yaml:1"],
        ["ltv", "production", "v5", "pinned", "ltv.yaml:2"],
        ["twins", "staging", "7", "pinned", "twins-a.yaml:1"],
        *(line.split() for line in told.stdout.splitlines()[6:]),
    ]
    groups = [line for line in told.stdout.splitlines() if line.startswith("approvers of production: ")]
    assert groups[0].startswith("approvers of production: slack:S0LEADS: not resolved here: SLACK_BOT_TOKEN is not set")
    assert groups[2].startswith("approvers of production: github:acme/ml-leads: not resolved here: ")
    assert groups[3] == "approvers of production: slack:U0BEN"
    assert repo.state() == before


def test_for_scripts_it_is_a_list(repo: LocalRepo) -> None:
    repo.write({"ltv.yaml": "image: {tag: v6}\n"})  # not committed: what counts is what is on disk
    told = slackops("check", ".", "--json", cwd=repo.path)
    assert (told.returncode, told.stderr) == (0, "")
    lines = json.loads(told.stdout)
    assert lines[0] == {
        "model": "churn",
        "environment": "production",
        "state": "pinned",
        "version": None,
        "variables": {"experiment_id": "1", "model_id": "m-churn-1"},
        "raw": "s3://mlflow/1/models/m-churn-1/artifacts",
        "file": "churn.yaml",
        "line": 1,
    }
    assert [(line["model"], line["environment"], line["version"]) for line in lines[1:]] == [
        ("fraud", "staging", "41"),
        ("fraud", "production", "40"),
        ("ltv", "production", "v6"),
        ("twins", "staging", "7"),
    ]


def test_a_target_that_is_mixed_is_a_fault(repo: LocalRepo) -> None:
    repo.write({"twins-b.yaml": "version: '8'\n"})
    told = slackops("check", ".", cwd=repo.path)
    assert told.returncode == 1
    assert "twins-a.yaml:1: twins in staging: twins-a.yaml:1 says version 7, twins-b.yaml:1 says '8'" in told.stdout
    assert told.stderr == "5 targets, 1 fault\n"
    lines = json.loads(slackops("check", ".", "--json", cwd=repo.path).stdout)
    assert [line["state"] for line in lines] == ["pinned", "pinned", "pinned", "pinned", "mixed"]


@pytest.mark.parametrize("json_too", [False, True], ids=["text", "json"])
def test_a_policy_that_cannot_be_used_tells_every_fault_with_its_line(repo: LocalRepo, json_too: bool) -> None:
    repo.write({".slackops.yaml": "version: 1\nenvironments:\n  staging: {aprovals: 1}\n  a b: {}\n"})
    told = slackops("check", ".", *(["--json"] if json_too else []), cwd=repo.path)
    assert told.returncode == 1
    if json_too:
        faults = json.loads(told.stdout)["faults"]
        assert [(f["file"], f["line"], f["key"]) for f in faults] == [
            (".slackops.yaml", 3, "environments.staging.aprovals"),
            (".slackops.yaml", 4, "environments.a b"),
        ]
        assert all(fault["message"] for fault in faults)
        assert told.stderr == ""
    else:
        first, second = told.stdout.splitlines()
        assert first.startswith(".slackops.yaml:3: environments.staging.aprovals: unknown key; did you mean approvals?")
        assert second.startswith(".slackops.yaml:4: environments.a b: ")
        assert told.stderr == "2 faults in the policy\n"


def test_no_policy_is_exit_1_too(tmp_path: Path) -> None:
    told = slackops("check", str(tmp_path), "--json", cwd=tmp_path)
    assert told.returncode == 1
    (fault,) = json.loads(told.stdout)["faults"]
    assert (fault["file"], fault["line"]) == (".slackops.yaml", 0)


@pytest.mark.parametrize("args", [["check"], ["check", "absent"], ["check", "file"], ["check", ".", "--nope"]])
def test_wrong_usage_is_exit_2(tmp_path: Path, args: list[str]) -> None:
    (tmp_path / "file").touch()
    assert slackops(*args, cwd=tmp_path).returncode == 2


def test_what_git_will_not_read_is_one_clear_line(repo: LocalRepo) -> None:
    (repo.path / ".git" / "config").write_text("[broken\n")
    told = slackops("check", ".", cwd=repo.path)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith(f"Git cannot read {repo.path}: ")
    assert "Traceback" not in told.stderr


def test_text_that_a_terminal_would_obey_is_written_out(repo: LocalRepo) -> None:
    repo.write({"churn.yaml": 'uri: "\\e[2Jgone\\nMODEL"\n'})
    told = slackops("check", ".", cwd=repo.path)
    assert "\x1b" not in told.stdout
    assert "\\x1b[2Jgone\\nMODEL" in told.stdout


def test_the_example_repo_is_sound() -> None:
    told = slackops("check", "deploy/example-repo", "--json", cwd=ROOT)
    assert (told.returncode, told.stderr) == (0, "")
    assert {line["state"] for line in json.loads(told.stdout)} == {"pinned"}
    assert {line["model"] for line in json.loads(told.stdout)} == {"fraud-detector", "churn", "ltv", "recommender"}


def test_ids_are_named_by_a_registry_that_is_configured(repo: LocalRepo) -> None:
    """One that does not answer costs a moment, not the check."""
    env = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9", "SLACKOPS_REGISTRY_TIMEOUT": "1", **dict(os.environ)}
    told = slackops("check", ".", "--json", cwd=repo.path, env=env)
    assert (told.returncode, json.loads(told.stdout)[0]["version"]) == (0, None)
