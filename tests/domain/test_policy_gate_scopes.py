"""Which gates a change is judged by: for some models, in some environments, and of several environments at once."""

from __future__ import annotations

import pytest

from bot.domain.policy import PolicyInvalid, Target, parse_policy

POLICY = """
environments:
  dev: {}
  staging:
    aliases: [stage]
    gates: [{metric: primary, threshold: 0.8}, {tag: a, models: [fraud, "ad-*"]}]
  production:
    aliases: [prod]
    fan_out: {regions: [eu, us]}
    gates: [{metric: primary, threshold: 0.9}, {incident: any, models: [churn]}]
models:
  fraud:
    primary_metric: auc
    gates: [{branch: main, environments: [prod]}, {signature: same, environments: [stage, production-us]}, {tag: b}]
  churn: {primary_metric: f1, gates: [{metric: f1, threshold: 0.5}]}
layouts: []
"""


def policy(text: str = POLICY):
    return parse_policy({".slackops.yaml": text.replace('[fraud, "ad-*"]', "[fraud]").encode()})


@pytest.mark.parametrize(
    ("model", "environment", "names"),
    [
        ("fraud", "dev", ["tag b"]),
        ("fraud", "staging", ["auc", "tag a", "signature", "tag b"]),
        ("fraud", "stage", ["auc", "tag a", "signature", "tag b"]),
        ("fraud", "production-eu", ["auc", "branch main", "tag b"]),
        ("fraud", "prod-us", ["auc", "soak production-eu", "branch main", "signature", "tag b"]),
        ("churn", "staging", ["f1", "f1 of churn"]),
        ("churn", "production-eu", ["f1", "incident any", "f1 of churn"]),
        ("other", "production-eu", ["(primary_metric is not set)"]),
    ],
)
def test_scopes(model, environment, names):
    assert [one.name for one in policy().gates_for(model, environment)] == names


@pytest.mark.parametrize(
    ("asked", "shared", "names", "limits"),
    [
        ("dev", ("staging",), ["auc", "tag a", "signature", "tag b"], {0.8}),
        ("dev", ("production-us",), ["auc", "soak production-eu", "branch main", "signature", "tag b"], {0.9}),
        (
            "staging",
            ("production-eu",),
            ["auc", "tag a", "auc of production-eu", "branch main", "signature", "tag b"],
            {0.8, 0.9},
        ),
        (
            "production-eu",
            ("staging",),
            ["auc", "auc of staging", "tag a", "branch main", "signature", "tag b"],
            {0.8, 0.9},
        ),
    ],
)
def test_one_change_of_several_environments_takes_the_gates_of_all(asked, shared, names, limits):
    known = policy()
    rules = known.judged_by(Target("fraud", asked, (), shared_with=shared))
    found = known.gates_of("fraud", rules)
    assert sorted(one.name for one in found) == sorted(names)
    assert {one.threshold for one in found if one.name.startswith("auc")} == limits


def test_names_stay_apart_however_often_they_meet():
    text = POLICY.replace("{metric: f1, threshold: 0.5}", "{metric: f1, threshold: 0.5, name: f1 of staging}")
    known = policy(text)
    rules = known.judged_by(Target("churn", "production-eu", (), shared_with=("staging",)))
    names = [one.name for one in known.gates_of("churn", rules)]
    assert names == ["f1", "incident any", "f1 of staging", "f1 of staging of churn"]


@pytest.mark.parametrize(
    ("second", "third"),
    [("{tag: x, name: f1 of churn}", "f1 of churn of churn"), ("{metric: primary, threshold: 0.6}", "f1 of churn (2)")],
)
def test_a_third_of_one_name_is_told_apart_too(second, third):
    text = POLICY.replace("{metric: f1, threshold: 0.5}", f"{{metric: f1, threshold: 0.5}}, {second}")
    names = [one.name for one in policy(text).gates_for("churn", "staging")]
    assert names == ["f1", "f1 of churn", third]


def test_a_pattern_of_models_needs_no_model_where_a_layout_may_bring_some():
    layout = "[{files: ['{model}/{environment}.yaml'], at: a, value: '{version}'}]"
    text = "environments: {p: {gates: [{tag: a, models: ['ad-*']}]}}\nlayouts: %s\n"
    known = parse_policy({".slackops.yaml": (text % layout).encode()})
    assert [len(known.gates_for(name, "p")) for name in ("ad-1", "churn")] == [1, 0]
    with pytest.raises(PolicyInvalid, match="there is no model 'ad-\\*'"):
        parse_policy({".slackops.yaml": (text % "[]").encode()})


def test_primary_is_asked_only_of_the_models_that_a_gate_is_for():
    text = "environments: {p: {gates: [{metric: primary, threshold: 1, models: [a]}]}}\nmodels: {a: %s, b: {}}\n"
    parse_policy({".slackops.yaml": (text % "{primary_metric: auc}").encode()})
    with pytest.raises(PolicyInvalid, match=r"models\.a: primary_metric is missing; a gate of p asks"):
        parse_policy({".slackops.yaml": (text % "{}").encode()})


def test_a_gate_of_primary_keeps_the_name_that_it_was_given():
    text = "environments: {p: {gates: [{metric: primary, threshold: 1, name: main one}]}}\nmodels: {a: %s}"
    (one,) = parse_policy({".slackops.yaml": (text % "{primary_metric: auc}").encode()}).gates_for("a", "p")
    assert (one.name, one.metric) == ("main one", "auc")
