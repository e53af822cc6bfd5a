"""What the bot asks a policy."""

from __future__ import annotations

import pytest

from bot.domain.policy import (
    Approvals,
    Binding,
    CheckGate,
    DocSelector,
    MergeRule,
    MetricGate,
    PolicyInvalid,
    Regression,
    RollbackRule,
    parse_policy,
)
from bot.errors import Reason, Refused

POLICY = b"""
version: 1
defaults: {channel: "#ml-deploys", notify: {degraded: ["slack:@ml-oncall"]}}
roles: {promote: ["slack:S0TEAM", "github:Acme/ML-leads"]}
environments:
  staging: {}
  production:
    aliases: [prod]
    channel: "#ml-production"
    approvals: {required: 2, from: ["github:acme/ml-leads"]}
    merge: {method: rebase, auto: false}
    gates:
      - {metric: primary, against: deployed, max_regression: 1%}
      - {metric: "recall_by_segment.*", threshold: 0.8, mode: warn}
      - {metric: log_loss, threshold: 1, at: propose}
      - {check: "ci/*"}
layouts:
  - files: ["models/{model}/{environment}/isvc.yaml"]
    doc: {kind: InferenceService, name: "{model}"}
    at: spec.predictor.model.storageUri
    value: "s3://models/{model}/{version}"
  - files: ["values/{environment}.yaml"]
    at: models.{model}.tag
    value: "{version}"
models:
  fraud-detector: {primary_metric: roc_auc}
  churn: {primary_metric: profit, greater_is_better: false, gates: [{metric: latency_ms, threshold: 20}]}
  ltv:
    primary_metric: rmse
    registry: prod.ltv
    targets:
      production:
        - files: [ltv/a.yaml, ltv/b.yaml]
          set:
            - {at: image.tag, value: "v{version}"}
            - {role: companion, at: 'labels."acme.io/run"', value: "{run_id}"}
"""


@pytest.fixture(scope="module")
def policy():
    return parse_policy({".slackops.yaml": POLICY})


def test_environments_stand_in_order_and_have_every_default(policy) -> None:
    staging, production = policy.environments
    assert (staging.name, staging.aliases, staging.channel, staging.gates) == ("staging", (), "#ml-deploys", ())
    assert staging.approvals == Approvals(0, (), False)
    assert staging.rollback == RollbackRule(1, True)
    assert staging.merge == MergeRule("squash", True)
    assert production.approvals == Approvals(2, ("github:acme/ml-leads",), False)
    assert production.merge == MergeRule("rebase", False)
    assert policy.channel_for("prod") == "#ml-production"


def test_an_environment_goes_by_its_aliases_too(policy) -> None:
    assert policy.environment("prod") is policy.environment("production")


def test_an_unknown_environment_names_the_known_and_the_nearest(policy) -> None:
    with pytest.raises(Refused) as caught:
        policy.environment("productoin")
    assert caught.value.reason is Reason.UNKNOWN_ENVIRONMENT
    assert "did you mean production?" in caught.value.message
    assert caught.value.unblock == "The policy knows: staging, production."


def test_whom_news_mentions(policy) -> None:
    assert policy.notify_for("prod", "degraded") == ("slack:@ml-oncall",)
    assert policy.notify_for("prod", "failed") == ()


def test_gates_resolve_the_primary_metric(policy) -> None:
    primary, recall, loss, check = policy.gates_for("fraud-detector", "prod")
    assert primary == MetricGate(
        "roc_auc against deployed", "roc_auc", "higher", None, "deployed", Regression(1.0, True), "block", "merge"
    )
    assert recall == MetricGate(
        "recall_by_segment.*", "recall_by_segment.*", "higher", 0.8, None, None, "warn", "merge"
    )
    assert (loss.direction, loss.threshold, loss.at) == ("lower", 1.0, "propose")
    assert check == CheckGate("check ci/*", "ci/*", "block", "merge")


def test_a_models_own_gates_come_after_the_environments(policy) -> None:
    gates = policy.gates_for("churn", "production")
    assert [gate.name for gate in gates][-1] == "latency_ms"
    assert (gates[0].metric, gates[0].direction) == ("profit", "lower")
    assert len(policy.gates_for("churn", "staging")) == 1


def test_a_model_that_only_a_layout_covers_cannot_pass_a_primary_gate_by_chance(policy) -> None:
    assert policy.gates_for("new", "prod")[0].metric == "(primary_metric is not set)"


def test_registered_names(policy) -> None:
    assert (policy.registered_name("ltv"), policy.registered_name("new")) == ("prod.ltv", "new")


def test_a_models_own_target_wins(policy) -> None:
    target = policy.target_for("ltv", "prod")
    assert (target.model, target.environment, target.files) == ("ltv", "production", ("ltv/a.yaml", "ltv/b.yaml"))
    assert target.bindings[0] == Binding("ltv/a.yaml", None, "image.tag", "v{version}", "primary", "yaml")
    assert target.bindings[3] == Binding("ltv/b.yaml", None, 'labels."acme.io/run"', "{run_id}", "companion", "yaml")


def test_layouts_are_filled_in(policy) -> None:
    (binding,) = policy.target_for("churn", "prod").bindings
    assert binding.file == "models/churn/production/isvc.yaml"
    assert binding.doc == DocSelector("InferenceService", "churn")
    assert binding.template == "s3://models/{model}/{version}"


def test_the_first_layout_whose_files_exist_applies(policy) -> None:
    target = policy.target_for("a.b", "staging", {"values/staging.yaml"}.__contains__)
    assert [(b.file, b.at) for b in target.bindings] == [("values/staging.yaml", 'models."a.b".tag')]
    assert policy.target_for("churn", "staging", lambda path: False) is None


@pytest.mark.parametrize("name", ["../../etc", "<!channel>", "a/b", "", "-x", "a\nb"])
def test_no_name_leaves_its_place_in_a_path(policy, name: str) -> None:
    with pytest.raises(Refused) as caught:
        policy.target_for(name, "staging")
    assert caught.value.reason is Reason.INVALID_NAME


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("models/churn/production/isvc.yaml", ("churn", "production")),
        ("models/a b/staging/isvc.yaml", ("a b", "staging")),
        ("models/churn/prod/isvc.yaml", None),
        ("models/x/y/staging/isvc.yaml", None),
        ("models/-x/staging/isvc.yaml", None),
        ("values/staging.yaml", None),
        ("README.md", None),
    ],
)
def test_a_path_tells_model_and_environment(policy, path: str, found: tuple[str, str] | None) -> None:
    assert policy.match_layout(path) == found


@pytest.mark.parametrize(
    ("ids", "role", "may"),
    [
        ({"slack:U0ANA", "slack:S0TEAM"}, "promote", True),
        ({"slack:U0ANA", "github:acme/ml-leads"}, "promote", True),
        ({"slack:U0ANA", "slack:s0team"}, "promote", False),
        (set(), "promote", False),
        (set(), "rollback", True),
    ],
)
def test_roles(policy, ids: set[str], role: str, may: bool) -> None:
    assert policy.may(frozenset(ids), role) is may


def test_a_role_with_nobody_in_it_allows_nobody() -> None:
    assert not parse_policy({"p": b"roles: {promote: []}"}).may(frozenset({"slack:U1"}), "promote")


def test_a_target_that_a_layout_repeats_for_another_environment_is_shared() -> None:
    text = b"""
environments: {staging: {}, production: {}}
layouts: [{files: ["{model}/{environment}.yaml"], at: tag, value: "{version}"}]
models: {m: {targets: {production: [{files: [m/staging.yaml], at: tag, value: "{version}"}]}}}
"""
    with pytest.raises(PolicyInvalid, match=r"m/staging\.yaml tag stands for staging and production"):
        parse_policy({"p": text})
