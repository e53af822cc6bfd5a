"""The picture of distributions: a PNG for anything, as high as it needs to be, the same every time."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.adapters.charts import PillowCharts
from bot.domain.chart import FeatureShapes, ShapePanel

NUMBERS = ShapePanel("amount", "psi 0.6", (0.9, 0.1), (0.1, 0.9), edges=(0.0, 1.0, 2.0))
WORDS = ShapePanel("country", "psi 2.4", (0.4, 0.6), (0.98, 0.02), labels=("null", "DE"))


def drawn(chart: FeatureShapes) -> Image.Image:
    png = PillowCharts().png(chart)
    assert png is not None
    assert len(png) < 150_000
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("panel", [NUMBERS, WORDS], ids=["numbers", "categories"])
def test_a_picture(panel: ShapePanel) -> None:
    chart = FeatureShapes("Drift of fraud", (panel,))
    one, two = drawn(chart), drawn(FeatureShapes("Drift of fraud", (panel, panel)))
    assert one.width == two.width == 1040
    assert one.height < two.height < 2 * one.height
    assert PillowCharts().png(chart) == PillowCharts().png(chart)


@pytest.mark.parametrize("panel", [NUMBERS, WORDS], ids=["numbers", "categories"])
def test_it_reads_in_greyscale(panel: ShapePanel) -> None:
    """The reference is light, the current side dark."""
    counted = drawn(FeatureShapes("t", (panel,))).convert("L").histogram()
    many = {shade for shade, count in enumerate(counted) if count > 1500}
    assert 255 in many
    assert any(190 < shade < 230 for shade in many)
    assert any(shade < 110 for shade in many)


share, name = st.floats(0, 1), st.text(max_size=80)
finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=10, deadline=None)
@given(name, name, st.lists(st.tuples(name, share, share), min_size=1, max_size=8), finite)
def test_any_panel_is_drawn(title: str, note: str, rows: list[tuple[str, float, float]], edge: float) -> None:
    labels, reference, current = zip(*rows, strict=True)
    edges = tuple(edge + place for place in range(len(rows) + 1))
    sides = (
        ShapePanel(title, note, reference, current, labels=labels),
        ShapePanel(note, title, reference, current, edges),
    )
    assert drawn(FeatureShapes(title, sides)).width == 1040
