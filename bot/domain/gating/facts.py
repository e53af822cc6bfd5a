"""What gates are judged by: everything that was looked up, and what nobody could tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.facts import Check, ModelVersion
from bot.domain.soak import SoakFacts


@dataclass(frozen=True)
class OpenIncident:
    """An open problem of one model in one environment. ``since`` in seconds since the epoch."""

    kind: str
    words: str
    since: float
    url: str | None = None


@dataclass(frozen=True)
class Answer:
    """What an HTTP gate answered. ``state`` is unknown where it did not, and ``observed`` says why."""

    state: Literal["pass", "fail", "unknown", "skipped"]
    observed: str
    required: str = ""
    url: str | None = None


@dataclass(frozen=True)
class GateFacts:
    """Whatever is missing from a mapping was not looked up, which is unknown.

    ``first``: nothing was pinned before. ``checks`` is None before there is a commit. ``soaked``: by the stage that is
    waited for. ``aliased``: by alias; None: nothing has that alias. ``on_branch``: by (repository, branch), whether the
    training commit is on it; None: nobody can tell. ``artifact``: whether it is there; None: nobody can tell.
    ``digest``: the artifact's when the change was asked for. ``incidents``: None where they cannot be read.
    ``answers``: by the name of the gate.
    """

    now: float
    candidate: ModelVersion | None
    deployed: ModelVersion | None
    first: bool = False
    checks: Sequence[Check] | None = None
    soaked: Mapping[str, SoakFacts] = field(default_factory=dict)
    aliased: Mapping[str, ModelVersion | None] = field(default_factory=dict)
    on_branch: Mapping[tuple[str, str], bool | None] = field(default_factory=dict)
    repo: str | None = None
    """The model's own repository, owner/name."""
    artifact: bool | None = None
    digest: str | None = None
    incidents: tuple[OpenIncident, ...] | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
