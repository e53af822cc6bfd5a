"""What a rollout engine says about an application, whichever engine it is."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

MESSAGE_LIMIT = 500
"""Characters of an engine's message that are kept; more is a log, not a message."""


class Phase(StrEnum):
    """How far an engine is. ``synced``: applied, health not told; ``alert`` and ``calm``: an alert about the model
    fires, or fires no more (it never proves health)."""

    SYNCING = "syncing"
    SYNCED = "synced"
    PROGRESSING = "progressing"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILED = "failed"
    ALERT = "alert"
    CALM = "calm"


class Signal(BaseModel):
    """One word of an engine. ``at`` is the engine's own time, in seconds since the epoch: it orders signals, whatever
    the order in which they arrive.

    ``application`` is the engine's name for what is rolled out (Argo CD's Application, Flux's Kustomization, GitHub's
    environment), with its namespace in front where the engine has one: `argocd/fraud-detector-production`. ``revision``
    is a commit id, None for alerts. ``model`` and ``environment`` are set where the source names them itself; ``kind``
    says what sort of trouble an alert is about, where it says that.
    """

    model_config = ConfigDict(frozen=True)
    source: str
    application: str
    phase: Phase
    at: float
    revision: str | None = None
    message: str = ""
    model: str | None = None
    environment: str | None = None
    kind: str | None = None

    @property
    def key(self) -> str:
        """The delivery key: source, object, revision, phase and the engine's own time. A redelivery has the same."""
        return f"{self.source}:{self.application}:{self.revision or '-'}:{self.phase.value}:{self.at:.3f}"
