"""A value that serves several environments stands under the rules of all of them."""

from __future__ import annotations

import pytest

from bot.domain.policy import Approvals, Target, parse_policy
from bot.domain.policy.approval_rules import Group

POLICY = """
environments:
  dev: {merge: {auto: false}, approvals: {required: 2, requester: true}}
  staging: {approvals: %s}
  production: {approvals: %s, gates: [{metric: auc, threshold: 0.9}], rollback: {approvals: 2, requester: false}}
models: {m: {gates: [{metric: f1, threshold: 0.5}]}}
"""


def judged(staging: str, production: str, asked: str, *shared: str):
    policy = parse_policy({".slackops.yaml": (POLICY % (staging, production)).encode()})
    return policy, policy.judged_by(Target("m", asked, (), shared_with=shared))


@pytest.mark.parametrize("asked", ["staging", "production"])
@pytest.mark.parametrize(
    ("staging", "production", "expected"),
    [
        ("{required: 0}", "{required: 2, from: [github:a/leads]}", Approvals(2, ("github:a/leads",), False)),
        ("{required: 3}", "{required: 1, from: [github:a/leads]}", Approvals(3, ("github:a/leads",), False)),
        ("{required: 1}", "{required: 1, from: [github:a/leads]}", Approvals(1, ("github:a/leads",), False)),
        (
            "{required: 2, from: [github:b]}",
            "{required: 1, from: [github:a]}",
            Approvals(2, ("github:a",), False, rules=(Group(("github:b",), 2),)),
        ),
        ("{required: 0, from: [github:b]}", "{required: 1, from: [github:a]}", Approvals(1, ("github:a",), False)),
        (
            "{required: 1, from: [github:a, github:b]}",
            "{required: 1, from: [github:b, github:c]}",
            Approvals(1, ("github:b",), False),
        ),
        (
            "{required: 1, requester: true}",
            "{required: 1, requester: true}",
            Approvals(1, (), True),
        ),
    ],
)
def test_whichever_is_asked_for_the_same_people_must_approve(staging, production, expected, asked):
    other = "production" if asked == "staging" else "staging"
    _, rules = judged(staging, production, asked, other)
    assert rules.approvals == expected
    assert rules.name == asked


def test_gates_rollback_and_merge_are_those_of_all():
    policy, rules = judged("{}", "{}", "staging", "dev", "production")
    assert [gate.name for gate in policy.gates_of("m", rules)] == [
        gate.name for gate in policy.gates_for("m", "production")
    ]
    assert (rules.rollback.approvals, rules.rollback.requester, rules.merge.auto) == (2, False, False)
    assert rules.approvals.required == 2


def test_a_value_of_its_own_stands_under_its_own_rules():
    policy, rules = judged("{}", "{required: 2}", "staging")
    assert rules == policy.environment("staging")
