"""One workload of the cluster as a value: what it should run, what it runs, how it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.cluster.traffic import Shares, split
from bot.sandbox.cluster.tree import Wanted

Doc = dict[str, Any]


@dataclass(frozen=True)
class Workload:
    """``version``, ``percent`` and ``revision`` are what was synced last.

    ``serving`` is the last version that was healthy with all requests, ``traffic`` the share of the requests that each
    version answers now. Requests move only to what is healthy, as Knative does it.
    ``health`` is Progressing, Healthy or Degraded, ``phase`` the sync operation's: Running, Succeeded or Failed. The
    words are Argo CD's, https://argo-cd.readthedocs.io/en/stable/operator-manual/health/. Times are RFC 3339; ``since``
    is the health's last transition.
    """

    model: str
    environment: str
    version: str | None
    revision: str
    health: str
    phase: str
    since: str
    file: str
    kind: str
    namespace: str
    image: str | None = None
    uri: str | None = None
    message: str = ""
    serving: str | None = None
    started: str = ""
    finished: str = ""
    percent: int = 100
    traffic: Shares = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Model and environment."""
        return self.model, self.environment

    @property
    def asked(self) -> Shares:
        """The versions that have to answer requests, with their shares."""
        return split(self.version, self.percent, self.serving)

    def doc(self) -> Doc:
        """As the page and the tests see it."""
        return asdict(self)

    def differs(self, wanted: Wanted) -> bool:
        """Whether a sync has something to change."""
        what = wanted.what
        return (self.version, self.image, self.uri, self.percent) != (what.version, what.image, what.uri, what.percent)

    def turned(self, health: str, message: str, at: str) -> Workload:
        """The same with another health."""
        changed = replace(self, health=health, message=message, since=at)
        if health != "Healthy":
            return changed
        return replace(changed, traffic=self.asked, serving=self.version if self.whole else self.serving)

    @property
    def whole(self) -> bool:
        """Whether one version has to answer everything."""
        return self.percent == 100 or self.serving in (None, self.version)


def synced(wanted: Wanted, revision: str, at: str, before: Workload | None) -> Workload:
    """A workload whose sync to ``revision`` has just begun."""
    what = wanted.what
    return Workload(
        model=what.model,
        environment=what.environment,
        version=what.version,
        revision=revision,
        health="Progressing",
        phase="Running",
        since=at,
        file=wanted.file,
        kind=what.kind,
        namespace=what.namespace,
        image=what.image,
        uri=what.uri,
        message=_rolling(wanted, before),
        serving=before.serving if before else None,
        started=at,
        percent=what.percent,
        traffic=before.traffic if before else {},
    )


def _rolling(wanted: Wanted, before: Workload | None) -> str:
    what = wanted.what
    if before and (before.uri, before.image, before.version) == (what.uri, what.image, what.version):
        return f"giving {what.percent} % of the requests to {what.artifact}"
    return f"rolling out {what.artifact}"


def stamp(seconds: float) -> str:
    """RFC 3339 in UTC of seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
