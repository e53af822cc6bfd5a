"""A grid of sparklines, three a row: the line, its limit dashed, the newest window marked, its value beside it.

The state stands beside it as a word, and what needs somebody has a diamond where the others have a ring.
"""

from __future__ import annotations

from bot.adapters.charts.axis import Axis
from bot.adapters.charts.canvas import FAINT, GREY, INK, LIMIT, NEW, OLD, PAPER, SMALL, TITLE, Canvas, Point
from bot.domain.chart import SparkGrid, Sparkline
from bot.domain.figures import figure

WIDTH, COLUMNS, MOST = 780, 3, 12
LEFT, TOP, BOTTOM, GAP = 20, 74, 14, 18
CELL_HEIGHT, LINE_TOP, LINE_BOTTOM, VALUE = 112, 44, 94, 56
TALLEST = 4.0
"""So many times the limit is the top of a cell at most: what is higher would flatten all the rest."""


def draw_sparklines(chart: SparkGrid) -> bytes:
    """The PNG; it is as high as there are rows of cells."""
    cells = chart.cells[:MOST]
    rows = max(1, -(-len(cells) // COLUMNS))
    page = Canvas(WIDTH, TOP + CELL_HEIGHT * rows + BOTTOM)
    page.text((LEFT, 30), page.fitted(chart.title, WIDTH - 2 * LEFT, TITLE), TITLE)
    _legend(page)
    wide = (WIDTH - 2 * LEFT - GAP * (COLUMNS - 1)) / COLUMNS
    for index, cell in enumerate(cells):
        row, column = divmod(index, COLUMNS)
        _cell(page, cell, (LEFT + column * (wide + GAP), TOP + row * CELL_HEIGHT), wide, index + 1)
    return page.png()


def _legend(page: Canvas) -> None:
    page.dashes((LEFT, 52), (LEFT + 22, 52), LIMIT)
    page.text((LEFT + 30, 52), "limit", SMALL, LIMIT, "lm")
    page.diamond((LEFT + 84, 52), 5, NEW)
    page.text((LEFT + 96, 52), "newest window, open", SMALL, GREY, "lm")
    page.dot((LEFT + 238, 52), 4, PAPER, INK)
    page.text((LEFT + 250, 52), "newest window, nobody is needed", SMALL, GREY, "lm")


def _cell(page: Canvas, cell: Sparkline, at: Point, wide: float, number: int) -> None:
    x, y = at
    state = page.fitted(cell.state, wide / 2, SMALL)
    title = cell.title if page.legible(cell.title) else f"{number}: {cell.title}"
    page.text((x, y + 14), page.fitted(title, wide))
    page.text((x, y + 32), page.fitted(cell.place, wide - page.wide(state, SMALL) - 12, SMALL), SMALL, GREY)
    page.text((x + wide, y + 32), state, SMALL, INK if cell.bad else GREY, "rs")
    up = Axis(0.0, _top(cell), y + LINE_BOTTOM, y + LINE_TOP)
    right = x + wide - VALUE
    page.line([(x, y + LINE_BOTTOM), (right, y + LINE_BOTTOM)], FAINT)
    for run in _runs(cell.points, x, right, up):
        page.line(run, OLD, 2)
        for point in run if len(run) == 1 else ():
            page.dot(point, 2, OLD, OLD)
    page.dashes((x, up.at(1.0)), (right, up.at(1.0)), LIMIT, 1.5)
    _newest(page, cell, x, right, up)


def _newest(page: Canvas, cell: Sparkline, x: float, right: float, up: Axis) -> None:
    """Its mark, and its value; those at the right edge, which nothing else reaches."""
    known = [(place, point) for place, point in enumerate(cell.points) if point is not None]
    if not known:
        page.text((x, up.at(1.0) - 8), "nothing known", SMALL, GREY)
        return
    place, value = known[-1]
    where = (_x(place, len(cell.points), x, right), up.at(min(value, up.high)))
    if cell.bad:
        page.diamond(where, 5, NEW)
    else:
        page.dot(where, 4, PAPER, INK)
    said = f"{figure(value, 2)} ×" if cell.scored else "beyond" if value > 1 else "within"
    page.text((right + VALUE, where[1]), page.fitted(said, VALUE - 8), anchor="rm")


def _runs(points: tuple[float | None, ...], x: float, right: float, up: Axis) -> list[list[Point]]:
    """Lines between windows that are known: a gap stays a gap."""
    runs: list[list[Point]] = [[]]
    for place, point in enumerate(points):
        if point is None:
            runs.append([])
        else:
            runs[-1].append((_x(place, len(points), x, right), up.at(min(point, up.high))))
    return [run for run in runs if run]


def _x(place: int, many: int, x: float, right: float) -> float:
    return right - 6 if many == 1 else x + (right - 6 - x) * place / (many - 1)


def _top(cell: Sparkline) -> float:
    return min(TALLEST, max([1.4, *(point * 1.08 for point in cell.points if point is not None)]))
