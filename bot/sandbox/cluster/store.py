"""The cluster's durable state: its workloads, and the versions that do not come up."""

from __future__ import annotations

from bot.sandbox.cluster.workload import Workload
from bot.sandbox.state import State

_WORKLOADS, _BROKEN = "cluster:workloads", "cluster:faults"


class Store:
    """Workloads by model and environment; broken versions by model and version."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> list[Workload]:
        """Every workload, by model and environment."""
        return sorted((Workload(**doc) for doc in self._state.all(_WORKLOADS)), key=lambda one: one.key)

    def get(self, key: tuple[str, str]) -> Workload | None:
        """One workload."""
        doc = self._state.get(_WORKLOADS, "/".join(key))
        return Workload(**doc) if doc else None

    def put(self, workload: Workload) -> None:
        """Write a workload."""
        self._state.put(_WORKLOADS, "/".join(workload.key), workload.doc())

    def delete(self, key: tuple[str, str]) -> None:
        """Forget a workload."""
        self._state.delete(_WORKLOADS, "/".join(key))

    def fault(self, model: str, version: str | None) -> str | None:
        """Why the version does not come up, or None."""
        found = self._state.get(_BROKEN, f"{model}/{version}")
        return str(found["message"]) if found else None

    def faults(self) -> list[dict[str, str]]:
        """Every broken version: model, version, message."""
        return list(self._state.all(_BROKEN))

    def set_fault(self, model: str, version: str, message: str | None) -> None:
        """Break a version with this message, or mend it (None)."""
        if message is None:
            self._state.delete(_BROKEN, f"{model}/{version}")
        else:
            fault = {"model": model, "version": version, "message": message}
            self._state.put(_BROKEN, f"{model}/{version}", fault)
