"""The plain rollout JSON: what it takes, and what it says of what it does not."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.signal import Phase, Signal
from bot.signals import rollout_json
from bot.signals.reading import BadBody
from tests.signals.anything import A, assert_sound, bodies

NOW = 1000.0
LEAST = {"application": "fleet-default/models", "revision": A, "phase": "healthy"}
FULL = {**LEAST, "message": "3 of 3", "at": "1970-01-01T00:00:09Z", "model": "churn", "environment": "production"}


def test_the_least_is_as_of_now() -> None:
    expected = Signal(source="rollout", application="fleet-default/models", phase=Phase.HEALTHY, at=NOW, revision=A)
    assert rollout_json.parse(LEAST, NOW) == (expected,)


def test_everything() -> None:
    (signal,) = rollout_json.parse(FULL, NOW)
    assert (signal.at, signal.message, signal.model, signal.environment) == (9.0, "3 of 3", "churn", "production")


def test_a_list() -> None:
    found = rollout_json.parse([LEAST, LEAST, {**LEAST, "phase": "degraded"}], NOW)
    assert [signal.phase for signal in found] == [Phase.HEALTHY, Phase.DEGRADED]
    assert rollout_json.parse([], NOW) == ()


@pytest.mark.parametrize("phase", ["alert", "calm"])
def test_an_alert_is_about_a_model_and_not_about_a_commit(phase: str) -> None:
    (signal,) = rollout_json.parse({"application": "x", "phase": phase, "model": "m", "environment": "e"}, NOW)
    assert (signal.phase.value, signal.revision) == (phase, None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**LEAST, "phase": "fine"}, "phase: "),
        ({**LEAST, "revision": "main"}, "revision: "),
        ({**LEAST, "revision": None}, "revision is needed"),
        ({**LEAST, "application": ""}, "application: "),
        ({**LEAST, "application": "a\0b"}, "application: "),
        ({"revision": A, "phase": "healthy"}, "application: "),
        ({**LEAST, "at": "yesterday"}, "at: "),
        ({**LEAST, "at": 7}, "at: "),
        ({**LEAST, "enviroment": "production"}, "enviroment: "),
        ({**LEAST, "phase": "alert"}, "need model and environment"),
        ([LEAST, LEAST, 7], "2: "),
        ([LEAST] * 101, "at most 100"),
        (None, "dictionary"),
        ("x", "dictionary"),
    ],
)
def test_what_is_wrong_is_named(body: object, said: str) -> None:
    with pytest.raises(BadBody, match=said):
        rollout_json.parse(body, NOW)


def test_what_was_sent_is_not_said_again() -> None:
    with pytest.raises(BadBody) as raised:
        rollout_json.parse({**LEAST, "revision": "hunter2"}, NOW)
    assert "hunter2" not in str(raised.value)


KEYS = (*FULL, "x")


@given(
    bodies(*KEYS)
    | st.builds(lambda changed: {**FULL, **changed}, st.dictionaries(st.sampled_from(KEYS), bodies(*KEYS)))
)
def test_no_body_is_another_error(body: Any) -> None:
    with contextlib.suppress(BadBody):
        assert_sound(rollout_json.parse(body, NOW))
