"""The CI of a commit, and when it is news."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CiState(StrEnum):
    """Where a check of a commit stands. ``skipped`` says nothing, neither good nor bad."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class CiRun:
    """The newest run of one check of one commit: a check run, a workflow run or a commit status. ``gate`` is its name;
    ``at`` when it last moved, by the forge's time, in seconds since the epoch; ``excerpt`` an annotation or the end of
    the log; ``rerun`` what the forge calls that which is to run again, the same for all that run again together, empty
    where nothing can; ``source`` what the forge calls this run itself."""

    gate: str
    state: CiState
    at: float
    url: str | None = None
    summary: str = ""
    excerpt: str = ""
    rerun: str = ""
    source: str = ""
