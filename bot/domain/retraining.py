"""A retraining: asked for, running, and what came of it. Rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.people import Person

Value = str | bool | int | float
"""What an input of a training may be."""
EngineOfTraining = Literal["github", "airflow", "kubeflow", "webhook"]


class RetrainState(StrEnum):
    """``asked``: written down, perhaps not yet started; ``lost``: nobody can tell any more."""

    ASKED = "asked"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True)
class RetrainRule:
    """How a model is trained again. ``where`` holds what the engine needs: a repository and a workflow, a DAG, a
    pipeline, a URL; ``secret`` names an environment variable with the token. ``to`` is the environment that the new
    version is proposed for; None: the first of the promotion order. ``roles`` are those who may ask; None: owners, and
    whoever may promote the model there. ``cooldown`` and ``timeout`` in seconds."""

    engine: EngineOfTraining
    where: Mapping[str, str] = field(default_factory=dict, hash=False)
    inputs: Mapping[str, Value] = field(default_factory=dict, hash=False)
    secret: str = ""
    cooldown: float = 86400.0
    timeout: float = 86400.0
    to: str | None = None
    roles: frozenset[str] | None = None


class Retraining(BaseModel):
    """One retraining. ``id`` is a ULID. ``run`` is what the engine calls it, ``url`` where people see it, ``version``
    what came of it. Times in seconds since the epoch."""

    model_config = ConfigDict(frozen=True)
    id: str
    model: str
    environment: str
    registered: str = ""
    """The model's name in the registry."""
    state: RetrainState
    by: Person
    reason: str | None
    asked: float
    incident: str = ""
    also: tuple[str, ...] = ()
    """Other incidents on account of which somebody asked for it while it ran."""
    engine: str = ""
    rule: RetrainRule | None = None
    """How it was started: it is looked at there, whatever the policy says by then."""
    to: str = ""
    """The environment that the new version is proposed for."""
    serving: str = ""
    """The version that served when it was asked for."""
    run: str = ""
    url: str = ""
    status: str = ""
    """Webhooks only: where to ask how it goes."""
    tried: float | None = None
    """When the engine was last asked to start it."""
    unsure: str = ""
    """Why nobody can tell yet whether an earlier try began it; empty where that is known."""
    started: float | None = None
    ended: float | None = None
    """When it was seen to have ended."""
    finished: float | None = None
    """When it ended, as the engine says."""
    silent: int = 0
    """How many looks in a row the engine, or after its end the registry, has not answered."""
    commit: str = ""
    """The commit of the training code, where the engine tells it."""
    named: str = ""
    """The version that the engine says came of it."""
    version: str | None = None
    proposed: str = ""
    """The key of the row that proposed the version."""
    message: str = ""
    settled: bool = False
    """All that follows from its end was done and told."""

    @property
    def runs(self) -> bool:
        """Asked for, and not known to have ended."""
        return self.state in (RetrainState.ASKED, RetrainState.RUNNING)


@dataclass(frozen=True)
class Started:
    """What an engine said of a run: started now, or looked at later."""

    run: str
    state: RetrainState
    url: str = ""
    message: str = ""
    version: str | None = None
    status: str = ""
    """Where to ask how it goes, where the engine told that with the start."""
    commit: str = ""
    """The commit of the training code."""
    ended: float | None = None
    """When it ended, in seconds since the epoch, where the engine tells that."""
