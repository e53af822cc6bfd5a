"""Who may do what, by environment and model: the list that is nearest, and both where both have one."""

from __future__ import annotations

import pytest

from bot.domain.policy import Policy, parse_policy
from bot.domain.policy.policy import CLOSED_ROLES

POLICY = """
roles: {promote: ["slack:U0TOP"], admin: ["slack:U0ADMIN"]}
environments:
  staging: {}
  canary: {roles: {promote: ["slack:U0ENV", "slack:U0BOTH"]}}
  production: {roles: {promote: ["slack:U0ENV", "slack:U0BOTH"]}, fan_out: {regions: [eu, us]}}
models:
  plain: {}
  fraud: {roles: {promote: ["slack:U0MODEL", "slack:U0BOTH"]}}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse_policy({".slackops.yaml": POLICY.encode()})


@pytest.mark.parametrize(
    ("environments", "model", "who"),
    [
        ((), None, "TOP"),
        (("staging",), None, "TOP"),
        (("staging",), "plain", "TOP"),
        (("staging",), "unheard-of", "TOP"),
        (("canary",), "plain", "ENV BOTH"),
        (("staging",), "fraud", "MODEL BOTH"),
        ((), "fraud", "MODEL BOTH"),
        (("canary",), "fraud", "BOTH"),
        (("production",), "plain", "ENV BOTH"),
        (("production-eu",), "fraud", "BOTH"),
        (("staging", "canary"), "plain", ""),
    ],
)
def test_the_nearest_list_holds(policy, environments, model, who):
    everybody = ("TOP", "ENV", "MODEL", "BOTH", "NOBODY")
    admitted = [one for one in everybody if policy.may(frozenset({f"slack:U0{one}"}), "promote", environments, model)]
    assert admitted == who.split()


@pytest.mark.parametrize("role", ["promote", "rollback", "freeze", "ban", *sorted(CLOSED_ROLES)])
def test_a_role_that_is_not_written(role):
    policy = parse_policy({".slackops.yaml": b"environments: {staging: {}}"})
    assert policy.may(frozenset({"slack:U0X"}), role, ("staging",), "m") is (role not in CLOSED_ROLES)


@pytest.mark.parametrize("role", ["rollback", *sorted(CLOSED_ROLES)])
def test_a_role_that_is_written_for_one_of_two_environments(role):
    text = f'environments: {{staging: {{roles: {{{role}: ["slack:U0X"]}}}}, production: {{}}}}\nmodels: {{m: {{}}}}'
    policy = parse_policy({".slackops.yaml": text.encode()})
    somebody = frozenset({"slack:U0X"})
    assert policy.may(somebody, role, ("staging",), "m")
    assert policy.may(somebody, role, ("staging", "production"), "m") is (role not in CLOSED_ROLES)


@pytest.mark.parametrize("role", sorted(CLOSED_ROLES))
def test_a_models_own_list_stands_wherever_the_environment_has_none(role):
    text = f'environments: {{staging: {{}}, production: {{}}}}\nmodels: {{m: {{roles: {{{role}: ["slack:U0X"]}}}}}}'
    policy = parse_policy({".slackops.yaml": text.encode()})
    assert policy.may(frozenset({"slack:U0X"}), role, ("staging", "production"), "m")


def test_an_empty_list_admits_nobody():
    policy = parse_policy({".slackops.yaml": b"roles: {promote: []}\nenvironments: {staging: {}}"})
    assert not policy.may(frozenset({"slack:U0X"}), "promote")


def test_rules_of_the_policy_need_no_role(policy):
    free = policy.without_roles()
    assert free.may(frozenset(), "promote", ("canary",), "fraud")
    assert free.environments[1].approvals == policy.environments[1].approvals
