"""Charts as PNG, drawn with Pillow where the extra `charts` is installed."""

from __future__ import annotations

from bot.adapters.charts.pillow import PillowCharts

__all__ = ["PillowCharts"]
