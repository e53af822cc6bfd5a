"""`slackops test`: what is given decides, by the functions of the bot; what is expected is compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.policy import parse_policy
from bot.domain.policy_case import Expect
from bot.domain.policy_case_files import PolicyCase, parse_cases
from bot.domain.policy_expect import Found, differences
from bot.usecases.policy_tests import Result, run_case

POLICY = parse_policy(
    {
        ".slackops.yaml": b"""
version: 1
roles: {promote: ["github:acme/team", "slack:U0ANA"]}
environments:
  staging: {rollout: {engine: argocd}}
  production:
    aliases: [prod]
    after: {environment: staging, soak: 24h}
    windows: [{allow: "Mon-Fri 09:00-16:00"}, {deny: 2026-12-20/2027-01-02, reason: holidays}]
    approvals: {required: 2, from: ["github:acme/leads", "slack:@leads", "slack:U0EVE"]}
    rollback: {approvals: 1, requester: true}
    gates:
      - {metric: auc, threshold: 0.9}
      - {metric: loss, against: deployed, max_regression: 1%, mode: warn}
      - {check: "ci/*"}
  manual: {merge: {auto: false}}
layouts:
  - files: ["models/{model}/{environment}.yaml"]
    set: [{at: version, value: "{version}"}]
models: {fraud: {primary_metric: auc}}
"""
    }
)
PEOPLE = {"ana": "U0ANA", "ben": "U0BEN", "chloe": "U0CHLOE", "dan": "U0DAN"}
GROUPS = {"github:acme/leads": ["ben"], "slack:@leads": ["U0CHLOE", "dan"], "github:acme/team": ["ana", "ben"]}
READY: dict[str, Any] = {
    "model": "fraud",
    "version": 42,
    "environment": "prod",
    "by": "ana",
    "now": "2026-01-07T12:00Z",
    "deployed": {"version": 41, "metrics": {"loss": 0.5}},
    "candidate": {"metrics": {"auc": 0.95, "loss": 0.4}},
    "checks": {"ci/build": "success"},
    "soak": {"staging": {"for": "30h"}},
    "reviews": [{"by": "ben"}, {"by": "chloe"}],
}


def run(more: Mapping[str, Any] | None = None, **expect: Any) -> Result:
    """One case on top of one in which everything is in place."""
    said = {"people": PEOPLE, "groups": GROUPS, "given": READY}
    said["cases"] = [{"name": "it", "given": dict(more or {}), "expect": expect or {"decision": "propose"}}]
    (case,), faults = parse_cases({".slackops/tests/x.yaml": yaml.safe_dump(said).encode()})
    assert faults == ()
    return run_case(POLICY, case, lambda _: True)


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "everything is in place": ({}, {"decision": "propose", "merge": "yes", "approvals": 2, "missing": 0}),
    "a metric fails": ({"candidate": {"metrics": {"auc": 0.8}}}, {"merge": "no", "blocking": "auc"}),
    "a metric is not known": ({"candidate": {"unclear": ["auc"]}}, {"merge": "waits", "gates": {"auc": "unknown"}}),
    "the registry is silent": ({"candidate": None}, {"decision": "propose", "merge": "waits", "blocking": "auc"}),
    "a warning blocks nothing": (
        {"candidate": {"metrics": {"auc": 0.95, "loss": 0.9}}},
        {"merge": "yes", "gates": {"loss against deployed": "fail"}},
    ),
    "a check runs": ({"checks": {"ci/build": "pending"}}, {"merge": "waits", "gates": {"check ci/*": "unknown"}}),
    "a check failed": ({"checks": {"ci/build": "failure"}}, {"merge": "no", "blocking": "check ci/*"}),
    "too fresh in staging": (
        {"soak": {"staging": {"for": "23h"}}},
        {"merge": "waits", "gates": {"soak staging": "unknown"}},
    ),
    "never in staging": ({"soak": {}}, {"merge": "no"}),
    "rolled back in staging": ({"soak": {"staging": {"for": "30h", "rolled_back": True}}}, {"merge": "no"}),
    "ill in staging": ({"soak": {"staging": {"for": "30h", "healthy": False}}}, {"merge": "no"}),
    "nobody approved": ({"reviews": []}, {"merge": "waits", "missing": 2, "counts": []}),
    "one of two": ({"reviews": [{"by": "dan"}]}, {"merge": "waits", "missing": 1, "counts": ["dan"]}),
    "the requester does not count": (
        {"by": "ben"},
        {"merge": "waits", "counts": ["chloe"], "does_not_count": {"ben": "asked for this change"}},
    ),
    "nor does a co-requester": (
        {"also_by": ["chloe"]},
        {"missing": 1, "does_not_count": {"chloe": "asked for this change"}},
    ),
    "nor does who wrote to the branch": (
        {"editors": ["ben"]},
        {"missing": 1, "does_not_count": {"ben": "wrote to this branch"}},
    ),
    "nor who is not on the list": (
        {"reviews": [{"by": "oscar"}]},
        {"approvals": 0, "does_not_count": {"oscar": "list"}},
    ),
    "nor who may not write": (
        {"reviews": [{"by": "ben", "may_write": False}, {"by": "chloe"}]},
        {"missing": 1, "does_not_count": {"ben": "no write access"}},
    ),
    "nor an approval of another content": (
        {"reviews": [{"by": "ben", "same_change": False}, {"by": "chloe"}]},
        {"missing": 1, "does_not_count": {"ben": "before the change moved"}},
    ),
    "nor a deactivated person's": (
        {"reviews": [{"by": "ben", "standing": "deactivated"}, {"by": "chloe"}]},
        {"missing": 1, "does_not_count": {"ben": "deactivated"}},
    ),
    "nor a robot's": ({"reviews": [{"by": "ben", "standing": "robot"}]}, {"approvals": 0}),
    "nor what was dismissed": ({"reviews": [{"by": "ben", "says": "dismissed"}, {"by": "chloe"}]}, {"missing": 1}),
    "an objection": (
        {"reviews": [{"by": "ben"}, {"by": "chloe"}, {"by": "dan", "says": "request_changes"}]},
        {"merge": "no"},
    ),
    "the forge wants more": ({"native_reviews": 3}, {"merge": "waits", "missing": 1}),
    "held": ({"held": True}, {"merge": "waits"}),
    "at night": (
        {"now": "2026-01-07T20:00Z"},
        {"merge": "waits", "blocking": "window", "next_window": "2026-01-08T09:00Z"},
    ),
    "holidays": ({"now": "2026-12-22T12:00Z"}, {"merge": "waits", "next_window": "2027-01-04T10:00+01:00"}),
    "in the window": ({"now": "2026-01-07T15:59Z"}, {"merge": "yes", "next_window": None}),
    "frozen": (
        {"freezes": [{"environment": "production"}]},
        {"decision": "propose", "merge": "waits", "blocking": "freeze"},
    ),
    "frozen by its alias": ({"freezes": [{"environment": "prod", "model": "fraud"}]}, {"blocking": "freeze"}),
    "another model is frozen": ({"freezes": [{"environment": "production", "model": "ltv"}]}, {"merge": "yes"}),
    "the freeze is over": (
        {"freezes": [{"environment": "production", "until": "2026-01-07T12:00Z"}]},
        {"merge": "yes"},
    ),
    "banned": ({"bans": [42]}, {"decision": "refuse", "reason": "version_banned", "merge": "no"}),
    "another version is banned": ({"bans": ["41"]}, {"merge": "yes"}),
    "not in the role": ({"by": "oscar"}, {"decision": "refuse", "reason": "not_allowed"}),
    "in the role by a team": ({"by": "ben"}, {"decision": "propose"}),
    "in the role by Slack alone": ({"by": "slack:U0ANA"}, {"decision": "propose"}),
    "nobody in particular asks": ({"by": None}, {"decision": "propose"}),
    "the manifest cannot be read": ({"state": "unreadable"}, {"decision": "refuse", "reason": "target_unreadable"}),
    "the files disagree": ({"state": "mixed"}, {"decision": "refuse", "reason": "target_mixed"}),
    "deployed already": ({"version": 41}, {"decision": "refuse", "reason": "already_deployed"}),
    "asked for already": ({"open": 42}, {"decision": "join"}),
    "supersedes": ({"open": 40}, {"decision": "propose"}),
    "the first deployment": ({"deployed": None}, {"merge": "yes", "gates": {"loss against deployed": "skipped"}}),
    "no such environment": ({"environment": "prd"}, {"decision": "refuse", "reason": "unknown_environment"}),
    "a person merges": (
        {"environment": "manual", "reviews": []},
        {"decision": "propose", "merge": "waits", "missing": 0},
    ),
    "back at night, alone": (
        {
            "action": "rollback",
            "version": 40,
            "by": "ben",
            "now": "2026-12-24T03:00Z",
            "reviews": [{"by": "ben"}],
            "freezes": [{"environment": "production"}],
            "candidate": None,
            "checks": {},
            "soak": {},
        },
        {"decision": "propose", "merge": "yes", "counts": ["ben"]},
    ),
    "further back, by the normal rules": (
        {"action": "rollback", "version": 30, "swift": False, "by": "ben", "reviews": [{"by": "ben"}]},
        {"merge": "waits", "does_not_count": {"ben": "asked"}},
    ),
}


@pytest.mark.parametrize(("more", "expect"), CASES.values(), ids=CASES)
def test_what_is_given_decides(more: dict[str, Any], expect: dict[str, Any]) -> None:
    result = run(more, **expect)
    assert result.differences == (), result.why


def test_a_difference_says_what_was_expected_and_what_came() -> None:
    result = run({"bans": [42]}, decision="propose", merge="yes", gates={"auc": "pass", "nope": "fail"})
    assert [(d.key, d.expected, d.got) for d in result.differences] == [
        ("decision", "propose", "refuse"),
        ("merge", "yes", "no"),
        ("gates.nope", "fail", "not there"),
    ]
    assert "banned" in result.why
    assert not result.passed


def test_what_is_wanted_is_said() -> None:
    assert "1 more of" in run({"reviews": [{"by": "ben"}]}, merge="yes").why


def test_what_is_not_expected_is_not_compared() -> None:
    assert list(differences(Expect(merge="no"), Found("refuse", "version_banned"))) == []


def test_the_example_repo_tests_its_policy() -> None:
    root = Path(__file__).parents[2] / "deploy" / "example-repo"
    files = {f".slackops/tests/{one.name}": one.read_bytes() for one in (root / ".slackops" / "tests").iterdir()}
    cases, found = parse_cases(files)
    assert found == ()
    policy = parse_policy({".slackops.yaml": (root / ".slackops.yaml").read_bytes()})
    failed = [(one.case.name, one.differences, one.why) for one in _all(policy, cases, root) if not one.passed]
    assert len(cases) > 10
    assert failed == []


def _all(policy: Any, cases: tuple[PolicyCase, ...], root: Path) -> list[Result]:
    return [run_case(policy, case, lambda path: (root / path).exists()) for case in cases]
