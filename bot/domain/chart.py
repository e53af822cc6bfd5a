"""Pictures, by meaning; an adapter draws them. Each has words for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MetricOverVersions:
    """A metric over the versions of a model, oldest first. ``deployed`` and ``candidate`` are marked."""

    title: str
    points: tuple[tuple[str, float], ...]
    deployed: str | None
    candidate: str
    limit: float | None = None
    """A threshold, where a gate names one."""


@dataclass(frozen=True)
class SliceDots:
    """A metric of each slice, before and after, worst first. ``before`` is None where there is nothing to compare."""

    title: str
    slices: tuple[tuple[str, float | None, float], ...]
    frm: str | None
    to: str
    limit: float | None = None


Chart = MetricOverVersions | SliceDots
