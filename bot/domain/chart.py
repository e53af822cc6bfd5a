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


@dataclass(frozen=True)
class Sparkline:
    """A cell of a grid: the last windows of one problem, oldest first, None where nothing is known of one; ``limit`` is
    1. ``state`` says in a word how it stands, ``bad`` whether that needs somebody. ``scored``: the points are figures;
    else some of them only stand for a verdict."""

    title: str
    place: str
    state: str
    points: tuple[float | None, ...]
    bad: bool = True
    scored: bool = True

    @property
    def newest(self) -> float | None:
        """The last one that is known."""
        return next((point for point in reversed(self.points) if point is not None), None)


@dataclass(frozen=True)
class SparkGrid:
    """Sparklines side by side, the worst first."""

    title: str
    cells: tuple[Sparkline, ...]


@dataclass(frozen=True)
class ShapePanel:
    """A feature's shares by bin, from 0 to 1, reference beside current; ``note`` says how far they are apart.
    ``edges`` has one more than there are bins, for numbers; ``labels`` as many, for categories."""

    name: str
    note: str
    reference: tuple[float, ...]
    current: tuple[float, ...]
    edges: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeatureShapes:
    """How features were and how they are now, one under the other, the worst first."""

    title: str
    panels: tuple[ShapePanel, ...]


Chart = MetricOverVersions | SliceDots | SparkGrid | FeatureShapes
