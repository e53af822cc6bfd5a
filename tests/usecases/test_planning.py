"""What a plan tells: the same decisions as the bot's, every refusal with its code, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import RegistryUnavailable
from bot.usecases.planned import Outcome
from bot.usecases.planning import Planner
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.registry import FakeRegistry
from tests.usecases.fleet_files import POLICY, as_bytes


def planner(
    registry: FakeRegistry | None = None, given: dict[str, str] | None = None, **changes: str | None
) -> Planner:
    return Planner(FakeCheckout(as_bytes(**changes)), registry, FakeClock(), given or {})


def told(outcome: Outcome) -> dict[str, Any]:
    return {"reason": outcome.reason, "from": outcome.frm, "to": outcome.to, "edits": len(outcome.edits)}


def new_values(outcome: Outcome) -> list[str]:
    return [edit.new.text for edit in outcome.edits]


def test_the_json_has_the_shape_that_scripts_rely_on() -> None:
    outcome = planner().promote("fraud", "41", "prod")
    assert outcome.proposed
    found = outcome.as_json()
    assert len(found.pop("digest")) == 64
    compared = found.pop("comparison")
    assert (compared["from"], compared["to"], compared["missing"]) == ("40", "41", ["candidate", "deployed"])
    assert compared["elsewhere"] == [{"environment": "staging", "version": "41"}]
    assert found == {
        "decision": "propose",
        "reason": None,
        "message": "Would propose: fraud 40→41, production.",
        "unblock": None,
        "from": "40",
        "to": "41",
        "edits": [
            {
                "file": "models/fraud/production.yaml",
                "line": 1,
                "old": "s3://models/fraud/40",
                "new": "s3://models/fraud/41",
            }
        ],
        "diff": "diff --git a/models/fraud/production.yaml b/models/fraud/production.yaml\n"
        "--- a/models/fraud/production.yaml\n+++ b/models/fraud/production.yaml\n@@ -1 +1 @@\n"
        '-uri: "s3://models/fraud/40"  # pinned\n+uri: "s3://models/fraud/41"  # pinned\n',
        "gates": [
            {"name": "roc_auc", "state": "unknown", "observed": "not evaluated offline", "required": "at least 0.9"},
            {"name": "check ci/*", "state": "unknown", "observed": "not evaluated offline", "required": "success"},
        ],
        "approvals": {
            "required": 2,
            "eligible": ["slack:S0LEADS", "slack:@ml-leads", "github:acme/ml-leads", "slack:U0BEN"],
        },
        "next_window": None,
    }


@pytest.mark.parametrize(
    ("model", "asked", "written"),
    [
        pytest.param("fraud", "v42", "s3://models/fraud/42", id="a number stands there: v42 is 42"),
        pytest.param("ltv", "v6", "v6", id="v5 stands there: v6 stays"),
        pytest.param("ltv", "6", "6", id="as typed"),
        pytest.param("fraud", "1.3", "s3://models/fraud/1.3", id="dotted"),
        pytest.param("fraud", "1.3.0-rc.1", "s3://models/fraud/1.3.0-rc.1", id="semantic"),
        pytest.param("fraud", "3f9c2d1" * 5 + "3f9c2", f"s3://models/fraud/{'3f9c2d1' * 5}3f9c2", id="a commit"),
    ],
)
def test_offline_a_version_is_written_as_the_repo_writes_versions(model: str, asked: str, written: str) -> None:
    assert new_values(planner().promote(model, asked, "production")) == [written]


@pytest.mark.parametrize(
    ("template", "written"),
    [("{version}", "v6"), ("v{version}", "v6"), ("release-{version}", "release-v6")],
    ids=["as typed", "the template has the v already", "behind something else"],
)
def test_where_no_version_stands_yet_the_template_decides(template: str, written: str) -> None:
    policy = POLICY.replace('at: image.tag, value: "{version}"', f'at: image.tag, value: "{template}"')
    plan = planner(_slackops_yaml=policy, ltv_yaml="image:\n  tag: <unset>\n").promote("ltv", "v6", "production")
    assert new_values(plan) == [written]


def test_offline_variables_come_from_the_command_line() -> None:
    refused = planner().promote("churn", "2", "production")
    assert (refused.reason, refused.unblock) == ("unknown_version", "Add --set experiment_id=… --set model_id=….")
    given = {"experiment_id": "1", "model_id": "m-churn-2", "tags.unused": "x"}
    outcome = planner(given=given).promote("churn", "2", "production")
    assert told(outcome) == {"reason": None, "from": "model m-churn-1", "to": "2", "edits": 1}
    assert new_values(outcome) == ["s3://mlflow/1/models/m-churn-2/artifacts"]


REFUSALS: dict[str, tuple[tuple[str, str, str | None], dict[str, str | None], str, str]] = {
    "unknown model": (("fraudd", "2", "production"), {}, "unknown_model", "Did you mean fraud?"),
    "no name": (("../fraud", "2", "production"), {}, "invalid_name", "A model name has"),
    "unknown environment": (("fraud", "2", "prodution"), {}, "unknown_environment", "The policy knows"),
    "no target": (("churn", "2", "staging"), {}, "no_target", "Add models.churn.targets.staging"),
    "the last stage has it": (("fraud", "40", None), {}, "already_deployed", "Nothing to do"),
    "latest": (("fraud", "latest", "production"), {}, "latest_refused", "Name the version"),
    "alias": (("fraud", "@champion", "production"), {}, "registry_unavailable", "leave --offline out"),
    "no version": (("fraud", "4 2", "production"), {}, "invalid_name", "A version name has"),
    "no alias": (("fraud", "@", "production"), {}, "invalid_name", "A alias name has"),
    "deployed": (("fraud", "40", "production"), {}, "already_deployed", "Nothing to do"),
    "mixed": (("twins", "9", "staging"), {"twins-b_yaml": "version: '8'\n"}, "target_mixed", "Bring them to one"),
    "range": (("ltv", "6", "production"), {"ltv_yaml": "image: {tag: '>=5'}\n"}, "not_pinned", "Pin a version"),
    "template": (("ltv", "6", "production"), {"ltv_yaml": "image: {tag: {{x}}}\n"}, "target_unreadable", "Mend"),
    "no file": (("ltv", "6", "production"), {"ltv_yaml": None}, "target_unreadable", "Mend"),
    "no policy": (("ltv", "6", "production"), {"_slackops_yaml": None}, "policy_invalid", "slackops init"),
    "bad policy": (("ltv", "6", "production"), {"_slackops_yaml": "nope: 1\n"}, "policy_invalid", "slackops check"),
}


@pytest.mark.parametrize(("asked", "changes", "reason", "unblock"), REFUSALS.values(), ids=REFUSALS)
def test_every_refusal_has_its_code_and_what_would_help(
    asked: tuple[str, str, str | None], changes: dict[str, str | None], reason: str, unblock: str
) -> None:
    outcome = planner(**changes).promote(*asked)
    assert (outcome.decision, outcome.reason, outcome.to) == ("refuse", reason, asked[1])
    assert unblock in (outcome.unblock or "")
    assert outcome.as_json()["next_window"] is None


def test_with_the_registry_it_decides_as_the_bot_does() -> None:
    registry = FakeRegistry()
    for metrics in ({"roc_auc": 0.95}, {"roc_auc": 0.8}, {}):
        registry.add("fraud", metrics=metrics, artifact_digest="sha256:1")
    registry.set_alias("fraud", "champion", "1")
    online = planner(registry)
    good = online.promote("fraud", "@champion", "production")
    assert told(good) == {"reason": None, "from": "40", "to": "1", "edits": 1}
    assert [gate.state.value for gate in good.gates] == ["pass", "unknown"]
    assert online.promote("fraud", "v1", "production").to == "1"
    assert online.promote("fraud", "2", "production").reason == "gate_failed"
    assert online.promote("fraud", "3", "production").reason == "gate_failed"
    assert online.promote("fraud", "4", "production").reason == "unknown_version"
    assert online.promote("fraud", "latest", "production").reason == "latest_refused"
    assert online.promote("fraud", "@nobody", "production").reason == "unknown_alias"
    registry.down = RegistryUnavailable("no answer within 10 s")
    silent = online.promote("fraud", "1", "production")
    assert (silent.reason, silent.unblock) == ("registry_unavailable", "Try again, or plan with --offline.")


def test_what_is_given_goes_before_what_the_registry_says() -> None:
    registry = FakeRegistry()
    registry.add("prod.churn")
    outcome = planner(registry, {"model_id": "m-other"}).promote("churn", "1", "production")
    assert new_values(outcome) == ["s3://mlflow/1/models/m-other/artifacts"]


def moved(*versions: str) -> FakeCheckout:
    checkout = FakeCheckout(as_bytes(ltv_yaml=f"image:\n  tag: {versions[0]}\n"))
    for version in versions[1:]:
        checkout.change("main", {"ltv.yaml": f"image:\n  tag: {version}\n".encode()})
    return checkout


@pytest.mark.parametrize(
    ("to", "expected", "required"),
    [
        pytest.param(None, "v4", 1, id="the version before, by the rules of a rollback"),
        pytest.param("v3", "v3", 2, id="an older one as it is written, by those of a promotion"),
        pytest.param("v2", "2", 2, id="v2 is 2 where 2 is what it had"),
    ],
)
def test_a_rollback_goes_by_history(to: str | None, expected: str, required: int) -> None:
    checkout = moved("2", "v3", "v4", "v5")
    outcome = Planner(checkout, None, FakeClock(), {}).rollback("ltv", "prod", to)
    assert told(outcome) == {"reason": None, "from": "v5", "to": expected, "edits": 1}
    assert outcome.required == required
    assert checkout.pushes == []


@pytest.mark.parametrize("to", [None, "v7"], ids=["none before", "never there"])
def test_a_rollback_with_nowhere_to_go_is_refused(to: str | None) -> None:
    outcome = Planner(moved("v5"), None, FakeClock(), {}).rollback("ltv", "production", to)
    assert told(outcome) == {"reason": "no_earlier_version", "from": "v5", "to": to or "", "edits": 0}
    assert outcome.required == 2


INHERITS = """\
version: 1
environments:
  staging: {}
  production: {approvals: {required: 2}}
models:
  ltv:
    vars: {build: {pattern: "[0-9a-f]{7}", from: registry.tags.image_build}}
    targets:
      staging: [{files: [base.yaml], at: tag, value: "{version}:{build}"}]
      production: [{files: [ltv.yaml], at: image.tag, value: "{version}:{build}", when_absent: "inherit:staging"}]
"""


def inheriting(tag: str, given: dict[str, str] | None = None) -> Planner:
    files = {".slackops.yaml": INHERITS, "base.yaml": "tag: 41:abcdef1\n", "ltv.yaml": f"image:\n  name: ltv\n{tag}"}
    return Planner(FakeCheckout({name: text.encode() for name, text in files.items()}), None, FakeClock(), given or {})


def test_a_pin_is_taken_out_where_something_holds_without_it() -> None:
    outcome = inheriting("  tag: 40:abcdef0\n").unpin("ltv", "production")
    assert told(outcome) == {"reason": None, "from": "40", "to": "41", "edits": 1}
    (edit,) = outcome.as_json()["edits"]
    assert edit == {"file": "ltv.yaml", "line": 3, "old": "40:abcdef0", "new": None}
    assert outcome.required == 2


def test_a_pin_is_put_in_where_the_environment_inherits() -> None:
    outcome = inheriting("", {"build": "abcdef2"}).promote("ltv", "v42", "production")
    assert told(outcome) == {"reason": None, "from": "41", "to": "42", "edits": 1}
    assert outcome.as_json()["edits"][0]["old"] is None
    assert new_values(outcome) == ["42:abcdef2"]


@pytest.mark.parametrize(
    ("plan", "to"),
    [(lambda: planner().unpin("ltv", "production"), ""), (lambda: inheriting("").unpin("ltv", "production"), "")],
    ids=["nothing under it", "no pin of its own"],
)
def test_what_cannot_be_unpinned_is_refused(plan: Callable[[], Outcome], to: str) -> None:
    outcome = plan()
    assert (outcome.reason, outcome.to) == ("not_pinned", to)


def test_a_declared_variable_that_is_given_goes_before_the_registrys() -> None:
    registry = FakeRegistry()
    registry.add("ltv", tags={"image_build": "1111111"})
    checkout = FakeCheckout({".slackops.yaml": INHERITS.encode(), "base.yaml": b"tag: 41:abcdef1\n"})
    for given, written in (({}, "1:1111111"), ({"build": "2222222"}, "1:2222222")):
        assert new_values(Planner(checkout, registry, FakeClock(), given).promote("ltv", "1", "staging")) == [written]
