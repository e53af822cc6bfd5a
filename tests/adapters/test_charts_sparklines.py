"""The grid of sparklines: a picture that Slack takes, readable without colours, with words beside it."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.adapters.charts import PillowCharts
from bot.domain.chart import SparkGrid, Sparkline
from bot.domain.charting import WORDS, words

BAD = Sparkline("fraud-detector", "production, drift", "critical", (0.4, 0.8, 1.4, 2.6, 3.1))
QUIET = Sparkline("churn", "staging, service", "snoozed", (0.4, None, 1.4, 1.2), bad=False)


def size(cells: tuple[Sparkline, ...]) -> tuple[int, int, int]:
    """Width, height and bytes."""
    png = PillowCharts().png(SparkGrid("Open problems", cells))
    assert png is not None
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height, len(png)


@pytest.mark.parametrize(("many", "rows"), [(1, 1), (3, 1), (4, 2), (12, 4), (40, 4)])
def test_three_a_row_and_twelve_at_most(many: int, rows: int) -> None:
    width, height, weight = size((BAD, QUIET) * (many // 2) + (BAD,) * (many % 2))
    assert (width, height) == (1560, 2 * (74 + 14 + 112 * rows))
    assert weight < 150_000


def test_what_needs_somebody_is_told_by_shape_and_word_and_not_by_colour_alone() -> None:
    def shades(cell: Sparkline) -> bytes:
        png = PillowCharts().png(SparkGrid("t", (cell,)))
        return Image.open(io.BytesIO(png or b"")).convert("L").tobytes()

    same: dict[str, Any] = {"title": "m", "place": "p", "points": BAD.points}
    mark = [shades(Sparkline(state="", bad=bad, **same)) for bad in (True, False)]
    assert mark[0] != mark[1]
    word = [shades(Sparkline(state=state, **same)) for state in ("critical", "warning")]
    assert word[0] != word[1]


def test_the_words_name_every_cell() -> None:
    told = words(SparkGrid("Open problems", (BAD, QUIET)))
    assert told == (
        "Sparklines: Open problems, the worst first, in times the limit. fraud-detector, production, drift: critical, "
        "3.1 now; churn, staging, service: snoozed, 1.2 now, 1.4 at most."
    )
    assert "nothing known" in words(SparkGrid("t", (Sparkline("m", "p", "s", (None,)),)))


def test_every_cell_is_told_however_long_its_name() -> None:
    cells = tuple(Sparkline(f"{n:02}{'m' * 100}", "p" * 100, "critical, taken", (9.123, 2.5)) for n in range(12))
    told = words(SparkGrid("Open problems (the worst 12 of 10000)", cells))
    assert len(told) <= WORDS
    assert all(f" {n:02}m" in told for n in range(12))


def test_no_figure_is_made_up_where_a_monitor_gave_none() -> None:
    """Points then only stand for verdicts."""
    told = words(SparkGrid("t", tuple(Sparkline("m", "p", "s", (0.25, at), scored=False) for at in (0.25, 1.25))))
    assert told.endswith("m, p: s, within it now; m, p: s, beyond it now.")
    drawn = [
        PillowCharts().png(SparkGrid("t", (Sparkline("m", "p", "s", (1.25,), scored=so),))) for so in (True, False)
    ]
    assert drawn[0] != drawn[1]


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.builds(
            Sparkline,
            st.text(max_size=120),
            st.text(max_size=120),
            st.text(max_size=40),
            st.lists(st.none() | st.floats(0, 1000), max_size=24).map(tuple),
            st.booleans(),
        ),
        max_size=3,
    )
)
def test_any_grid_is_drawn(cells: list[Sparkline]) -> None:
    assert size(tuple(cells))[0] == 1560
