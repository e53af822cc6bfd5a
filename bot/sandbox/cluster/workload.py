"""One workload of the cluster as a value: what it should run, what it runs, how it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.cluster.tree import Wanted

Doc = dict[str, Any]


@dataclass(frozen=True)
class Workload:
    """``version`` and ``revision`` are what was synced last; ``serving`` the last version that was healthy.

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

    @property
    def key(self) -> tuple[str, str]:
        """Model and environment."""
        return self.model, self.environment

    @property
    def runs(self) -> tuple[str, str | None]:
        """Model and version."""
        return self.model, self.version

    def doc(self) -> Doc:
        """As the page and the tests see it."""
        return asdict(self)

    def differs(self, wanted: Wanted) -> bool:
        """Whether a sync has something to change."""
        what = wanted.what
        return (self.version, self.image, self.uri) != (what.version, what.image, what.uri)

    def turned(self, health: str, message: str, at: str) -> Workload:
        """The same with another health."""
        serving = self.version if health == "Healthy" else self.serving
        return replace(self, health=health, message=message, since=at, serving=serving)


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
        message=f"rolling out {what.artifact}",
        serving=before.serving if before else None,
        started=at,
    )


def stamp(seconds: float) -> str:
    """RFC 3339 in UTC of seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
