"""`slackops gate` on a checkout: the candidate against what is pinned, and everything that nobody here can know."""

from __future__ import annotations

import pytest

from bot.domain.facts import Check, CheckState
from bot.domain.gates import GateState
from bot.errors import Reason, Refused, RegistryUnavailable
from tests.fakes.registry import FakeRegistry
from tests.support.local_repo import LocalRepo
from tests.usecases.gating_rig import GOOD, POLICY, PRODUCTION, Judge, judge, registry, repo, state_of

__all__ = ["judge", "registry", "repo"]


def test_a_version_against_what_the_checkout_pins(judge: Judge) -> None:
    found = judge.one("v2")
    assert (found.version, found.deployed, found.environment) == ("2", "1", "production")
    assert (state_of(found, "auc"), state_of(found, "loss"), state_of(found, "recall")) == ("pass", "pass", "pass")
    assert [gate.observed for gate in found.gates if gate.name == "check ci/*"] == ["no commit was named"]
    worse = judge.one("3")
    assert (state_of(worse, "auc"), state_of(worse, "loss"), worse.passed) == ("fail", "fail", False)


def test_an_alias(judge: Judge, registry: FakeRegistry) -> None:
    registry.set_alias("fraud", "candidate", "2")
    assert judge.one("@candidate").version == "2"


def test_a_warning_does_not_fail(judge: Judge, registry: FakeRegistry) -> None:
    registry.add("fraud", metrics={**GOOD, "recall": 0.1}, tags={"validated": "yes"})
    found = judge.one("4")
    assert state_of(found, "recall") == "fail"
    assert "recall" not in [gate.name for gate in found.gates if gate.holds_up]


METRICS: dict[str, tuple[dict[str, float], str, bool]] = {
    "good": (GOOD, "pass", True),
    "below": ({**GOOD, "auc": 0.8}, "fail", False),
    "missing": ({"loss": 0.1, "recall": 1.0}, "unknown", False),
    "not a number": ({**GOOD, "auc": float("nan")}, "unknown", False),
    "infinite": ({**GOOD, "auc": float("inf")}, "unknown", False),
}


@pytest.mark.parametrize(("metrics", "auc", "passes"), METRICS.values(), ids=METRICS)
def test_metrics_alone_before_anything_is_registered(
    judge: Judge, metrics: dict[str, float], auc: str, passes: bool
) -> None:
    found = judge.one("new", metrics=metrics)
    assert (state_of(found, "auc"), found.passed, found.version) == (auc, passes, "new")
    for part in ("tag ", "check ", "soak"):
        assert state_of(found, part) == "skipped"
    later = {gate.name: gate.observed for gate in found.gates if gate.state is GateState.SKIPPED}
    assert set(later.values()) == {"not registered yet"}


def test_metrics_alone_need_the_registry_for_the_deployed_version_only(repo: LocalRepo) -> None:
    found = Judge(repo, None).one("new", metrics=GOOD)
    assert (state_of(found, "auc"), state_of(found, "loss"), found.passed) == ("pass", "unknown", False)


CHECKS: dict[str, tuple[tuple[Check, ...] | None, str, bool]] = {
    "no commit": (None, "skipped", True),
    "passed": ((Check("ci/a", CheckState.SUCCESS),), "pass", True),
    "failed": ((Check("ci/a", CheckState.FAILURE),), "fail", False),
    "running": ((Check("ci/a", CheckState.PENDING),), "unknown", False),
    "none": ((), "unknown", False),
}


@pytest.mark.parametrize(("checks", "state", "passes"), CHECKS.values(), ids=CHECKS)
def test_checks_of_a_commit(judge: Judge, checks: tuple[Check, ...] | None, state: str, passes: bool) -> None:
    found = judge.one("2", checks=checks)
    assert state_of(found, "check") == state
    assert found.passed == passes


@pytest.mark.parametrize("none", ["refuse", "allow"])
def test_checks_that_cannot_be_read_are_not_none(judge: Judge, repo: LocalRepo, none: str) -> None:
    repo.commit({".slackops.yaml": POLICY.replace('{check: "ci/*"}', f'{{check: "ci/*", none: {none}}}')})
    found = judge.one("2", checks="the checks cannot be read: GitHub did not answer")
    (gate,) = [gate for gate in found.gates if gate.name == "check ci/*"]
    assert (gate.state.value, gate.holds_up, found.passed) == ("unknown", True, False)
    assert "GitHub did not answer" in gate.observed


def test_what_only_the_bot_knows_is_told_and_does_not_fail(judge: Judge, repo: LocalRepo) -> None:
    assert state_of(judge.one("2"), "soak") == "pass"  # no engine: history tells
    assert state_of(judge.one("3"), "soak") == "fail"
    heard = POLICY.replace("  staging: {}", "  staging: {rollout: {engine: argocd}}")
    repo.commit({".slackops.yaml": heard})
    found = judge.one("2")
    (soak,) = [gate for gate in found.gates if "soak" in gate.name]
    (drift,) = [gate for gate in found.gates if "drift" in gate.name or "incident" in gate.name]
    assert [(gate.state.value, gate.blocks) for gate in (soak, drift)] == [("unknown", False)] * 2
    assert found.passed


REFUSALS: dict[str, tuple[dict[str, str], Reason]] = {
    "model": ({"model": "frau"}, Reason.UNKNOWN_MODEL),
    "version": ({"version": "99"}, Reason.UNKNOWN_VERSION),
    "environment": ({"environment": "prd"}, Reason.UNKNOWN_ENVIRONMENT),
    "alias": ({"version": "@none"}, Reason.UNKNOWN_ALIAS),
    "latest": ({"version": "latest"}, Reason.LATEST_REFUSED),
    "no target": ({"model": "ltv", "environment": "staging", "version": "1"}, Reason.NO_TARGET),
    "odd name": ({"version": "a b;c"}, Reason.INVALID_NAME),
}


@pytest.mark.parametrize(("asked", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_names_that_nothing_has(judge: Judge, asked: dict[str, str], reason: Reason) -> None:
    with pytest.raises(Refused) as why:
        judge.one(**{"version": "2", **asked})
    assert why.value.reason is reason


def test_a_registry_that_is_silent(judge: Judge, registry: FakeRegistry) -> None:
    registry.down = RegistryUnavailable("no answer")
    with pytest.raises(Refused) as why:
        judge.one("2")
    assert why.value.reason is Reason.REGISTRY_UNAVAILABLE


@pytest.mark.parametrize("text", ["version: [1]\n", "{{ .Values.x }}\n", ""], ids=["list", "template", "empty"])
def test_what_cannot_be_read_is_no_first_deployment(judge: Judge, repo: LocalRepo, text: str) -> None:
    repo.commit({PRODUCTION: text})
    assert not judge.one("new", metrics={"auc": 0.95, "recall": 0.9}).passed
