"""A cluster just large enough for the page's own tests, and the files of a deployment repository."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

FILE = "models/fraud-detector/production/inferenceservice.yaml"
BEFORE = b"""apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud-detector
spec:
  predictor:
    model:
      modelFormat:
        name: mlflow
      storageUri: s3://mlflow/1/models/m-2862f1/artifacts
      resources:
        requests:
          cpu: "1"
"""
AFTER = BEFORE.replace(b"m-2862f1", b"m-94ab07")
BODY = """Promote **fraud-detector** 3 → 4 in production.

| gate | observed | required | |
|---|---|---|---|
| roc_auc | 0.948 | ≥ 0.90 | ok |
| log_loss | 0.171 | ≤ 0.175 | ok |

<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> [bad](javascript:window.hacked=1)

<!-- slackops:digest -->
SlackOps-Change: 01JH8Z
SlackOps-Requested-By: Ana
"""
START = (
    ("churn", "staging", "17"),
    ("churn", "production", "16"),
    ("fraud-detector", "staging", "4"),
    ("fraud-detector", "production", "3"),
)


class FakeCluster:
    """Two models in two environments."""

    def __init__(self) -> None:
        self.listeners: set[asyncio.Queue[dict[str, Any]]] = set()
        self.rows = {(model, env): row(model, env, version) for model, env, version in START}
        self.broken: dict[tuple[str, str], str] = {("churn", "18"): "crash"}

    def workloads(self) -> list[dict[str, Any]]:
        return list(self.rows.values())

    def faults(self) -> list[dict[str, str]]:
        return [{"model": m, "version": v, "message": why} for (m, v), why in self.broken.items()]

    def break_version(self, model: str, version: str) -> None:
        self._turn(model, version, "Degraded", "crash")

    def mend_version(self, model: str, version: str) -> None:
        self._turn(model, version, "Healthy", None)

    def _turn(self, model: str, version: str, health: str, why: str | None) -> None:
        self.broken.pop((model, version), None)
        if why:
            self.broken[model, version] = why
        for (name, environment), one in list(self.rows.items()):
            if (name, one["version"]) == (model, version):
                self.run(model, environment, version, health=health, message=why)

    def run(self, model: str, environment: str, version: str, **fields: Any) -> None:
        self.rows[model, environment] = row(model, environment, version, **fields)
        for queue in self.listeners:
            queue.put_nowait({"type": "workload", "model": model})

    async def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.listeners.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self.listeners.discard(queue)


def row(model: str, environment: str, version: str, **fields: Any) -> dict[str, Any]:
    base = {"model": model, "environment": environment, "version": version, "revision": "77aa310" + "0" * 33}
    return {**base, "health": "Healthy", "phase": "Synced", "since": "2026-01-05T08:00:00Z", **fields}
