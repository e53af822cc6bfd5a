"""`drift.incident` in the policy."""

from __future__ import annotations

import pytest

from bot.domain.policy import PolicyInvalid, parse_policy
from bot.domain.policy.model_drift import IncidentRule


def rule(text: str) -> IncidentRule:
    whole = f"version: 1\nenvironments: {{production: {{}}}}\ndrift: {{incident: {text}}}\n"
    return parse_policy({".slackops.yaml": whole.encode()}).drift.incident


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", IncidentRule((2, 3), (3, 3), 1.5, 3.0, "warn")),
        ("{open: 1 of 1, close: 20 of 20}", IncidentRule((1, 1), (20, 20))),
        ("{worsens: 2, critical: 5, promotions: quorum}", IncidentRule(worsens=2, critical=5, promotions="quorum")),
        ("{promotions: block}", IncidentRule(promotions="block")),
        ("{promotions: ignore}", IncidentRule(promotions="ignore")),
    ],
)
def test_what_it_says(text: str, expected: IncidentRule) -> None:
    assert rule(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{open: 3 of 2}", "drift.incident.open: found '3 of 2'; expected a share such as 2 of 3"),
        ("{open: 0 of 2}", "expected a share such as 2 of 3"),
        ("{close: 3 of 21}", "drift.incident.close: found '3 of 21'; expected a share of at most 20 windows"),
        ("{open: 2}", "drift.incident.open"),
        ("{worsens: 1}", "drift.incident.worsens"),
        ("{worsens: .inf}", "drift.incident.worsens"),
        ("{critical: .nan}", "drift.incident.critical"),
        ("{critical: 0.5}", "drift.incident.critical"),
        ("{promotions: maybe}", "drift.incident.promotions"),
        ("{opens: 2 of 3}", "drift.incident.opens"),
    ],
)
def test_what_is_no_rule(text: str, words: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        rule(text)
    assert words in str(caught.value)
