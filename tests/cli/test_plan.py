"""`slackops plan`: what would happen, for people and for scripts, by exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import slackops
from tests.support.local_repo import LocalRepo
from tests.usecases.fleet_files import FILES

KEYS = [
    *("decision", "reason", "message", "unblock", "from", "to", "digest", "edits", "diff", "gates", "approvals"),
    "next_window",
    "comparison",
]


@pytest.fixture
def repo(tmp_path: Path) -> LocalRepo:
    made = LocalRepo(tmp_path / "repo")
    made.commit(FILES)
    made.commit({"ltv.yaml": "image:\n  tag: v6\n"})
    return made


def plan(repo: LocalRepo, *args: str, **env: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON; the checkout is left alone."""
    before = repo.state()
    told = slackops("plan", *args, "--repo", str(repo.path), "--json", cwd=repo.path.parent, env=env)
    assert told.stderr == ""
    assert repo.state() == before
    found = json.loads(told.stdout)
    assert list(found) == KEYS
    assert list(found["approvals"]) == ["required", "eligible"]
    return told.returncode, found


def test_a_promotion_that_would_be_proposed_is_exit_0(repo: LocalRepo) -> None:
    code, found = plan(repo, "promote", "fraud", "v42", "prod", "--offline")
    assert (code, found["decision"], found["from"], found["to"]) == (0, "propose", "40", "42")
    (edit,) = found["edits"]
    assert list(edit) == ["file", "line", "old", "new"]
    assert '+uri: "s3://models/fraud/42"  # pinned' in found["diff"].splitlines()
    assert [list(gate) for gate in found["gates"]] == [["name", "state", "observed", "required"]] * 2
    assert found["approvals"]["required"] == 2
    assert plan(repo, "promote", "fraud", "42", "production", "--offline")[1]["digest"] == found["digest"]


def test_variables_are_given_by_hand(repo: LocalRepo) -> None:
    given = ("--set", "model_id=m-churn-2", "--set", "experiment_id=1")
    code, found = plan(repo, "promote", "churn", "2", "production", "--offline", *given)
    assert (code, found["edits"][0]["new"]) == (0, "s3://mlflow/1/models/m-churn-2/artifacts")


def test_a_rollback_reads_the_history_of_the_checkout(repo: LocalRepo) -> None:
    code, found = plan(repo, "rollback", "ltv", "production")
    assert (code, found["from"], found["to"], found["approvals"]["required"]) == (0, "v6", "v5", 1)
    code, found = plan(repo, "rollback", "fraud", "production", "--offline")
    assert (code, found["reason"]) == (1, "no_earlier_version")


def test_a_shallow_clone_is_told_what_it_lacks(repo: LocalRepo, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    told = slackops("plan", "rollback", "ltv", "production", "--repo", "shallow", "--json", cwd=tmp_path)
    assert told.returncode == 1
    assert "git fetch --unshallow" in json.loads(told.stdout)["unblock"]


REFUSALS: dict[str, tuple[list[str], str]] = {
    "unknown model": (["promote", "frau", "2", "production", "--offline"], "unknown_model"),
    "unknown environment": (["promote", "fraud", "2", "prd", "--offline"], "unknown_environment"),
    "no target": (["promote", "churn", "2", "staging", "--offline"], "no_target"),
    "a variable is missing": (["promote", "churn", "2", "production", "--offline"], "unknown_version"),
    "latest": (["promote", "fraud", "latest", "production", "--offline"], "latest_refused"),
    "deployed": (["promote", "fraud", "40", "production", "--offline"], "already_deployed"),
    "no registry": (["promote", "fraud", "42", "production"], "registry_unavailable"),
    "no pin": (["unpin", "fraud", "production", "--offline"], "not_pinned"),
    "never there": (["rollback", "ltv", "production", "--to", "9", "--offline"], "no_earlier_version"),
}


@pytest.mark.parametrize(("args", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_exit_1_with_its_code(repo: LocalRepo, args: list[str], reason: str) -> None:
    code, found = plan(repo, *args)
    assert (code, found["decision"], found["reason"]) == (1, "refuse", reason)
    assert found["message"]


def test_a_registry_that_is_not_configured_names_offline(repo: LocalRepo) -> None:
    _, found = plan(repo, "promote", "fraud", "42", "production")
    assert "MLFLOW_TRACKING_URI is not set" in found["message"]
    assert "--offline" in found["unblock"]
    _, found = plan(
        repo,
        *("promote", "fraud", "42", "staging"),
        MLFLOW_TRACKING_URI="http://127.0.0.1:9",
        SLACKOPS_REGISTRY_TIMEOUT="1",
    )
    assert found["reason"] == "registry_unavailable"


@pytest.mark.parametrize(
    "args",
    [
        ["plan"],
        ["plan", "promote", "fraud"],
        ["plan", "promote", "fraud", "2", "production", "extra"],
        ["plan", "promote", "fraud", "2", "--repo", "absent"],
        ["plan", "promote", "fraud", "2", "--offline", "--set", "build"],
        ["plan", "promote", "fraud", "2", "--offline", "--set", "build="],
        ["plan", "promote", "fraud", "2", "--offline", "--set", "version=3"],
        ["plan", "promote", "fraud", "2", "--offline", "--set", "a=1", "--set", "a=2"],
        ["plan", "rollback", "fraud"],
        ["plan", "nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(tmp_path: Path, args: list[str]) -> None:
    told = slackops(*args, cwd=tmp_path)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr


def test_for_people_it_says_what_would_change(repo: LocalRepo) -> None:
    told = slackops("plan", "promote", "fraud", "42", "production", "--offline", cwd=repo.path)
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == "Would propose: fraud 40→42, production."
    assert "models/fraud/production.yaml:1: s3://models/fraud/40 → s3://models/fraud/42" in lines
    assert '+uri: "s3://models/fraud/42"  # pinned' in lines
    assert ["roc_auc", "unknown", "not", "evaluated", "offline", "at", "least", "0.9"] in [one.split() for one in lines]
    assert lines[-1].startswith("Approvals: 2 from slack:S0LEADS, ")

    refused = slackops("plan", "promote", "fraud", "40", "production", "--offline", cwd=repo.path)
    assert refused.returncode == 1
    assert refused.stdout.splitlines()[0].endswith("[already_deployed]")
