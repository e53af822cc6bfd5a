"""Argo CD's Applications as signals: which phase, which time, which revision."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.signal import Phase, Signal
from bot.sandbox.cluster.payloads import argocd_body
from bot.signals import argocd
from bot.signals.reading import moment
from tests.signals.anything import A, B, assert_sound, bodies, contract

REPO = "acme/ml-deployments"
URL = f"https://forge.example/{REPO}.git"


def t(seconds: int) -> str:
    return f"2026-01-05T10:00:{seconds:02}Z"


def app(
    operation: str | None = "Succeeded",
    health: str | None = "Healthy",
    *,
    started: int | None = 10,
    finished: int | None = 12,
    changed: int | None = 15,
    compared: int | None = 12,
    synced: str = "Synced",
) -> dict[str, Any]:
    """An Application at A; times are seconds after ten."""

    def times(**given: int | None) -> dict[str, str]:
        return {name: t(value) for name, value in given.items() if value is not None}

    state = {"phase": operation, "message": "op says", "syncResult": {"revision": A}}
    status: dict[str, Any] = {"sync": {"status": synced, "revision": A}, **times(reconciledAt=compared)}
    status["health"] = {"status": health, "message": "health says", **times(lastTransitionTime=changed)}
    if operation is not None:
        status["operationState"] = {**state, **times(startedAt=started, finishedAt=finished)}
    return {
        "metadata": {"name": "churn-production", "namespace": "argocd"},
        "spec": {"source": {"repoURL": URL}},
        "status": status,
    }


@pytest.mark.parametrize(
    ("application", "phase", "second", "said"),
    [
        (app("Running", "Healthy", finished=None), Phase.SYNCING, 10, "op says"),
        (app("Running", "Degraded", finished=None), Phase.SYNCING, 10, "op says"),
        (app("Terminating", finished=None), Phase.SYNCING, 10, "op says"),
        (app("Failed", "Healthy"), Phase.FAILED, 12, "op says"),
        (app("Error", "Degraded"), Phase.FAILED, 12, "op says"),
        (app("Error", finished=None), Phase.FAILED, 10, "op says"),
        (app("Succeeded", "Progressing", changed=11), Phase.PROGRESSING, 12, "health says"),
        (app("Succeeded", "Missing"), Phase.PROGRESSING, 15, "health says"),
        (app("Succeeded", "Suspended"), Phase.PROGRESSING, 15, "health says"),
        (app("Succeeded", "Healthy"), Phase.HEALTHY, 15, "health says"),
        (app("Succeeded", "Healthy", changed=11), Phase.HEALTHY, 12, "health says"),
        (app("Succeeded", "Degraded", changed=59), Phase.DEGRADED, 59, "health says"),
        (app("Succeeded", "Unknown"), Phase.SYNCED, 12, "op says"),
        (app("Succeeded", None), Phase.SYNCED, 12, "op says"),
        # A health from before the sync is about the revision before, until the controller has compared.
        (app("Succeeded", "Healthy", changed=5), Phase.SYNCED, 12, "op says"),
        (app("Succeeded", "Degraded", changed=5), Phase.SYNCED, 12, "op says"),
        (app("Succeeded", "Healthy", changed=5, compared=None), Phase.SYNCED, 12, "op says"),
        (app("Succeeded", "Healthy", changed=5, compared=14), Phase.HEALTHY, 12, "health says"),
        (app("Succeeded", "Degraded", changed=5, compared=14), Phase.DEGRADED, 12, "health says"),
        # Before 2.14 there is no time of the health: it is as of the comparison.
        (app("Succeeded", "Healthy", changed=None), Phase.HEALTHY, 12, "health says"),
        (app("Succeeded", "Degraded", changed=None, compared=40), Phase.DEGRADED, 40, "health says"),
        (app(None, "Healthy"), Phase.HEALTHY, 15, "health says"),
        (app(None, "Unknown"), Phase.SYNCED, 12, ""),
    ],
)
def test_phase_time_and_words(application: Any, phase: Phase, second: int, said: str) -> None:
    expected = Signal(
        source="argocd",
        application="argocd/churn-production",
        phase=phase,
        at=moment(t(second)),
        revision=A,
        message=said,
    )
    for body in (application, {"app": application, "context": {"argocdUrl": "https://argocd.example"}}):
        assert argocd.parse(body, REPO) == (expected,)


def revisions(application: Any, repository: str = REPO) -> list[str | None]:
    return [signal.revision for signal in argocd.parse(application, repository)]


def with_sync(application: dict[str, Any], **sync: Any) -> dict[str, Any]:
    return {**application, "status": {**application["status"], "sync": {"status": "Synced", **sync}}}


def test_a_later_commit_that_changes_nothing_here_counts_too_and_comes_last() -> None:
    assert revisions(with_sync(app(), revision=B)) == [A, B]
    assert revisions(with_sync(app(), revision=A)) == [A]


@pytest.mark.parametrize(
    "application",
    [
        with_sync(app(), revision=B, status="OutOfSync"),
        with_sync(app("Running", finished=None), revision=B),
        with_sync(app("Failed"), revision=B),
        with_sync(app(compared=11), revision=B),
        with_sync(app(), revision="rev1"),
    ],
    ids=["out of sync", "syncing", "failed", "compared before the sync", "no commit"],
)
def test_what_it_is_compared_with_counts_only_when_settled(application: Any) -> None:
    assert revisions(application) == [A]


def test_an_operation_without_a_result_yet_names_what_it_was_asked_for() -> None:
    application = app("Running", finished=None)
    application["status"]["operationState"] |= {"syncResult": None, "operation": {"sync": {"revision": B}}}
    assert revisions(application) == [B]
    application["status"]["operationState"] |= {"operation": {"sync": {"revision": "main"}}}
    assert revisions(application) == []


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        (["https://charts.example", URL], [B]),
        (["https://charts.example", "git@forge.example:Acme/ML-deployments.git"], [B]),
        (["https://charts.example", "https://mirror.example/x"], [A, B]),
        ([], [A, B]),
        (["https://charts.example", "https://forge.example/other-acme/ml-deployments"], [A, B]),
    ],
)
def test_several_sources(urls: list[str], found: list[str]) -> None:
    application = app("Failed")
    application["spec"] = {"sources": [{"repoURL": url} for url in urls]}
    application["status"]["operationState"]["syncResult"] = {"revisions": [A, B, "1.2.3"]}
    assert revisions(application) == found


def test_the_resource_that_spoils_it_speaks_where_the_application_does_not() -> None:
    application = app("Succeeded", "Degraded")
    del application["status"]["health"]["message"]
    application["status"]["resources"] = [
        {"kind": "Service", "name": "a", "health": {"status": "Healthy"}},
        {"kind": "Deployment", "name": "b", "health": {"status": "Degraded", "message": "exceeded its deadline"}},
    ]
    assert [s.message for s in argocd.parse(application)] == ["Deployment b: exceeded its deadline"]


@pytest.mark.parametrize("body", [None, 7, "x", [], {}, {"app": {}}, {"metadata": {"name": "x"}}, {"app": []}], ids=str)
def test_too_little_is_nothing(body: object) -> None:
    assert argocd.parse(body) == ()


def test_the_sandbox_tells_a_rollout_from_the_beginning_to_the_end() -> None:
    workload = {"model": "churn", "environment": "production", "file": "a/b.yaml", "namespace": "ml", "image": ""}
    workload |= {"revision": A, "message": "", "started": t(1), "finished": "", "since": t(1), "phase": "Running"}
    told = []
    for step in (
        {"health": "Progressing"},
        {"phase": "Succeeded", "finished": t(2), "health": "Progressing"},
        {"health": "Healthy", "since": t(5)},
        {"health": "Degraded", "since": t(30), "message": "crashed"},
        {"phase": "Failed", "health": "Healthy", "message": "bad YAML"},
    ):
        workload |= step
        told += argocd.parse(argocd_body(workload, URL), REPO)
    assert [(s.phase, s.at - moment(t(0)), s.message) for s in told] == [
        (Phase.SYNCING, 1, "waiting for resources to apply"),
        (Phase.PROGRESSING, 2, ""),
        (Phase.HEALTHY, 5, ""),
        (Phase.DEGRADED, 30, "crashed"),
        (Phase.FAILED, 2, "bad YAML"),
    ]


def test_a_real_application() -> None:
    (signal,) = argocd.parse(contract("signals/argocd.application.json")["body"])
    assert (signal.application, signal.phase) == ("argo-cd/velero-test", Phase.HEALTHY)
    assert signal.revision == "ea8759964626a583667a2bfd08f334ec2070040a"
    assert signal.at == moment("2024-03-05T07:33:04Z")


@given(
    bodies(
        *("app", "metadata", "name", "namespace", "status", "health", "sync", "revision", "revisions", "phase"),
        *("operationState", "startedAt", "finishedAt", "syncResult", "reconciledAt", "lastTransitionTime", "message"),
        *("spec", "sources", "source", "repoURL", "resources", "operation"),
    )
    | st.builds(lambda status: {"metadata": {"name": "x"}, "status": status}, bodies("health", "sync", "revision")),
    st.sampled_from(["", REPO]),
)
def test_no_body_is_an_error(body: Any, repository: str) -> None:
    assert_sound(argocd.parse(body, repository))
