"""Digests in the policy: what they are narrowed to, and what is wrong with them."""

from __future__ import annotations

import pytest

from bot.domain.digest_scope import Scope
from bot.domain.policy import Policy, parse_policy
from bot.domain.policy.model_drift import DigestRule
from bot.errors import Refused
from tests.usecases.digest_rig import ANA, BEN, MONDAY, incident

BASE = """\
version: 1
environments:
  staging: {}
  production: {aliases: [prod], fan_out: {regions: [eu, us], first: eu}}
layouts: [{files: ["{model}/{environment}/{region}.yaml"], at: v, value: "{version}"}]
models:
  fraud: {owners: ["slack:U0ANA", "github:acme/Risk"]}
  churn: {}
drift: {digests: [%s]}
"""


def policy(digests: str) -> Policy:
    return parse_policy({".slackops.yaml": (BASE % digests).encode()})


def test_defaults() -> None:
    (rule,) = policy('{cron: "0 9 * * 1-5"}').drift.digests
    assert rule == DigestRule("digest-1", "0 9 * * 1-5", "UTC", "#ml-deploys")


@pytest.mark.parametrize(
    ("digests", "where", "what"),
    [
        ('{name: a, cron: "0 9 * * *"}, {name: a, cron: "0 8 * * *"}', "drift.digests[1].name", "another digest"),
        ('{cron: "0 9 * * *"}, {name: digest-1, cron: "0 8 * * *"}', "drift.digests[1].name", "another digest"),
        ('{name: digest-2, cron: "0 9 * * *"}, {cron: "0 8 * * *"}', "drift.digests[1]", "add a name"),
        ('{cron: "0 9 * * *", environment: prodution}', "drift.digests[0].environment", "did you mean production?"),
        ('{cron: "0 9 * *"}', "drift.digests[0].cron", "cron"),
        ('{cron: "0 9 * * *", timezone: Berlin}', "drift.digests[0].timezone", "time zone"),
        ('{cron: "0 9 * * *", empty: silence}', "drift.digests[0].empty", "line"),
        ("{timezone: UTC}", "drift.digests[0].cron", ""),
    ],
    ids=["twice", "by default", "default twice", "no environment", "four fields", "no zone", "no word", "no cron"],
)  # fmt: skip
def test_what_is_wrong(digests: str, where: str, what: str) -> None:
    with pytest.raises(Refused) as why:
        policy(digests)
    assert where in why.value.message
    assert what in why.value.message


@pytest.mark.parametrize(
    ("narrowed", "model", "environment", "held"),
    [
        ("", "churn", "staging", True),
        ("models: [fr*]", "fraud", "staging", True),
        ("models: [fr*]", "churn", "staging", False),
        ("environment: prod", "churn", "production-us", True),
        ("environment: production", "churn", "production-eu", True),
        ("environment: production-eu", "churn", "production-us", False),
        ("environment: staging", "churn", "production-eu", False),
        ('owner: "slack:U0ANA"', "fraud", "staging", True),
        ('owner: "github:acme/risk"', "fraud", "staging", True),
        ('owner: "slack:U0ANA"', "churn", "staging", False),
    ],
)
def test_scopes(narrowed: str, model: str, environment: str, held: bool) -> None:
    found = policy(f'{{cron: "0 9 * * *"{", " * bool(narrowed)}{narrowed}}}')
    assert Scope(found, found.drift.digests[0]).covers(model, environment) is held


def test_what_somebody_took_on_is_theirs() -> None:
    found = policy('{cron: "0 9 * * *", owner: "slack:U0BEN"}')
    scope = Scope(found, found.drift.digests[0])
    assert scope.covers_incident(incident("churn/staging/drift", MONDAY, owner=BEN))
    assert not scope.covers_incident(incident("churn/staging/drift", MONDAY, owner=ANA))
    assert not scope.covers_incident(incident("churn/elsewhere/drift", MONDAY, owner=BEN))
