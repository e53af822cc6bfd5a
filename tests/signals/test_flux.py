"""Flux's events as signals: every form of a revision, every reason that tells of a state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.signal import Phase, Signal
from bot.sandbox.cluster.payloads import flux_body
from bot.signals import flux
from bot.signals.reading import moment
from tests.signals.anything import A, B, assert_sound, bodies, contract

AT = "2026-01-05T10:00:03Z"


def event(reason: str = "ReconciliationSucceeded", severity: str = "info", **given: Any) -> dict[str, Any]:
    return {
        "involvedObject": {"kind": "Kustomization", "name": "churn", "namespace": "apps"},
        "metadata": {"revision": f"main@sha1:{A}"},
        "severity": severity,
        "reason": reason,
        "message": "it says",
        "timestamp": AT,
        **given,
    }


@pytest.mark.parametrize(
    ("reason", "severity", "message", "phase"),
    [
        ("Progressing", "info", "Deployment/apps/churn configured", Phase.PROGRESSING),
        ("Progressing", "info", "Health check passed in 5.02s", Phase.HEALTHY),
        ("DependencyNotReady", "info", "", Phase.SYNCING),
        ("DependencyNotReady", "error", "", Phase.SYNCING),
        ("ReconciliationSucceeded", "info", "Reconciliation finished in 1s, next run in 10m", Phase.HEALTHY),
        ("UpgradeSucceeded", "info", "", Phase.HEALTHY),
        ("HealthCheckFailed", "error", "timeout waiting for: [Deployment/apps/churn]", Phase.DEGRADED),
        ("BuildFailed", "error", "", Phase.FAILED),
        ("ValidationFailed", "error", "", Phase.FAILED),
        ("ReconciliationFailed", "error", "Health check passed", Phase.FAILED),
        ("PruneFailed", "error", "", Phase.FAILED),
        ("AReasonOfTomorrow", "error", "", Phase.FAILED),
        ("RollbackSucceeded", "info", "", Phase.FAILED),
        ("HealthCheckCanceled", "info", "New reconciliation triggered", None),
        ("AReasonOfTomorrow", "info", "", None),
    ],
)
def test_phase(reason: str, severity: str, message: str, phase: Phase | None) -> None:
    found = flux.parse(event(reason, severity, message=message))
    expected = Signal(
        source="flux",
        application="apps/churn",
        phase=phase or Phase.SYNCED,
        at=moment(AT),
        revision=A,
        message=message,
    )
    assert found == ((expected,) if phase else ())


@pytest.mark.parametrize(
    ("metadata", "commit"),
    [
        ({"revision": f"main@sha1:{A}"}, A),
        ({"revision": f"refs/heads/main@sha1:{A}"}, A),
        ({"revision": f"sha1:{A}"}, A),
        ({"revision": f"feature/x/{A}"}, A),
        ({"revision": A}, A),
        ({"revision": f"main@sha256:{'c' * 64}"}, "c" * 64),
        ({"kustomize.toolkit.fluxcd.io/revision": f"main/{A}"}, A),
        ({"helm.toolkit.fluxcd.io/revision": f"main@sha1:{A}"}, A),
        ({"revision": f"latest@sha256:{'c' * 64}", "originRevision": f"main@sha1:{B}"}, B),
        ({"kustomize.toolkit.fluxcd.io/originRevision": f"main@sha1:{B}", "revision": "latest@sha256:0"}, B),
        ({"revision": "1.2.3+abcdef012345"}, None),
        ({"revision": "main"}, None),
        ({"revision": f"main@sha1:{A}x"}, None),
        ({"revision": f"main@sha1:{'0' * 40}"}, None),
        ({}, None),
        (None, None),
        ([f"main@sha1:{A}"], None),
    ],
)
def test_revision(metadata: object, commit: str | None) -> None:
    assert [signal.revision for signal in flux.parse(event(metadata=metadata))] == ([commit] if commit else [])


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": None},
        {"timestamp": "yesterday"},
        {"involvedObject": {"kind": "GitRepository", "name": "x", "namespace": "y"}},
        {"involvedObject": {"kind": "Kustomization"}},
        {"involvedObject": None},
    ],
)
def test_too_little_is_nothing(changed: dict[str, object]) -> None:
    assert flux.parse(event(**changed)) == ()


@pytest.mark.parametrize(
    ("health", "operation", "phase"),
    [
        ("Progressing", "Succeeded", Phase.PROGRESSING),
        ("Healthy", "Succeeded", Phase.HEALTHY),
        ("Degraded", "Succeeded", Phase.DEGRADED),
        ("Healthy", "Failed", Phase.FAILED),
    ],
)
def test_the_sandbox(health: str, operation: str, phase: Phase) -> None:
    workload = {"model": "churn", "environment": "production", "revision": A, "since": AT, "message": "m"}
    (signal,) = flux.parse(flux_body({**workload, "health": health, "phase": operation}))
    assert (signal.application, signal.phase, signal.at) == ("flux-system/churn-production", phase, moment(AT))


def test_the_published_event() -> None:
    (signal,) = flux.parse(contract("signals/flux.event.kustomization.error.json")["body"])
    assert (signal.application, signal.phase) == ("apps/webapp", Phase.FAILED)
    assert signal.revision == "731f7eaddfb6af01cb2173e18f0f75b0ba780ef1"
    assert signal.message.startswith("service/apps/webapp validation error")


KEYS = ("involvedObject", "metadata", "revision", "severity", "reason", "message", "timestamp", "kind", "name")


@given(
    bodies(*KEYS)
    | st.builds(lambda changed: {**event(), **changed}, st.dictionaries(st.sampled_from(KEYS), bodies(*KEYS)))
)
def test_no_body_is_an_error(body: Any) -> None:
    assert_sound(flux.parse(body))
