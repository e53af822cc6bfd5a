"""Metrics that monitors log to MLflow runs (https://mlflow.org/docs/latest/ml/search/search-runs/)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bot.adapters.mlflow_registry.client import LateClient
from bot.errors import Reason, Refused
from bot.ports import LoggedRun

MOST_RUNS = 10_000


class MlflowRuns:
    """The MetricRuns port. Every call ends within about ``timeout`` seconds."""

    def __init__(self, tracking_uri: str, registry_uri: str | None = None, *, timeout: float = 10.0) -> None:
        self._client = LateClient(tracking_uri, registry_uri, timeout)

    def ended(self, experiment: str, since: float) -> list[LoggedRun]:
        """As the port says. Runs that are still going have no end, and are read when they have."""
        return self._client.call(f"runs of {experiment}", lambda client: _ended(client, experiment, since))


def _ended(client: Any, experiment: str, since: float) -> list[LoggedRun]:
    known = client.get_experiment_by_name(experiment)
    if known is None:
        how = "Mend drift.sources in the policy, or MLFLOW_TRACKING_URI."
        raise Refused(Reason.DATA_UNREADABLE, f"MLflow has no experiment {experiment!r}.", how)
    query = f"attributes.end_time >= {max(0, int(since * 1000))}"
    return [_run(run) for run in islice(_pages(client, known.experiment_id, query), MOST_RUNS) if run.info.end_time]


def _pages(client: Any, experiment: str, query: str) -> Iterator[Any]:
    token = None
    while True:
        page = client.search_runs(
            [experiment], query, max_results=1_000, order_by=["attributes.end_time ASC"], page_token=token
        )
        yield from page
        token = page.token
        if not token:
            return


def _run(run: Any) -> LoggedRun:
    numbers = {name: value for name, value in run.data.metrics.items() if math.isfinite(value)}
    return LoggedRun(run.info.run_id, run.info.end_time / 1000, numbers, dict(run.data.tags))
