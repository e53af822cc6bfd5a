"""GitHub's deployment statuses as signals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from bot.domain.signal import Phase
from bot.signals import deployments
from bot.signals.reading import moment
from tests.signals.anything import A, assert_sound, bodies, contract

AT = "2026-01-05T10:00:03Z"


def event(state: str = "success", payload: object = None, **status: object) -> dict[str, Any]:
    told = {"state": state, "description": "42 is up", "environment": "production", "created_at": AT, **status}
    return {"deployment_status": told, "deployment": {"sha": A, "environment": "old", "payload": payload}}


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        ("pending", Phase.SYNCING),
        ("queued", Phase.SYNCING),
        ("in_progress", Phase.PROGRESSING),
        ("success", Phase.HEALTHY),
        ("failure", Phase.FAILED),
        ("error", Phase.FAILED),
    ],
)
def test_state(state: str, phase: Phase) -> None:
    (signal,) = deployments.parse(event(state))
    assert (signal.source, signal.phase, signal.at, signal.revision) == ("github", phase, moment(AT), A)
    assert (signal.application, signal.environment, signal.model) == ("production", "production", None)
    assert signal.message == "42 is up"


@pytest.mark.parametrize(
    "body",
    [
        event("inactive"),
        event("a state of tomorrow"),
        event(created_at="?"),
        {**event(), "deployment": {"sha": "main"}},
        {"deployment": {}},
        None,
        [],
    ],
)
def test_what_tells_nothing(body: object) -> None:
    assert deployments.parse(body) == ()


@pytest.mark.parametrize(
    ("payload", "model", "environment"),
    [
        ({"model": "churn"}, "churn", "production"),
        (json.dumps({"model": "churn", "environment": "prod"}), "churn", "prod"),
        ("", None, "production"),
        ("[" * 100_000, None, "production"),
        ({"model": 7, "environment": ["x"]}, None, "production"),
    ],
    ids=["object", "text", "empty", "deep", "odd"],
)
def test_the_payload_may_name_the_model(payload: object, model: str | None, environment: str) -> None:
    (signal,) = deployments.parse(event(payload=payload))
    assert (signal.model, signal.environment, signal.application) == (model, environment, "production")


def test_githubs_own_example() -> None:
    (signal,) = deployments.parse(contract("github/webhooks/deployment_status.created.json"))
    assert (signal.application, signal.phase) == ("production", Phase.HEALTHY)
    assert signal.revision == "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"


@given(bodies("deployment_status", "deployment", "state", "sha", "environment", "created_at", "payload", "description"))
def test_no_body_is_an_error(body: Any) -> None:
    assert_sound(deployments.parse(body))
