"""The delivery numbers as Prometheus scrapes them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from bot.domain.cards import DeliveryLine
from bot.errors import StoreUnavailable
from bot.web import Metrics
from bot.web.delivery import KEEP_SECONDS, DeliveryNumbers

LINE = DeliveryLine("production", 28, 4, 10_800.0, 0.25, 720.0, broken=True)
NOTHING = DeliveryLine("staging", 28, 0, None, None, None)


class Store:
    """Numbers that can be down, and how often they were read."""

    def __init__(self, numbers: dict[tuple[str, str], DeliveryLine]) -> None:
        self.numbers, self.reads, self.down, self.time = numbers, 0, False, 0.0

    def read(self) -> dict[tuple[str, str], DeliveryLine]:
        self.reads += 1
        if self.down:
            raise StoreUnavailable("gone")
        return self.numbers

    def now(self) -> float:
        return self.time


def scraper(store: Store, most: int = 100) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(DeliveryNumbers(store.read, most=most, clock=store.now))
    return registry


def scraped(registry: CollectorRegistry) -> list[str]:
    return [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]


def test_gauges_by_model_and_environment() -> None:
    store = Store({("churn", "production"): LINE, ("churn", "staging"): NOTHING})
    labels = 'environment="production",model="churn"'
    assert scraped(scraper(store)) == [
        f"slackops_delivery_deployments{{{labels}}} 4.0",
        'slackops_delivery_deployments{environment="staging",model="churn"} 0.0',
        f"slackops_delivery_lead_time_seconds{{{labels}}} 10800.0",
        f"slackops_delivery_failure_ratio{{{labels}}} 0.25",
        f"slackops_delivery_restore_time_seconds{{{labels}}} 720.0",
        f"slackops_delivery_broken{{{labels}}} 1.0",
        'slackops_delivery_broken{environment="staging",model="churn"} 0.0',
        "slackops_delivery_targets_left_out 0.0",
    ]


def test_the_store_is_read_once_in_a_while_and_not_to_register() -> None:
    store = Store({("churn", "production"): LINE})
    registry = scraper(store)
    assert store.reads == 0
    assert scraped(registry) == scraped(registry)
    assert store.reads == 1
    store.time = KEEP_SECONDS
    scraped(registry)
    assert store.reads == 2


def test_without_a_store_they_are_absent_and_then_back() -> None:
    store = Store({("churn", "production"): LINE})
    registry = scraper(store)
    store.down = True
    assert scraped(registry) == []
    store.down = False
    assert len(scraped(registry)) == 6
    store.down, store.time = True, KEEP_SECONDS
    assert scraped(registry) == []


def test_a_fleet_without_end_is_cut_at_the_least_busy() -> None:
    lines = {(f"model-{n}", "production"): DeliveryLine("production", 28, n, None, None, None) for n in range(10)}
    found = scraped(scraper(Store(lines), most=3))
    shown = {line.partition('model="')[2].partition('"')[0] for line in found if "model=" in line}
    assert shown == {"model-9", "model-8", "model-7"}
    assert "slackops_delivery_targets_left_out 7.0" in found


def test_labels_are_escaped() -> None:
    (line, *_) = scraped(scraper(Store({('a"\n\\', "x"): LINE})))
    assert line == r'slackops_delivery_deployments{environment="x",model="a\"\n\\"} 4.0'


def test_among_the_other_metrics() -> None:
    assert (
        b'slackops_delivery_deployments{environment="x",model="a"} 4.0'
        in Metrics(dict, lambda: {("a", "x"): LINE}).text()
    )
    assert b"slackops_delivery" not in Metrics(dict).text()
