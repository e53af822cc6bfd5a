"""Runs of a tracking server, in memory."""

from __future__ import annotations

from bot.errors import Reason, Refused
from bot.ports import LoggedRun


class FakeMetricRuns:
    """The MetricRuns port."""

    def __init__(self) -> None:
        self._runs: dict[str, list[LoggedRun]] = {}

    def add(self, experiment: str, name: str, ended: float, metrics: dict[str, float], **tags: str) -> None:
        """A run ends."""
        self._runs.setdefault(experiment, []).append(LoggedRun(name, ended, metrics, tags))

    def ended(self, experiment: str, since: float) -> list[LoggedRun]:
        if experiment not in self._runs:
            raise Refused(Reason.DATA_UNREADABLE, f"MLflow has no experiment {experiment!r}.")
        return sorted((run for run in self._runs[experiment] if run.modified >= since), key=lambda run: run.modified)
