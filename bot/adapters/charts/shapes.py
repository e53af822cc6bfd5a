"""How features were and how they are now: light bars and a dark line for numbers, pairs of bars for categories.

The two sides differ in form as well: the reference is a hollow bar or a light area, the current side dark.
"""

from __future__ import annotations

from bot.adapters.charts.canvas import FAINT, GREY, INK, NEW, OLD, PAPER, SMALL, TITLE, Canvas, Point
from bot.domain.chart import FeatureShapes, ShapePanel
from bot.domain.figures import figure
from bot.domain.incident_chart import percent

WIDTH, SIDE = 520, 20
TOP, HEAD, FOOT, GAP = 78, 42, 24, 18
PLOT, ROW, NAME, VALUE = 96, 30, 150, 110
AREA = "#c9d1dc"


def draw_shapes(chart: FeatureShapes) -> bytes:
    """The PNG; it is as high as its panels need."""
    heights = [_height(panel) for panel in chart.panels]
    page = Canvas(WIDTH, TOP + sum(heights) + GAP * len(heights))
    page.text((SIDE, 30), page.fitted(chart.title, WIDTH - 2 * SIDE, TITLE), TITLE)
    _legend(page)
    y = float(TOP)
    for index, (panel, height) in enumerate(zip(chart.panels, heights, strict=True), 1):
        _head(page, panel, y, index)
        (_bars if panel.labels else _steps)(page, panel, y + HEAD)
        y += height + GAP
    return page.png()


def _height(panel: ShapePanel) -> int:
    return HEAD + (ROW * len(panel.labels) if panel.labels else PLOT + FOOT)


def _legend(page: Canvas) -> None:
    page.box((SIDE, 46), (SIDE + 16, 58), AREA, OLD)
    page.text((SIDE + 24, 52), "reference", anchor="lm")
    x = SIDE + 24 + page.wide("reference") + 24
    page.box((x, 46), (x + 16, 58), NEW)
    page.text((x + 24, 52), "current", anchor="lm")


def _head(page: Canvas, panel: ShapePanel, y: float, place: int) -> None:
    """The name, and under it how far the two are apart: both may be long."""
    name = panel.name if page.legible(panel.name) else f"{place}: {panel.name}"
    page.text((SIDE, y + 14), page.fitted(name, WIDTH - 2 * SIDE))
    page.text((SIDE, y + 31), page.fitted(panel.note, WIDTH - 2 * SIDE, SMALL), SMALL, GREY)


def _steps(page: Canvas, panel: ShapePanel, y: float) -> None:
    """Numbers: bins as wide as each other, since those of quantiles differ a thousandfold."""
    most = max((*panel.reference, *panel.current)) or 1.0
    wide, foot = (WIDTH - 2 * SIDE) / len(panel.reference), y + PLOT
    line: list[Point] = []
    for index, (before, after) in enumerate(zip(panel.reference, panel.current, strict=True)):
        left = SIDE + wide * index
        if before > 0:
            page.box((left, foot - _up(before, most)), (left + wide, foot), AREA, OLD)
        line += [(left, foot - _up(after, most)), (left + wide, foot - _up(after, most))]
    page.line([(SIDE, foot), (WIDTH - SIDE, foot)], GREY)
    page.line([(SIDE, foot), *line, (WIDTH - SIDE, foot)], NEW, 2.5)
    page.text((WIDTH - SIDE, y + 2), f"tallest {percent(most)}", SMALL, GREY, "rs", halo=2)
    _edges(page, panel, foot + 16)


def _up(share: float, most: float) -> float:
    return (PLOT - 8) * min(1.0, max(0.0, share / most))


def _edges(page: Canvas, panel: ShapePanel, y: float) -> None:
    """The first, the last, and the one in the middle where there is room."""
    first, last = figure(panel.edges[0], 3), figure(panel.edges[-1], 3)
    page.text((SIDE, y), first, SMALL, GREY)
    page.text((WIDTH - SIDE, y), last, SMALL, GREY, "rs")
    if len(panel.edges) > 2:
        at = len(panel.edges) // 2
        x = SIDE + (WIDTH - 2 * SIDE) / (len(panel.edges) - 1) * at
        page.text((x, y), figure(panel.edges[at], 3), SMALL, GREY, "ms")


def _bars(page: Canvas, panel: ShapePanel, y: float) -> None:
    most = max((*panel.reference, *panel.current)) or 1.0
    left, room = SIDE + NAME, WIDTH - 2 * SIDE - NAME - VALUE
    page.line([(left, y), (left, y + ROW * len(panel.labels))], FAINT)
    for index, label in enumerate(panel.labels):
        top, before, after = y + ROW * index, panel.reference[index], panel.current[index]
        name = label if page.legible(label) else f"{index + 1}: {label}"
        page.text((left - 10, top + ROW / 2), page.fitted(name or "(empty)", NAME - 10), SMALL, INK, "rm")
        page.box((left, top + 4), (left + room * _part(before, most) + 1, top + 14), AREA if before else PAPER, OLD)
        page.box((left, top + 16), (left + room * _part(after, most) + 1, top + 26), NEW)
        words = f"{percent(before)} → {percent(after)}"
        page.text((WIDTH - SIDE, top + ROW / 2), words, SMALL, INK, "rm")


def _part(share: float, most: float) -> float:
    return min(1.0, max(0.0, share / most))
