"""Argo CD: an Application, as its API returns it or as our notification template prints it, to signals.

Argo CD has no body of its own. Ours (`deploy/argocd`) is `{"app": <the parts of the Application that are read here>}`.
https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/webhook/

Which phase: an operation that runs is ``syncing``, one that failed ``failed``. After one that succeeded the health
speaks: Progressing, Missing and Suspended are ``progressing``, Healthy and Degraded are themselves, Unknown is
``synced``. The controller writes the health a little later than the end of the operation, so a health that is older
than the operation is believed only once the controller compared anew (``reconciledAt``); before that it is about the
revision before, and the phase is ``synced`` (https://github.com/argoproj/argo-cd/issues/9070).

Which time: the newest of what made the phase, so that the same state has the same time whenever it is looked at. Where
Argo CD does not keep ``lastTransitionTime`` (before 2.14), it is when it last compared.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from bot.domain.signal import Phase, Signal
from bot.signals.reading import at, is_commit, items, moment, newest, qualified, words

SOURCE = "argocd"
_HEALTH = {
    "Progressing": Phase.PROGRESSING,
    "Missing": Phase.PROGRESSING,
    "Suspended": Phase.PROGRESSING,
    "Healthy": Phase.HEALTHY,
    "Degraded": Phase.DEGRADED,
}
_OPERATION = {"Running": Phase.SYNCING, "Terminating": Phase.SYNCING, "Error": Phase.FAILED, "Failed": Phase.FAILED}
_MOST_REVISIONS = 20


def parse(payload: object, repository: str = "") -> tuple[Signal, ...]:
    """One signal for each revision that the Application is at; none where it says too little.

    The last one is about the newest revision. Of an Application with several sources only the one from ``repository``
    (owner/name) counts, where its URLs tell.
    """
    app = at(payload, "app") if isinstance(at(payload, "app"), dict) else payload
    status, application = at(app, "status"), qualified(at(app, "metadata", "namespace"), at(app, "metadata", "name"))
    phase = _phase(status)
    when = _when(status, phase)
    if application is None or when is None:
        return ()
    said = _words(status, phase)
    return tuple(
        Signal(source=SOURCE, application=application, phase=phase, at=when, revision=revision, message=said)
        for revision in _revisions(app, phase, repository)
    )


def _phase(status: object) -> Phase:
    operation = _OPERATION.get(str(at(status, "operationState", "phase")))
    if operation is not None:
        return operation
    health = _HEALTH.get(str(at(status, "health", "status")), Phase.SYNCED)
    return Phase.SYNCED if _is_stale(status) else health


def _is_stale(status: object) -> bool:
    """The health was last told before the operation, and Argo CD has not compared since its end."""
    changed = moment(at(status, "health", "lastTransitionTime"))
    started, finished = (moment(at(status, "operationState", name)) for name in ("startedAt", "finishedAt"))
    if changed is None or started is None or changed >= started:
        return False
    compared = moment(at(status, "reconciledAt"))
    return compared is None or finished is None or compared <= finished


def _when(status: object, phase: Phase) -> float | None:
    operation, compared = at(status, "operationState"), at(status, "reconciledAt")
    started, finished = at(operation, "startedAt"), at(operation, "finishedAt")
    changed = at(status, "health", "lastTransitionTime")
    match phase:
        case Phase.SYNCING:
            return newest(started)
        case Phase.FAILED | Phase.SYNCED:
            return newest(started, finished) or newest(compared)
        case _:
            return newest(started, finished, changed if newest(changed) is not None else compared)


def _revisions(app: object, phase: Phase, repository: str) -> list[str]:
    """What the operation applied; and, when that is settled, what the Application is in sync with: a later commit that
    changes nothing here moves only this one, without an operation."""
    status = at(app, "status")
    operation = at(status, "operationState")
    blocks = [at(operation, "syncResult") or at(operation, "operation", "sync")]
    if phase not in (Phase.SYNCING, Phase.FAILED) and at(status, "sync", "status") == "Synced" and _is_settled(status):
        blocks.append(at(status, "sync"))
    sources = items(at(app, "spec", "sources")) or [at(app, "spec", "source")]
    urls = [at(source, "repoURL") for source in sources]
    found = [commit for block in blocks for commit in _commits(block, urls, repository)]
    return list(dict.fromkeys(reversed(found)))[::-1]


def _is_settled(status: object) -> bool:
    """The comparison is not older than the operation, so that the two speak of the same state."""
    finished, compared = moment(at(status, "operationState", "finishedAt")), moment(at(status, "reconciledAt"))
    return finished is None or compared is None or compared >= finished


def _commits(block: object, urls: list[Any], repository: str) -> list[str]:
    """A chart's version is no commit."""
    revisions = items(at(block, "revisions"))[:_MOST_REVISIONS] or [at(block, "revision")]
    pairs = list(zip_longest(revisions, urls[: len(revisions)]))
    ours = [revision for revision, url in pairs if _is_of(url, repository)]
    return [revision for revision in ours or revisions if is_commit(revision)]


def _is_of(url: object, repository: str) -> bool:
    if not isinstance(url, str) or not repository:
        return False
    path = url.casefold().rstrip("/").removesuffix(".git")
    return path.endswith((f"/{repository.casefold()}", f":{repository.casefold()}"))


def _words(status: object, phase: Phase) -> str:
    """The operation's words while it speaks; else the health's, else those of the resource that spoils it."""
    if phase in (Phase.SYNCING, Phase.FAILED, Phase.SYNCED):
        return words(at(status, "operationState", "message"))
    return words(at(status, "health", "message")) or words(_culprit(status))


def _culprit(status: object) -> str:
    health = at(status, "health", "status")
    if health == "Healthy":
        return ""
    for resource in items(at(status, "resources")):
        if at(resource, "health", "status") == health:
            told = at(resource, "health", "message") or health
            return f"{at(resource, 'kind')} {at(resource, 'name')}: {told}"
    return ""
