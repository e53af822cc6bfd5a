"""What was observed, as the decisions see it. No type here knows an SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

MLMODEL_DIGEST = "mlmodel-sha256:"
"""How an artifact's digest begins that is only the one of its MLmodel file."""


@dataclass(frozen=True)
class DatasetInput:
    """One data set that a run used. MLflow's digest covers only the first rows of the data."""

    name: str
    digest: str
    context: str | None = None


@dataclass(frozen=True)
class Column:
    """One input or output of a model, as MLflow's schema has it; ``type`` with its shape for a tensor."""

    name: str
    type: str
    required: bool = True


@dataclass(frozen=True)
class Signature:
    """What a model takes and gives (https://mlflow.org/docs/latest/ml/model/signatures/)."""

    inputs: tuple[Column, ...] = ()
    outputs: tuple[Column, ...] = ()


@dataclass(frozen=True)
class ModelVersion:
    """One registered version. ``metrics`` are the logged model's, else the run's; ``conflicts`` names unclear ones."""

    model: str
    version: str
    run_id: str | None
    model_id: str | None
    experiment_id: str | None
    source: str | None
    created_at: float
    status: str = "READY"
    aliases: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    params: dict[str, str] = field(default_factory=dict)
    datasets: tuple[DatasetInput, ...] = ()
    git_commit: str | None = None
    artifact_digest: str | None = None
    signature: Signature | None = None
    started_at: float | None = None
    """When its run began, in seconds since the epoch."""
    series: frozenset[str] = frozenset()
    """Metrics that were logged more than once: their value here is the last one."""


class CheckState(StrEnum):
    """A commit check, after the newest run of each name."""

    SUCCESS = "success"
    FAILURE = "failure"
    PENDING = "pending"


@dataclass(frozen=True)
class Check:
    """One commit check of a head: a check run, or a commit status that is not ours."""

    name: str
    state: CheckState
    summary: str = ""
    url: str | None = None
    started_at: float | None = None
    """In seconds since the epoch, where it is known."""


@dataclass(frozen=True)
class Status:
    """One commit status. ``state`` is success, pending, failure or error; ``url`` leads to more about it, where it has
    a place of its own: `same_status` compares it, `==` does not."""

    context: str
    state: str
    description: str
    url: str | None = field(default=None, compare=False)


class Verdict(StrEnum):
    """What a review says. ``dismissed`` is a review that somebody or a push took away."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"


@dataclass(frozen=True)
class ForgeReview:
    """One review as the forge tells it, oldest first in lists. ``commit`` is the head that it was made on."""

    id: int
    login: str
    verdict: Verdict
    commit: str
    body: str
    submitted_at: float
    account: int = 0
    """The number of the account, which a rename does not change; 0 where it is not known."""
    robot: bool = False
    """The account is an App's or another machine's."""
    was: Verdict | None = None
    """What a dismissed review said; None where it is not known."""
    by_push: bool = False
    """A push dismissed it, and nobody else."""


@dataclass(frozen=True)
class Pull:
    """One pull request as the forge tells it. ``mergeable`` is None while the forge is still working it out.

    ``outdated``: all that keeps it from merging is a rule that the branch must hold its whole base.
    """

    number: int
    url: str
    title: str
    body: str
    author: str
    state: Literal["open", "closed"]
    merged: bool
    head: str
    head_ref: str
    base: str
    base_ref: str
    labels: tuple[str, ...]
    updated_at: float
    mergeable: bool | None = None
    merge_commit: str | None = None
    merged_at: float | None = None
    closed_by: str | None = None
    outdated: bool = False
    author_account: int = 0
    draft: bool = False
    queued: bool = False
    """It stands in the forge's merge queue; told only where one pull request is asked for."""


@dataclass(frozen=True)
class QueueEntry:
    """One pull request in the forge's merge queue. ``group`` is the commit that was built of it and of all before it on
    ``base``, None while there is none; ``head`` is the pull request's head; ``at``: since when, in epoch seconds.
    """

    number: int
    head: str
    position: int
    state: str = ""
    group: str | None = None
    base: str | None = None
    at: float = 0.0


class MergeResult(StrEnum):
    """How an attempt to merge ended. ``moved``: the head is not the one judged. ``blocked``: a branch rule says no.
    ``queued``: it stands in the forge's merge queue, which merges it."""

    MERGED = "merged"
    MOVED = "moved"
    BLOCKED = "blocked"
    QUEUED = "queued"


@dataclass(frozen=True)
class MergeOutcome:
    """The end of an attempt to merge: the merge commit, or the forge's own words."""

    result: MergeResult
    commit: str | None = None
    message: str = ""


@dataclass(frozen=True)
class HistoryEntry:
    """One first-parent commit that touched the paths asked for; ``time`` in seconds since the epoch.

    ``blobs`` holds the blob id, as of this commit, of each of those paths that was a regular file then; ``parent`` is
    the commit before it, None for the first.
    """

    commit: str
    time: float
    author: str
    message: str
    blobs: Mapping[str, str] = field(default_factory=dict, hash=False)
    parent: str | None = None
