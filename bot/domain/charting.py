"""Which picture says more than the table: slices as dots, else the primary metric over the versions. Pure."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Sequence

from bot.domain.chart import Chart, FeatureShapes, MetricOverVersions, SliceDots, SparkGrid, Sparkline
from bot.domain.comparison import Comparison, MetricDelta
from bot.domain.facts import ModelVersion
from bot.domain.figures import figure
from bot.domain.incident_chart import shapes_words
from bot.domain.policy import Gate, MetricGate
from bot.domain.wording import one_line, short

VERSIONS_SHOWN, LEAST_VERSIONS = 20, 3
SLICES_SHOWN, LEAST_SLICES = 20, 2
TITLE, NAME, WORDS = 80, 60, 900
ROOMS = (60, 36, 24, 12)


def slices_of(comparison: Comparison, gates: Sequence[Gate]) -> SliceDots | None:
    """The slices of the first gate on a pattern that several metrics match, the worst first."""
    for gate in _on_metrics(gates):
        if not any(ch in gate.metric for ch in "*?["):
            continue
        found = [one for one in comparison.metrics if fnmatch.fnmatchcase(one.name, gate.metric) and _number(one.after)]
        if len(found) >= LEAST_SLICES:
            return _dots(comparison, gate, found)
    return None


def _dots(comparison: Comparison, gate: MetricGate, found: list[MetricDelta]) -> SliceDots:
    sign = 1 if gate.direction == "higher" else -1
    worst = sorted(found, key=lambda one: (sign * (one.after or 0.0), one.name))[:SLICES_SHOWN]
    slices = tuple(
        (_short(one.name, NAME), one.before if _number(one.before) else None, one.after or 0.0) for one in worst
    )
    more = f" (the worst {len(worst)} of {len(found)})" if len(found) > len(worst) else ""
    before = short(comparison.frm) if comparison.frm and any(one[1] is not None for one in slices) else None
    title = f"{_short(gate.metric, TITLE)} of {_short(comparison.model, TITLE)}{more}"
    return SliceDots(title, slices, before, short(comparison.to), gate.threshold)


def charted_metric(comparison: Comparison, gates: Sequence[Gate]) -> MetricDelta | None:
    """The primary metric, else the first that a gate names; None where the candidate has no such number."""
    named = {gate.metric for gate in _on_metrics(gates)}
    wanted = [one for one in comparison.metrics if one.primary] or [m for m in comparison.metrics if m.name in named]
    return wanted[0] if wanted and _number(wanted[0].after) else None


def over_versions(
    comparison: Comparison, metric: MetricDelta, gates: Sequence[Gate], known: Sequence[ModelVersion]
) -> MetricOverVersions | None:
    """The metric of the newest versions and of the two, oldest first; None for so few that the table says it all."""
    values = {one.version: (one.created_at, one.metrics[metric.name]) for one in known if metric.name in one.metrics}
    if comparison.frm and metric.before is not None:
        values[comparison.frm] = (comparison.created_before or 0.0, metric.before)
    values[comparison.to] = (comparison.created_at or math.inf, metric.after or 0.0)
    told = sorted((when, version, value) for version, (when, value) in values.items() if math.isfinite(value))
    if len(told) < LEAST_VERSIONS:
        return None
    ours = {comparison.frm, comparison.to}
    others = [version for _, version, _ in told if version not in ours]
    shown = ours | set(others[-(VERSIONS_SHOWN - len(ours)) :])
    points = tuple((short(version), value) for _, version, value in told if version in shown)
    limit = next((gate.threshold for gate in _on_metrics(gates) if gate.metric == metric.name and gate.threshold), None)
    title = f"{_short(metric.name, TITLE)} of {_short(comparison.model, TITLE)}"
    deployed = short(comparison.frm) if comparison.frm else None
    return MetricOverVersions(title, points, deployed, short(comparison.to), limit)


def words(chart: Chart) -> str:
    """What the picture shows, for those who cannot see it."""
    if isinstance(chart, SparkGrid):
        return _short(_grid_words(chart), WORDS)
    if isinstance(chart, FeatureShapes):
        return _short(shapes_words(chart), WORDS)
    text = _versions_words(chart) if isinstance(chart, MetricOverVersions) else _slices_words(chart)
    return _short(text, WORDS)


def _versions_words(chart: MetricOverVersions) -> str:
    marks = {chart.deployed: " (deployed)", chart.candidate: " (candidate)"}
    told = ", ".join(f"{version}{marks.get(version, '')} {figure(value)}" for version, value in reversed(chart.points))
    return f"Line chart of {chart.title} over {len(chart.points)} versions, newest first: {told}.{_limit(chart.limit)}"


def _slices_words(chart: SliceDots) -> str:
    told = ", ".join(
        f"{name} {figure(after)}" if before is None else f"{name} {figure(before)} → {figure(after)}"
        for name, before, after in chart.slices
    )
    sides = f"{chart.frm} and {chart.to}" if chart.frm else chart.to
    return f"Dots for {chart.title}, {sides}, worst first: {told}.{_limit(chart.limit)}"


def _grid_words(chart: SparkGrid) -> str:
    """Every cell, with names as long as there is room for all."""
    told = (_cells_words(chart, room) for room in ROOMS)
    return next((text for text in told if len(text) <= WORDS), _cells_words(chart, ROOMS[-1]))


def _cells_words(chart: SparkGrid, room: int) -> str:
    told = "; ".join(
        f"{_short(cell.title, room)}, {_short(cell.place, room)}: {cell.state}, {_last(cell)}" for cell in chart.cells
    )
    return f"Sparklines: {chart.title}, the worst first, in times the limit. {told}."


def _last(cell: Sparkline) -> str:
    if cell.newest is None:
        return "nothing known"
    if not cell.scored:
        return "beyond it now" if cell.newest > 1 else "within it now"
    most = max(point for point in cell.points if point is not None)
    return f"{figure(cell.newest, 2)} now" + (f", {figure(most, 2)} at most" if most > cell.newest else "")


def _limit(limit: float | None) -> str:
    return "" if limit is None else f" The limit is {figure(limit)}."


def _on_metrics(gates: Sequence[Gate]) -> list[MetricGate]:
    return [gate for gate in gates if isinstance(gate, MetricGate)]


def _number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _short(text: str, limit: int) -> str:
    line = one_line(text)
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
