"""A page to draw on, twice as large as it is shown, so that lines and letters are smooth. Sizes are those shown.

Light ground, dark ink: it reads on Slack's light and dark pages alike, and in greyscale, because what matters differs
in shape and lightness and not in hue alone.
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from bot.adapters.charts.lettering import LEFT_OUT, lettered

SCALE = 2
PAPER, INK, GREY, FAINT = "#ffffff", "#1d1c1d", "#6b6b6f", "#dcdce0"
OLD, NEW, LIMIT = "#6b7a90", "#0b57a4", "#b3261e"
TITLE, LABEL, SMALL = 17, 13, 12
Point = tuple[float, float]


class Canvas:
    """``width`` and ``height`` in pixels as shown."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, at: Point, words: str, size: int = LABEL, colour: str = INK, anchor: str = "ls", halo: int = 0
    ) -> None:
        """``anchor``: which point of the text stands at ``at``, as Pillow names it (`ls`: left, on the line). ``halo``
        keeps what is under it that far away."""
        words, font = lettered(words, size * SCALE)
        place = (at[0] * SCALE, at[1] * SCALE)
        if halo:
            edge = halo * SCALE
            self._draw.text(place, words, PAPER, font, anchor, stroke_width=edge, stroke_fill=PAPER)
        self._draw.text(place, words, fill=colour, font=font, anchor=anchor)

    def wide(self, words: str, size: int = LABEL) -> float:
        """How wide the text is."""
        written, font = lettered(words, size * SCALE)
        return float(self._draw.textlength(written, font=font)) / SCALE

    def legible(self, words: str) -> bool:
        """Whether all of its letters can be written."""
        return LEFT_OUT in words or LEFT_OUT not in lettered(words, LABEL * SCALE)[0]

    def fitted(self, words: str, room: float, size: int = LABEL) -> str:
        """The text, cut in the middle where it does not fit: names differ at their ends."""
        if self.wide(words, size) <= room:
            return words
        low, high = 1, len(words)
        while low < high:
            keep = (low + high + 1) // 2
            low, high = (keep, high) if self.wide(_cut(words, keep), size) <= room else (low, keep - 1)
        return _cut(words, low)

    def line(self, points: list[Point], colour: str, width: float = 1.0) -> None:
        """A line through all points."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=max(1, round(width * SCALE)), joint="curve")

    def dashes(self, start: Point, end: Point, colour: str, width: float = 1.5) -> None:
        """A dashed line that is level or upright."""
        (x0, y0), (x1, y1) = start, end
        length = max(abs(x1 - x0), abs(y1 - y0), 1.0)
        for step in range(0, int(length), 9):
            a, b = step / length, min(step + 5, length) / length
            ends = [(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part) for part in (a, b)]
            self.line(ends, colour, width)

    def dot(self, at: Point, radius: float, fill: str, edge: str) -> None:
        """A circle."""
        x, y = at[0] * SCALE, at[1] * SCALE
        size = radius * SCALE
        self._draw.ellipse((x - size, y - size, x + size, y + size), fill=fill, outline=edge, width=2 * SCALE)

    def box(self, start: Point, end: Point, fill: str, edge: str = "") -> None:
        """A rectangle between its upper left and its lower right corner."""
        corners = (start[0] * SCALE, start[1] * SCALE, end[0] * SCALE, end[1] * SCALE)
        self._draw.rectangle(corners, fill=fill, outline=edge or None, width=SCALE if edge else 0)

    def diamond(self, at: Point, radius: float, fill: str) -> None:
        """A square that stands on its corner."""
        x, y, size = at[0] * SCALE, at[1] * SCALE, radius * SCALE
        self._draw.polygon([(x, y - size), (x + size, y), (x, y + size), (x - size, y)], fill=fill)

    def png(self) -> bytes:
        """The page as a PNG, at twice its size: sharp on dense screens, and Slack shows it smaller elsewhere."""
        held = io.BytesIO()
        self._image.quantize(64).save(held, "PNG", optimize=False, compress_level=6)
        return held.getvalue()


def _cut(words: str, keep: int) -> str:
    if keep >= len(words):
        return words
    tail = keep // 2
    return f"{words[: keep - tail]}…{words[len(words) - tail :] if tail else ''}"
