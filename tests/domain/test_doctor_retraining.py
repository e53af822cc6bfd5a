"""Doctor over the policy's rules on retraining: are their secrets there, and meant for these hosts."""

from __future__ import annotations

import pytest

from bot.domain.doctor import State
from bot.domain.doctor.retraining import check_retraining
from bot.domain.policy import Policy, parse_policy
from bot.usecases.doctor_asked import extras, references

POLICY = """\
environments: {production: {}}
retrain:
  fraud: {github: {repo: a/b, workflow: t.yml}}
  ltv: {airflow: {url: 'https://air.example:8443/x', dag: d, token_env: SLACKOPS_RETRAIN_AIR}, by: ['slack:@ml']}
"""


def policy(text: str = POLICY) -> Policy:
    return parse_policy({".slackops.yaml": text.encode()})


def test_one_rule_and_more_are_counted_in_words() -> None:
    rules = dict(policy().retrain)
    known = {"SLACKOPS_RETRAIN_AIR": "s", "SLACKOPS_RETRAIN_AIR_HOSTS": "air.example"}
    [both] = check_retraining(rules, known.get)
    [one] = check_retraining({"fraud": rules["fraud"]}, lambda _name: None)
    assert (both.message, one.message) == ("what 2 rules need is set", "what 1 rule needs is set")


@pytest.mark.parametrize(
    ("hosts", "fine"),
    [
        ("", True),
        ("air.example", True),
        ("other.example, AIR.example:8443", True),
        ("other.example", False),
        ("air.example:443", False),
        ("example", False),
    ],
)
def test_where_a_secret_may_go(hosts: str, fine: bool) -> None:
    known = {"SLACKOPS_RETRAIN_AIR": "s3cret", "SLACKOPS_RETRAIN_AIR_HOSTS": hosts}
    [found] = check_retraining(policy().retrain, known.get)
    assert found.state is (State.OK if fine else State.FAIL)
    assert "s3cret" not in f"{found.message}{found.fix}"


@pytest.mark.parametrize("known", [{}, {"SLACKOPS_RETRAIN_AIR": " "}], ids=["missing", "blank"])
def test_what_is_not_set(known: dict[str, str]) -> None:
    [found] = check_retraining(policy().retrain, known.get)
    assert (found.state, found.message) == (State.FAIL, "ltv: SLACKOPS_RETRAIN_AIR is not set")


def test_no_rules_say_nothing() -> None:
    assert list(check_retraining({}, lambda _: None)) == []


def test_what_else_doctor_looks_at() -> None:
    assert (extras(policy()), references(policy())) == (("actions",), ("slack:@ml",))
    assert extras(policy("environments: {production: {}}\n")) == ()
