"""A metric of each slice: a ring for before, a diamond for after, a line between them."""

from __future__ import annotations

from bot.adapters.charts.axis import axis, named
from bot.adapters.charts.canvas import FAINT, GREY, INK, LIMIT, NEW, OLD, PAPER, SMALL, TITLE, Canvas
from bot.domain.chart import SliceDots
from bot.domain.figures import figure

WIDTH, ROW, TOP, BOTTOM = 520, 26, 84, 40
LEFT, RIGHT = 170, 70


def draw_slices(chart: SliceDots) -> bytes:
    """The PNG; it is as high as there are slices."""
    page = Canvas(WIDTH, TOP + ROW * len(chart.slices) + BOTTOM)
    known = [value for _, before, after in chart.slices for value in (before, after) if value is not None]
    along = axis([*known, chart.limit] if chart.limit is not None else known, LEFT, WIDTH - RIGHT)
    foot = page.height - BOTTOM
    page.text((20, 30), page.fitted(chart.title, WIDTH - 40, TITLE), TITLE)
    _legend(page, chart)
    for value in along.ticks():
        page.line([(along.at(value), TOP - 6), (along.at(value), foot)], FAINT)
        page.text((along.at(value), foot + 18), named(value), SMALL, GREY, "ms")
    if chart.limit is not None:
        x = along.at(chart.limit)
        page.dashes((x, TOP - 6), (x, foot), LIMIT)
    for index, (name, before, after) in enumerate(chart.slices):
        y = TOP + ROW * (index + 0.5)
        label = name if page.legible(name) else f"{index + 1}: {name}"  # its place: the worst is the first
        page.text((LEFT - 14, y), page.fitted(label, LEFT - 34), anchor="rm")
        if before is not None:
            page.line([(along.at(before), y), (along.at(after), y)], OLD, 2)
            page.dot((along.at(before), y), 6, PAPER, INK)
        page.diamond((along.at(after), y), 7, NEW)
        page.text((WIDTH - RIGHT + 14, y), page.fitted(figure(after), RIGHT - 20), anchor="lm")
    return page.png()


def _legend(page: Canvas, chart: SliceDots) -> None:
    x = 20.0
    if chart.frm is not None:
        page.dot((x + 8, 52), 6, PAPER, INK)
        x = _said(page, x + 22, f"before: {chart.frm}")
    page.diamond((x + 8, 52), 7, NEW)
    x = _said(page, x + 22, f"after: {chart.to}")
    if chart.limit is not None:
        page.dashes((x, 52), (x + 22, 52), LIMIT)
        page.text((x + 30, 52), f"limit {figure(chart.limit)}", colour=LIMIT, anchor="lm")


def _said(page: Canvas, x: float, words: str) -> float:
    shown = page.fitted(words, 220)
    page.text((x, 52), shown, anchor="lm")
    return x + page.wide(shown) + 24
