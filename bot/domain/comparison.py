"""The candidate beside the version that is deployed: everything that differs, ready for any surface. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from bot.domain.compared import Compared
from bot.domain.facts import DatasetInput

Missing = Literal["candidate", "deployed", "commits", "requirements", "elsewhere"]
"""What could not be asked for now."""


@dataclass(frozen=True)
class MetricDelta:
    """One metric of both. ``difference`` is new minus old; ``percent`` the same in per cent of the old value's size,
    None where that is nothing; ``better`` is None where that cannot be said."""

    name: str
    before: float | None
    after: float | None
    difference: float | None = None
    percent: float | None = None
    better: bool | None = None
    primary: bool = False

    @property
    def same(self) -> bool:
        """Both have it, and it did not move; not a number is like itself."""
        if self.before is None or self.after is None:
            return False
        return self.before == self.after or (math.isnan(self.before) and math.isnan(self.after))


@dataclass(frozen=True)
class Changed:
    """A named value of both; None where it is not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Elsewhere:
    """What another environment has of the model now; ``version`` None where nothing is pinned."""

    environment: str
    version: str | None


@dataclass(frozen=True)
class Comparison:
    """``frm`` is None for a first deployment, ``known_before`` False where the registry does not tell of it now.

    ``params`` and ``requirements`` hold what differs only; ``commits`` is None where there is no link to compare.
    ``signature`` are sentences. ``created_at`` is when the candidate was registered, in seconds since the epoch.
    ``missing`` names what could not be asked for now, so that nobody takes its absence for "no difference".
    """

    model: str
    environment: str
    frm: str | None
    to: str
    known_before: bool
    metrics: tuple[MetricDelta, ...] = ()
    params: tuple[Changed, ...] = ()
    datasets: tuple[DatasetInput, ...] = ()
    datasets_before: tuple[DatasetInput, ...] = ()
    requirements: tuple[Changed, ...] = ()
    commit: str | None = None
    commit_before: str | None = None
    commits: Compared | None = None
    signature: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    owners: tuple[str, ...] = ()
    created_at: float | None = None
    created_before: float | None = None
    missing: tuple[Missing, ...] = ()
    deep: bool = True
    """False where nothing was waited for: then commits and libraries were not asked for, and may be known elsewhere."""

    @property
    def tells(self) -> bool:
        """The registry told of the candidate, and there is something to lay side by side."""
        facts = (self.metrics, self.params, self.datasets, self.datasets_before, self.requirements, self.commits)
        return "candidate" not in self.missing and any(facts)
