"""What Prometheus may ask. Numbers of the store are read when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.errors import Transient
from bot.web.delivery import DeliveryNumbers, Numbers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one process. ``inbox`` counts the rows by state: waiting, running, dead; ``delivery`` reads the
    delivery numbers by model and environment."""

    def __init__(self, inbox: Callable[[], Mapping[str, int]], delivery: Callable[[], Numbers] | None = None) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "slackops_http_requests", "Requests by path and status", ["path", "status"], registry=self.registry
        )
        self._deliveries = Counter(
            "slackops_webhook_deliveries", "Verified deliveries", ["source", "outcome"], registry=self.registry
        )
        self._bound: dict[tuple[str, int], Counter] = {}
        self.registry.register(_InboxRows(inbox))
        if delivery is not None:
            self.registry.register(DeliveryNumbers(delivery))

    def request(self, path: str, status: int) -> None:
        """One request was answered. ``path`` must come from a closed list, or every scanner makes a new series."""
        bound = self._bound.get((path, status))
        if bound is None:
            bound = self._bound[path, status] = self._requests.labels(path, str(status))
        bound.inc()

    def delivery(self, source: str, outcome: str) -> None:
        """One verified webhook delivery: accepted, repeated, ignored (an event that is nothing to us), not_saved."""
        self._deliveries.labels(source, outcome).inc()

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)


class _InboxRows(Collector):
    def __init__(self, inbox: Callable[[], Mapping[str, int]]) -> None:
        self._inbox = inbox

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Named without asking the store, which may not be there yet."""
        return [_family()]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Left out while the store does not answer: absent is honest, zero would not be."""
        family = _family()
        try:
            for state, count in self._inbox().items():
                family.add_metric([state], count)
        except Transient:
            return []
        return [family]


def _family() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "slackops_inbox_rows", "Rows of the inbox by state; dead are dead letters", labels=["state"]
    )
