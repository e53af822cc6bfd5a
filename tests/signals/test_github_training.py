"""Runs of workflows that have ended, which may be trainings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.signals.github_training import EndedRun, parse
from tests.signals.anything import bodies, contract

RUN = {"id": 289782451, "event": "workflow_dispatch", "run_attempt": 2, "status": "completed"}
BODY: dict[str, Any] = {"action": "completed", "repository": {"full_name": "Acme/fraud"}, "workflow_run": RUN}


def test_a_dispatched_run_that_ended() -> None:
    assert parse("workflow_run", BODY) == EndedRun("Acme/fraud", "289782451", 2)


@pytest.mark.parametrize(
    ("event", "more"),
    [
        ("check_run", {}),
        ("workflow_run", {"action": "requested"}),
        ("workflow_run", {"action": "in_progress"}),
        ("workflow_run", {"workflow_run": {**RUN, "event": "push"}}),
        ("workflow_run", {"workflow_run": {**RUN, "id": True}}),
        ("workflow_run", {"workflow_run": {**RUN, "id": "289782451"}}),
        ("workflow_run", {"workflow_run": {**RUN, "id": -1}}),
        ("workflow_run", {"workflow_run": {**RUN, "id": 10**30}}),
        ("workflow_run", {"workflow_run": None}),
        ("workflow_run", {"repository": {"full_name": "acme"}}),
        ("workflow_run", {"repository": None}),
    ],
)
def test_everything_else_is_none(event: str, more: dict[str, Any]) -> None:
    assert parse(event, BODY | more) is None


def test_the_contracts_run_was_not_dispatched_so() -> None:
    body = contract("github/webhooks/workflow_run.completed.json")
    body = body.get("body", body)
    assert parse("workflow_run", body) is None
    run = {**body["workflow_run"], "event": "workflow_dispatch"}
    assert parse("workflow_run", body | {"workflow_run": run}) == EndedRun("octo-org/octo-repo", "289782451", 1)


@given(bodies("action", "workflow_run", "repository", "full_name", "id", "event", "run_attempt"))
def test_any_body(body: Any) -> None:
    assert parse("workflow_run", body) is None or isinstance(body, dict)
