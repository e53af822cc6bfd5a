"""Steps in the policy: what does not fit is told, and a model may go its own way."""

from __future__ import annotations

import pytest

from bot.domain.policy import PolicyInvalid, parse_policy
from tests.usecases.test_ladder_standing import PLAIN, SELDON, SWITCH, policy_of


@pytest.mark.parametrize(
    ("steps", "entry", "more", "words"),
    [
        ("mode: kserve-serverless", PLAIN, "", "percents that rise"),
        ("mode: kserve-serverless, percents: [50, 10, 100]", PLAIN, "", "percents that rise"),
        ("mode: kserve-serverless, percents: [0, 100]", PLAIN, "", "percents that rise"),
        ("mode: kserve-serverless, percents: [10, 50]", PLAIN, "", "percents that rise"),
        ("mode: blue-green, percents: [100]", SWITCH, "", "no percents beside"),
        ("mode: ab, percents: [100]", SELDON, "", "metric beside mode: ab"),
        ("mode: seldon, percents: [100], slots: [a, b]", SELDON, "", "slots, two different names"),
        ("mode: blue-green, slots: [a, a]", SWITCH, "", "slots, two different names"),
        ("mode: linkerd, percents: [100]", PLAIN, "", "one of"),
        ("mode: none", SELDON, "", "role: candidate needs to know"),
        ("mode: seldon, percents: [100]", SELDON.replace("{rest}", "{percent}"), "", "expected {rest} and"),
        ("mode: blue-green", SELDON, "", "mode: blue-green has no place with role: percent"),
        ("mode: kserve-serverless, percents: [100]", PLAIN, "steps: {nowhere: {mode: none}}", "no such environment"),
    ],
)
def test_a_policy_that_does_not_fit(steps: str, entry: str, more: str, words: str) -> None:
    with pytest.raises(PolicyInvalid) as told:
        parse_policy({".slackops.yaml": policy_of(steps, entry, more)})
    assert words in "\n".join(fault.message for fault in told.value.faults)


def test_a_model_may_go_its_own_way() -> None:
    more = "steps: {production: {mode: none}}"
    policy = parse_policy({".slackops.yaml": policy_of("mode: kserve-serverless, percents: [100]", PLAIN, more)})
    assert policy.steps_for("fraud", "production") is None
    assert policy.steps_for("other", "production") is not None


TWICE = """
environments:
  staging: {steps: {mode: seldon, percents: [10, 100]}}
  production: {steps: {mode: seldon, percents: [10, 100]}}
models:
"""
PLACES = """\
        - files: [shared.yaml]
          set:
            - {at: %s.stable, value: "{version}"}
            - {role: candidate, at: %s.candidate, value: "{version}"}
            - {role: percent, at: %s, value: "{percent}"}
            - {role: rest, at: %s.rest, value: "{rest}"}
"""


def _model(name: str, stage: str, key: str, percent: str) -> str:
    return f"  {name}:\n    targets:\n      {stage}:\n" + PLACES % (key, key, percent, key)


@pytest.mark.parametrize(
    ("models", "words"),
    [
        (
            _model("a", "production", "a", "weight") + _model("b", "production", "b", "weight"),
            "percent of a in production",
        ),
        (_model("a", "staging", "a", "weight") + _model("b", "production", "b", "weight"), "percent of a in staging"),
        (_model("a", "production", "a", "a.stable"), "primary of a in production"),
        (_model("a", "production", "a", "a.rest"), "percent of a in production"),
    ],
)
def test_a_place_of_traffic_is_bound_once(models: str, words: str) -> None:
    with pytest.raises(PolicyInvalid) as told:
        parse_policy({".slackops.yaml": (TWICE + models).encode()})
    assert f"is {words} already" in "\n".join(fault.message for fault in told.value.faults)


def test_places_of_their_own_are_fine() -> None:
    models = _model("a", "production", "a", "a.weight") + _model("b", "production", "b", "b.weight")
    assert set(parse_policy({".slackops.yaml": (TWICE + models).encode()}).models) == {"a", "b"}
