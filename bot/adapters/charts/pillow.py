"""The Charts port over Pillow, which is imported when the first chart is drawn: nobody else pays for it."""

from __future__ import annotations

import functools
import importlib.util

from bot.domain.chart import Chart, FeatureShapes, MetricOverVersions, SparkGrid


class PillowCharts:
    """Thread-safe: every chart has a canvas of its own."""

    def png(self, chart: Chart) -> bytes | None:
        """As the port says."""
        if not _there():
            return None
        from bot.adapters.charts.shapes import draw_shapes
        from bot.adapters.charts.slices import draw_slices
        from bot.adapters.charts.sparklines import draw_sparklines
        from bot.adapters.charts.versions import draw_versions

        if isinstance(chart, SparkGrid):
            return draw_sparklines(chart)
        if isinstance(chart, FeatureShapes):
            return draw_shapes(chart)
        return draw_versions(chart) if isinstance(chart, MetricOverVersions) else draw_slices(chart)


@functools.cache
def _there() -> bool:
    return importlib.util.find_spec("PIL") is not None
