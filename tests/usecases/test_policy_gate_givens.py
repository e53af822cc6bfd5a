"""`slackops test`: the facts of every kind of gate can be given, and what is left out is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.policy import parse_policy
from bot.domain.policy_case_files import parse_cases
from bot.usecases.policy_tests import run_case

CASES = """
given: {model: m, version: 42, environment: p, now: "2026-03-01T12:00Z", deployed: {version: 41}}
cases:
  - {name: only, given: %s, expect: {gates: {%s: %s}}}
"""


def difference(gate: str, given: str, name: str, state: str, more: str = "") -> list[Any]:
    policy = parse_policy(
        {".slackops.yaml": f"environments: {{p: {{gates: [{gate}]}}}}\nmodels: {{m: {{{more}}}}}".encode()}
    )
    cases, faults = parse_cases({".slackops/tests/a.yaml": (CASES % (given, name, state)).encode()})
    assert faults == ()
    return [(one.key, one.got) for one in run_case(policy, cases[0], lambda _: True).differences]


AUC = "{metric: auc, against: '@champion'}"
NAME = "auc against @champion"
SIGNATURE = "{inputs: {a: long}, outputs: {score: double}}"


@pytest.mark.parametrize(
    ("gate", "given", "name", "state"),
    [
        (AUC, "{candidate: {metrics: {auc: 0.9}}}", NAME, "unknown"),
        (AUC, "{candidate: {metrics: {auc: 0.9}}, aliased: {champion: null}}", NAME, "fail"),
        (
            AUC,
            "{candidate: {metrics: {auc: 0.9}}, aliased: {champion: {version: 7, metrics: {auc: 0.8}}}}",
            NAME,
            "pass",
        ),
        ("{metric: auc, threshold: 1}", "{candidate: {metrics: {auc: .nan}}}", "auc", "unknown"),
        ("{metric: auc, threshold: 1}", "{candidate: {metrics: {auc: 1.5}, series: [auc]}}", "auc", "pass"),
        ("{tag: ok, equals: 'yes'}", "{candidate: {tags: {ok: 'yes'}}}", "tag ok", "pass"),
        ("{tag: ok, equals: 'yes'}", "{}", "tag ok", "fail"),
        ("{signature: same}", "{}", "signature", "unknown"),
        (
            "{signature: same}",
            f"{{candidate: {{signature: {SIGNATURE}}}, deployed: {{version: 41, signature: {SIGNATURE}}}}}",
            "signature",
            "pass",
        ),
        ("{artifact: present}", "{candidate: {artifact: true}}", "artifact", "pass"),
        ("{artifact: present}", "{candidate: {artifact: false}}", "artifact", "fail"),
        ("{artifact: present}", "{}", "artifact", "unknown"),
        ("{dataset: training}", "{candidate: {datasets: [{}]}}", "dataset training", "pass"),
        ("{dataset: training}", "{candidate: {datasets: [{digest: null}]}}", "dataset training", "unknown"),
        (
            "{dataset: training, max_age: 30d}",
            '{candidate: {datasets: [{}], trained: "2026-01-01T00:00Z"}}',
            "dataset training",
            "fail",
        ),
        ("{branch: main, repo: a/b}", "{on_branches: [main]}", "branch main", "pass"),
        ("{branch: main, repo: a/b}", "{on_branches: []}", "branch main", "fail"),
        ("{branch: main, repo: a/b}", "{}", "branch main", "unknown"),
        ("{incident: drift}", "{}", "incident drift", "pass"),
        ("{incident: drift}", "{incidents: [{kind: drift, for: 2h}]}", "incident drift", "fail"),
        ("{incident: drift}", "{incidents: null}", "incident drift", "unknown"),
        ("{check: ci, timeout: 2h}", "{running: {ci: 3h}}", "check ci", "fail"),
        ("{check: ci, timeout: 2h}", "{running: {ci: 1h}}", "check ci", "unknown"),
        ("{http: 'https://a.example', name: fair}", "{answers: {fair: pass}}", "fair", "pass"),
        ("{http: 'https://a.example', name: fair}", "{}", "fair", "unknown"),
    ],
)
def test_what_is_given_decides(gate, given, name, state):
    assert difference(gate, given, name, state) == []


def test_the_branch_is_one_of_the_models_own_repository():
    assert difference("{branch: main}", "{on_branches: [main]}", "branch main", "pass", "repo: acme/m") == []
    assert difference("{branch: main}", "{on_branches: [main]}", "branch main", "unknown") == []


def test_a_registry_that_does_not_answer_leaves_them_unknown():
    assert difference("{tag: ok}", "{candidate: null}", "tag ok", "pass") == [("gates.tag ok", "unknown")]


@pytest.mark.parametrize(
    ("promotions", "action", "expect"),
    [
        ("warn", "promote", "{gates: {open incident: fail}, merge: 'yes', missing: 0}"),
        ("block", "promote", "{gates: {open incident: fail}, merge: waits, blocking: open incident}"),
        ("quorum", "promote", "{gates: {open incident: fail}, merge: waits, missing: 1}"),
        ("ignore", "promote", "{merge: 'yes', missing: 0}"),
    ],
)
def test_what_an_open_incident_means_for_promotions(promotions: str, action: str, expect: str) -> None:
    rules = "approvals: {required: 0}, merge: {auto: true}"
    text = f"environments: {{p: {{{rules}}}}}\nmodels: {{m: {{}}}}\ndrift: {{incident: {{promotions: {promotions}}}}}"
    given = f"{{action: {action}, incidents: [{{kind: drift, words: x, for: 2h}}]}}"
    head = "given: {model: m, version: 42, environment: p, now: '2026-03-01T12:00Z', deployed: {version: 41}}"
    cases, faults = parse_cases(
        {".slackops/tests/a.yaml": f"{head}\ncases: [{{name: only, given: {given}, expect: {expect}}}]".encode()}
    )
    assert faults == ()
    result = run_case(parse_policy({".slackops.yaml": text.encode()}), cases[0], lambda _: True)
    assert [(one.key, one.got) for one in result.differences] == []
