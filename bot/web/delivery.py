"""The delivery numbers for Prometheus: gauges by model and environment, read from the records when asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.domain.cards import DeliveryLine
from bot.domain.delivery import DAYS
from bot.errors import Transient

KEEP_SECONDS = 30.0
MOST_TARGETS = 5_000
"""Targets with series of their own, the ones most often delivered to first: a store is not to drown in labels."""

Numbers = Mapping[tuple[str, str], DeliveryLine]
_GAUGES: tuple[tuple[str, str, Callable[[DeliveryLine], float | None]], ...] = (
    ("deployments", "Versions that came in", lambda line: line.deployments),
    ("lead_time_seconds", "Median time from the command to healthy", lambda line: line.lead_time),
    ("failure_ratio", "Share of the deployments that failed", lambda line: line.failure_rate),
    ("restore_time_seconds", "Median time from failed to healthy again", lambda line: line.time_to_restore),
    ("broken", "1 while a failed deployment was not put right", lambda line: line.broken),
)


class DeliveryNumbers(Collector):
    """Reads at most every ``keep`` seconds, however often and by however many it is scraped."""

    def __init__(
        self,
        read: Callable[[], Numbers],
        keep: float = KEEP_SECONDS,
        most: int = MOST_TARGETS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read, self._keep, self._most, self._clock = read, keep, most, clock
        self._lock = threading.Lock()
        self._until, self._kept = float("-inf"), list[GaugeMetricFamily]()

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Named without asking the store, which may not be there yet."""
        return [*_families(), _left_out(0)]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Left out while the store does not answer: absent is honest, old numbers would not be."""
        with self._lock:
            if self._clock() >= self._until:
                try:
                    self._kept = self._built(self._read())
                except Transient:
                    return []
                self._until = self._clock() + self._keep
            return self._kept

    def _built(self, numbers: Numbers) -> list[GaugeMetricFamily]:
        busiest = sorted(numbers.items(), key=lambda item: (-item[1].deployments, item[0]))[: self._most]
        families = _families()
        for labels, line in busiest:
            for family, (_, _, value_of) in zip(families, _GAUGES, strict=True):
                value = value_of(line)
                if value is not None:
                    family.add_metric(labels, float(value))
        return [*families, _left_out(len(numbers) - len(busiest))]


def _families() -> list[GaugeMetricFamily]:
    return [
        GaugeMetricFamily(f"slackops_delivery_{name}", f"{does}, in {DAYS} days", labels=["model", "environment"])
        for name, does, _ in _GAUGES
    ]


def _left_out(count: int) -> GaugeMetricFamily:
    return GaugeMetricFamily("slackops_delivery_targets_left_out", "Targets without series of their own", value=count)
