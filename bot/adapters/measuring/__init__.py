"""Comparing data sets, where the extra `drift` is installed. Nothing heavy is imported before something is measured."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.adapters.own_places import OwnPlaces
from bot.domain.drifting.measuring import DriftRun, Measured
from bot.errors import Reason, Refused

if TYPE_CHECKING:
    from bot.adapters.measuring.measured import NumpyMeasuring

__all__ = ["LateMeasuring", "measuring_there"]


def measuring_there() -> bool:
    """Whether the extra `drift` is installed."""
    return all(find_spec(name) is not None for name in ("numpy", "pyarrow"))


class LateMeasuring:
    """The Measuring port; imports what measures with the first run. ``own``: what no policy may have the bot read."""

    def __init__(self, own: OwnPlaces | None = None) -> None:
        self._own = own
        self._measuring: NumpyMeasuring | None = None

    def measure(self, run: DriftRun, logged: dict[str, float] | None = None) -> Measured:
        """As the port says."""
        if not measuring_there():
            raise Refused(
                Reason.NOT_SUPPORTED,
                "Drift cannot be measured here: the extra `drift` is not installed.",
                'Install it where the bot runs: pip install "slackops[drift]".',
            )
        if self._measuring is None:
            from bot.adapters.measuring.measured import NumpyMeasuring
            from bot.adapters.measuring.opening import open_table

            self._measuring = NumpyMeasuring(partial(open_table, own=self._own))
        return self._measuring.measure(run, logged)
