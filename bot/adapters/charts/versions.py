"""A metric over the versions: a line, the deployed version as a ring, the candidate as a diamond."""

from __future__ import annotations

from bot.adapters.charts.axis import Axis, axis, named
from bot.adapters.charts.canvas import FAINT, GREY, INK, LIMIT, NEW, OLD, PAPER, SMALL, TITLE, Canvas, Point
from bot.domain.chart import MetricOverVersions
from bot.domain.figures import figure

WIDTH, HEIGHT = 520, 320
LEFT, RIGHT, TOP, BOTTOM, WIDEST = 78, 28, 76, 46, 150


def draw_versions(chart: MetricOverVersions) -> bytes:
    """The PNG."""
    page = Canvas(WIDTH, HEIGHT)
    values = [value for _, value in chart.points]
    held = [*values, chart.limit] if chart.limit is not None else values
    up = axis(held, HEIGHT - BOTTOM, TOP)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    places = [(LEFT + step * (index + 0.5), up.at(value)) for index, value in enumerate(values)]
    page.text((20, 30), page.fitted(chart.title, WIDTH - 40, TITLE), TITLE)
    _grid(page, up)
    page.line(places, OLD, 2)
    if chart.limit is not None:
        _limit(page, up.at(chart.limit), chart.limit)
    _marks(page, chart, places)
    _names(page, chart, places, step)
    _legend(page, chart)
    return page.png()


def _grid(page: Canvas, up: Axis) -> None:
    for value in up.ticks():
        y = up.at(value)
        page.line([(LEFT, y), (WIDTH - RIGHT, y)], FAINT)
        page.text((LEFT - 8, y), named(value), SMALL, GREY, "rm")


def _limit(page: Canvas, y: float, limit: float) -> None:
    page.dashes((LEFT, y), (WIDTH - RIGHT, y), LIMIT)
    page.text((LEFT + 4, y - 5), f"limit {figure(limit)}", SMALL, LIMIT, halo=2)


def _marks(page: Canvas, chart: MetricOverVersions, places: list[Point]) -> None:
    for index, ((version, value), at) in enumerate(zip(chart.points, places, strict=True)):
        if version == chart.candidate:
            page.diamond(at, 9, NEW)
        elif version == chart.deployed:
            page.dot(at, 8, PAPER, INK)
        else:
            page.dot(at, 3.5, OLD, OLD)
            continue
        beside = [places[near][1] for near in (index - 1, index + 1) if 0 <= near < len(places)]
        _valued(page, figure(value), at, below=bool(beside) and max(beside) <= at[1])


def _valued(page: Canvas, words: str, at: Point, *, below: bool) -> None:
    """On the side where the line does not run, and inside the page."""
    half = page.wide(words) / 2
    x = min(max(at[0], LEFT + half), WIDTH - RIGHT - half)
    page.text((x, at[1] + 26 if below else at[1] - 14), words, anchor="ms", halo=2)


def _names(page: Canvas, chart: MetricOverVersions, places: list[Point], step: float) -> None:
    """Every version that there is room for; always the two that matter, one under the other where they are close."""
    room = min(max(page.wide(version, SMALL) for version, _ in chart.points), WIDEST) + 8
    every = max(1, -int(-room // step))
    last = len(places) - 1
    ours = [index for index, (name, _) in enumerate(chart.points) if name in (chart.deployed, chart.candidate)]
    for index, ((version, _), at) in enumerate(zip(chart.points, places, strict=True)):
        near = any(abs(index - one) < every for one in ours if one != index)
        if index in ours or ((last - index) % every == 0 and not near):
            shown = page.fitted(version, WIDEST, SMALL)
            half = page.wide(shown, SMALL) / 2
            lower = near and version == chart.deployed and version != chart.candidate
            x = min(max(at[0], half + 4), WIDTH - half - 4)
            page.text((x, HEIGHT - (6 if lower else 22)), shown, SMALL, anchor="ms")


def _legend(page: Canvas, chart: MetricOverVersions) -> None:
    x = 20.0
    if chart.deployed is not None:
        page.dot((x + 8, 50), 7, PAPER, INK)
        x = _said(page, x + 22, f"deployed {chart.deployed}")
    page.diamond((x + 8, 50), 8, NEW)
    _said(page, x + 22, f"candidate {chart.candidate}")


def _said(page: Canvas, x: float, words: str) -> float:
    shown = page.fitted(words, 260)
    page.text((x, 50), shown, anchor="lm")
    return x + page.wide(shown) + 24
