"""Charts: a PNG for anything that may be drawn, readable, and None without Pillow."""

from __future__ import annotations

import io
import struct
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.adapters.charts import PillowCharts, lettering, pillow
from bot.adapters.charts.axis import axis, nice_step
from bot.domain.chart import Chart, MetricOverVersions, SliceDots
from bot.domain.charting import words

finite = st.floats(allow_nan=False, allow_infinity=False)
name = st.text(max_size=80)
LINE = MetricOverVersions("roc_auc of fraud", (("40", 0.93), ("41", 0.941), ("42", 0.948)), "41", "42", 0.9)
DOTS = SliceDots("recall.* of fraud", (("recall.a", 0.9, 0.7), ("recall.b", None, 0.9)), "41", "42", 0.8)


def drawn(chart: Chart) -> Image.Image:
    png = PillowCharts().png(chart)
    assert png is not None
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("chart", [LINE, DOTS], ids=["versions", "slices"])
def test_a_picture_that_slack_takes(chart: Chart) -> None:
    png = PillowCharts().png(chart)
    assert png is not None
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert (width, 300 < height < 1500) == (1040, True)
    assert len(png) < 100_000
    assert png == PillowCharts().png(chart)  # the same picture every time


@pytest.mark.parametrize("chart", [LINE, DOTS], ids=["versions", "slices"])
def test_it_reads_in_greyscale(chart: Chart) -> None:
    """The candidate's mark is darker than the line, and the deployed version's ring is hollow."""
    shades = drawn(chart).convert("L").getcolors(1 << 20)
    assert shades is not None
    assert {shade for count, shade in shades if count > 200} >= {255}
    assert min(shade for _, shade in shades) < 60


@pytest.mark.parametrize(
    ("words", "shown"), [("recall.é=ünïcödé", "recall.e=unicode"), ("f1.国=中国", "f1.…=…"), ("a 😀\n\u202eb", "a … b")]
)
def test_letters_that_no_font_has_are_no_boxes(monkeypatch: pytest.MonkeyPatch, words: str, shown: str) -> None:
    monkeypatch.setattr(lettering, "OTHERS", ())
    lettering.fonts.cache_clear()
    try:
        assert lettering.lettered(words, 26)[0] == shown
    finally:
        lettering.fonts.cache_clear()


def test_values_as_large_as_floats_go_stay_on_the_page() -> None:
    found = axis([1e308, -1e308, 1e-300, sys.float_info.max], 0, 100)
    assert all(0 <= found.at(value) <= 100 for value in (1e308, -1e308, 0.0, sys.float_info.max))
    assert found.at(-1e308) < found.at(0) < found.at(1e308)
    assert 0 < len(found.ticks()) <= 12


def test_the_limit_and_the_candidate_are_there() -> None:
    colours = {colour for _, colour in drawn(LINE).getcolors(1 << 20) or []}
    near = [c for c in colours if isinstance(c, tuple) and c[0] > 150 and c[1] < 80]
    assert near  # the limit's red
    without = {c for _, c in drawn(MetricOverVersions("t", LINE.points, "41", "42")).getcolors(1 << 20) or []}
    assert not [c for c in without if isinstance(c, tuple) and c[0] > 150 and c[1] < 80]


@settings(max_examples=10, deadline=None)
@given(name, st.lists(st.tuples(name, finite), min_size=1, max_size=20), st.none() | finite)
def test_any_line_is_drawn(title: str, points: list[tuple[str, float]], limit: float | None) -> None:
    chart = MetricOverVersions(title, tuple(points), points[0][0], points[-1][0], limit)
    assert drawn(chart).size == (1040, 640)
    assert len(words(chart)) <= 1000


@settings(max_examples=10, deadline=None)
@given(name, st.lists(st.tuples(name, st.none() | finite, finite), min_size=1, max_size=20), st.none() | finite)
def test_any_slices_are_drawn(title: str, slices: list[tuple[str, float | None, float]], limit: float | None) -> None:
    chart = SliceDots(title, tuple(slices), "41", "42", limit)
    assert drawn(chart).size[0] == 1040
    assert len(words(chart)) <= 1000


@given(st.lists(finite, min_size=1, max_size=9))
def test_every_value_stands_on_the_axis(values: list[float]) -> None:
    along = axis(values, 0.0, 100.0)
    assert all(-0.001 <= along.at(value) <= 100.001 for value in values) or max(map(abs, values)) > 1e307
    assert len(along.ticks()) <= 12


@pytest.mark.parametrize(("rough", "step"), [(0.03, 0.05), (1.1, 2.0), (7, 10), (2.2, 2.5), (0.0, 1.0), (-1.0, 1.0)])
def test_round_steps(rough: float, step: float) -> None:
    assert nice_step(rough) == pytest.approx(step)


def test_none_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pillow, "_there", lambda: False)
    assert PillowCharts().png(LINE) is None


def test_the_words_say_what_the_picture_shows() -> None:
    assert words(LINE) == (
        "Line chart of roc_auc of fraud over 3 versions, newest first: 42 (candidate) 0.948, 41 (deployed) 0.941, "
        "40 0.93. The limit is 0.9."
    )
    assert words(DOTS) == (
        "Dots for recall.* of fraud, 41 and 42, worst first: recall.a 0.9 → 0.7, recall.b 0.9. The limit is 0.8."
    )
