"""GitHub's webhooks about CI, parsed: which commit to look at, and never an error whatever the body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import LookCi
from bot.signals import github_ci
from tests.signals.test_github import CONTRACTS, JSON, SHA

REPO = {"repository": {"full_name": "acme/x"}}
LOOK = LookCi(repo="acme/x", sha=SHA)


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("check_run", {"action": "completed", "check_run": {"head_sha": SHA}}, LOOK),
        ("check_run", {"action": "created", "check_run": {"head_sha": SHA}}, None),
        ("check_run", {"action": "completed", "check_run": {"head_sha": "main"}}, None),
        ("check_suite", {"action": "completed", "check_suite": {"head_sha": SHA}}, LOOK),
        ("check_suite", {"action": "requested", "check_suite": {"head_sha": SHA}}, None),
        ("workflow_run", {"action": "completed", "workflow_run": {"head_sha": SHA}}, LOOK),
        ("workflow_run", {"action": "in_progress", "workflow_run": {"head_sha": SHA}}, None),
        ("status", {"state": "error", "sha": SHA, "context": "ci/x"}, LOOK),
        ("status", {"state": "pending", "sha": SHA, "context": "ci/x"}, None),
        ("status", {"state": "failure", "sha": SHA, "context": "slackops/gates"}, None),
        ("push", {"after": SHA}, None),
    ],
)
def test_parse(event: str, payload: dict[str, Any], expected: LookCi | None) -> None:
    assert github_ci.parse(event, payload | REPO) == expected


@pytest.mark.parametrize("name", ["", "x", "../etc/passwd", "a/b/c", "a/" + "b" * 101, "a b/c", 7, None])
def test_a_repository_with_no_such_name(name: object) -> None:
    payload = {"action": "completed", "check_run": {"head_sha": SHA}, "repository": {"full_name": name}}
    assert github_ci.parse("check_run", payload) is None


@given(st.sampled_from(["check_run", "check_suite", "workflow_run", "status", "x"]), JSON)
def test_no_body_is_an_error(event: str, payload: Any) -> None:
    assert github_ci.parse(event, payload) is None or isinstance(github_ci.parse(event, payload), LookCi)


@pytest.mark.parametrize("name", ["check_run.completed", "check_suite.completed", "status", "workflow_run.completed"])
def test_githubs_own_examples(name: str) -> None:
    path = CONTRACTS / "github" / "webhooks" / f"{name}.json"
    if not path.exists():
        pytest.skip("contracts: set SLACKOPS_CONTRACTS to the folder to run this")
    payload = json.loads(path.read_text())
    found = github_ci.parse(name.partition(".")[0], payload)
    assert found is not None
    assert found.repo == payload["repository"]["full_name"]
