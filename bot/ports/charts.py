"""Pictures for the chat and the page."""

from __future__ import annotations

from typing import Protocol

from bot.domain.chart import Chart


class Charts(Protocol):
    """Draws."""

    def png(self, chart: Chart) -> bytes | None:
        """A PNG; None where nothing can be drawn here, because the extra `charts` is not installed."""
        ...
