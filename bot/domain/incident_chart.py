"""The picture of an incident: how its worst features were, and how they are now. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from bot.domain.chart import FeatureShapes, ShapePanel
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.windows import Shape
from bot.domain.figures import figure
from bot.domain.incident_words import aspect_of, figure_of

PANELS, BINS, CATEGORIES, NAMED = 4, 30, 8, 3
TITLE, LABEL = 100, 60
OTHERS = "all others"
Rows = list[tuple[str, float, float]]
"""Label, reference, current."""


def shapes_of(incident: Incident) -> FeatureShapes | None:
    """The distributions that its monitors told of the worst features; None where they told none."""
    panels = [panel for shape in incident.shapes if (panel := _panel(incident, shape)) is not None]
    title = f"{aspect_of(incident).capitalize()} of {incident.model}, {incident.environment}"
    return FeatureShapes(_short(title, TITLE), tuple(panels[:PANELS])) if panels else None


def _panel(incident: Incident, shape: Shape) -> ShapePanel | None:
    """None for what says nothing: no bins, sides of different lengths, edges that do not rise."""
    many = len(shape.reference)
    if not many or many != len(shape.current) or not any((*shape.reference, *shape.current)):
        return None
    name = _short(shape.feature or "the model as a whole", LABEL)
    note = next((figure_of(one) for one in incident.readings if one.feature == shape.feature), "")
    if _rises(shape.edges) and len(shape.edges) == many + 1:
        edges, reference, current = _merged(shape)
        return ShapePanel(name, note, reference, current, edges=edges)
    if len(shape.labels) != many:
        return None
    rows = _largest(list(zip(shape.labels, shape.reference, shape.current, strict=True)))
    labels, reference, current = zip(*rows, strict=True)
    return ShapePanel(name, note, reference, current, labels=tuple(_short(one, LABEL) for one in labels))


def _rises(edges: Sequence[float]) -> bool:
    return all(math.isfinite(one) for one in edges) and all(a < b for a, b in itertools.pairwise(edges))


def _merged(shape: Shape) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Neighbouring bins together, where there are more than can be told apart."""
    every = -(-len(shape.reference) // BINS)
    starts = range(0, len(shape.reference), every)
    edges = (*(shape.edges[at] for at in starts), shape.edges[-1])
    sides = (tuple(sum(side[at : at + every]) for at in starts) for side in (shape.reference, shape.current))
    reference, current = sides
    return edges, reference, current


def _largest(rows: Rows) -> Rows:
    """Those with most of either side; what is left in one row at the end."""
    if len(rows) <= CATEGORIES:
        return sorted(rows, key=lambda row: -max(row[1:]))
    ranked = sorted(rows, key=lambda row: -max(row[1:]))
    shown, rest = ranked[: CATEGORIES - 1], ranked[CATEGORIES - 1 :]
    return [*shown, (f"{OTHERS} ({len(rest)})", sum(row[1] for row in rest), sum(row[2] for row in rest))]


def shapes_words(chart: FeatureShapes) -> str:
    """What the picture shows, for those who cannot see it."""
    told = " ".join(_words(panel) for panel in chart.panels)
    return f"{chart.title}: reference against current, the worst feature first. {told}"


def _words(panel: ShapePanel) -> str:
    moved = sorted(range(len(panel.reference)), key=lambda at: -abs(panel.current[at] - panel.reference[at]))[:NAMED]
    sides = ", ".join(
        f"{_bin(panel, at)} {percent(panel.reference[at])} → {percent(panel.current[at])}" for at in moved
    )
    note = f" ({panel.note})" if panel.note else ""
    return f"{panel.name}{note}: {sides}."


def _bin(panel: ShapePanel, at: int) -> str:
    return panel.labels[at] if panel.labels else f"{figure(panel.edges[at], 3)} to {figure(panel.edges[at + 1], 3)}"


def percent(share: float) -> str:
    """`98 %`, `0.4 %`."""
    value = share * 100
    return f"{value:.0f} %" if value >= 9.95 or value == 0 else f"{value:.1f} %"


def _short(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
