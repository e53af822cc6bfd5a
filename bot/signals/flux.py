"""Flux: an event of the notification-controller's generic providers to signals.

https://fluxcd.io/flux/components/notification/events/ and .../providers/#generic-webhook-with-hmac

An event's reason is the reason of the object's Ready condition at that moment. So a passed health check comes as
`Progressing`, told apart only by its message; and `ReconciliationSucceeded` proves health only where the Kustomization
waits for it (`wait: true`, or `healthChecks`). Revisions read `main@sha1:…`, before Flux 2.0 `main/…`; an artifact that
was built from Git names its commit as `originRevision`. A HelmRelease mostly reports a chart's version, which is no
commit and tells nothing here.
"""

from __future__ import annotations

import re

from bot.domain.signal import Phase, Signal
from bot.signals.reading import at, is_commit, moment, name, qualified, words

SOURCE = "flux"
_KINDS = ("Kustomization", "HelmRelease")
_GROUPS = ("kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io")
_REVISION = re.compile(r"(?:.*[@/])?(?:sha1:|sha256:)?([0-9a-f]+)")
_REASONS = {
    "Progressing": Phase.PROGRESSING,
    "ProgressingWithRetry": Phase.PROGRESSING,
    "DependencyNotReady": Phase.SYNCING,
    "ReconciliationSucceeded": Phase.HEALTHY,
    "Succeeded": Phase.HEALTHY,
    "InstallSucceeded": Phase.HEALTHY,
    "UpgradeSucceeded": Phase.HEALTHY,
    "TestSucceeded": Phase.HEALTHY,
    "RollbackSucceeded": Phase.FAILED,  # the release failed, and helm-controller took it back
    "UninstallSucceeded": Phase.FAILED,
}
_PASSED = "health check passed"


def parse(payload: object) -> tuple[Signal, ...]:
    """The signal of one event; none for other kinds, without a commit, and for reasons that tell of no state."""
    about = at(payload, "involvedObject")
    application, phase = qualified(at(about, "namespace"), at(about, "name")), _phase(payload)
    revision, when = _commit(at(payload, "metadata")), moment(at(payload, "timestamp"))
    if at(about, "kind") not in _KINDS or application is None or phase is None or revision is None or when is None:
        return ()
    said = words(at(payload, "message"))
    return (Signal(source=SOURCE, application=application, phase=phase, at=when, revision=revision, message=said),)


def _phase(payload: object) -> Phase | None:
    reason, message = str(at(payload, "reason")), at(payload, "message")
    if at(payload, "severity") == "error" and reason != "DependencyNotReady":
        return Phase.DEGRADED if reason == "HealthCheckFailed" else Phase.FAILED
    if isinstance(message, str) and message.lower().startswith(_PASSED):
        return Phase.HEALTHY
    return _REASONS.get(reason)


def _commit(metadata: object) -> str | None:
    """The commit, whether the key still has the API group in front (the controllers' own form) or not."""
    keys = [key for key in ("originRevision", "revision") for key in (key, *(f"{group}/{key}" for group in _GROUPS))]
    for key in keys:
        text = at(metadata, key)
        if (short := name(text)) and (found := _REVISION.fullmatch(short)) and is_commit(found[1]):
            return found[1]
    return None
