"""Rules that propose by themselves: which are refused, and where they go."""

from __future__ import annotations

import pytest

from bot.domain.policy import ProposeRule, parse_policy
from bot.errors import Refused

POLICY = """\
version: 1
environments:
  staging: {{}}
  production: {{aliases: [prod], fan_out: {{regions: [eu, us], first: us}}}}
layouts:
  - {{files: ["{{model}}/{{environment}}/{{region}}.yaml"], at: uri, value: "s3://{{version}}"}}
propose: [{rule}]
"""


def parsed(rule: str) -> tuple[ProposeRule, ...]:
    return parse_policy({".slackops.yaml": POLICY.format(rule=rule).encode()}).propose


@pytest.mark.parametrize("to", ["staging", "production", "prod", "production-eu"])
def test_where_a_rule_may_go(to: str) -> None:
    assert parsed(f"{{on: version, to: {to}}}") == (ProposeRule("version", to),)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{on: version, to: stagin}", "did you mean staging"),
        ("{on: alias, to: staging}", "alias beside `on: alias`"),
        ("{on: version, alias: a, to: staging}", "alias beside `on: alias`"),
        ("{on: tag, to: staging}", "tag beside `on: tag`"),
        ("{on: alias, alias: a, equals: b, to: staging}", "equals only beside `on: tag`"),
    ],
    ids=range(5),
)
def test_what_is_refused(rule: str, words: str) -> None:
    with pytest.raises(Refused, match="propose") as refused:
        parsed(rule)
    assert words in f"{refused.value.message} {refused.value.unblock}"
