"""Retrainings in memory, and an engine that trains nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.errors import SlackOpsError


class FakeRetrains:
    """The Retrains port."""

    def __init__(self) -> None:
        self._all: dict[str, Retraining] = {}

    def get(self, retrain: str) -> Retraining | None:
        return self._all.get(retrain)

    def save(self, one: Retraining) -> None:
        self._all[one.id] = one

    def change(self, retrain: str, edit: Callable[[Retraining], Retraining]) -> Retraining | None:
        if retrain not in self._all:
            return None
        self._all[retrain] = edit(self._all[retrain])
        return self._all[retrain]

    def of(self, model: str, environment: str | None = None) -> list[Retraining]:
        found = [one for one in self._all.values() if one.model == model and environment in (None, one.environment)]
        return sorted(found, key=lambda one: (one.asked, one.id), reverse=True)[:100]

    def running(self) -> list[Retraining]:
        found = [one for one in self._all.values() if not one.settled]
        return sorted(found, key=lambda one: (one.asked, one.id))

    def by_version(self, model: str, version: str) -> Retraining | None:
        return next((one for one in self.of(model) if one.version == version), None)


@dataclass
class FakeRetrainer:
    """The Retrainer port. ``begins`` lists the ids in the order in which they were started; ``loses`` is raised by the
    next start after it was done, ``fails`` by every call before it does anything."""

    fails: SlackOpsError | None = None
    loses: SlackOpsError | None = None
    finds: bool = True
    """It can tell what an earlier try started."""
    begins: list[str] = field(default_factory=list)
    runs: dict[str, Started] = field(default_factory=dict)

    def start(self, rule: RetrainRule, asked: Retraining) -> Started:
        self._answer()
        self.begins.append(asked.id)
        run = f"run-{len(self.begins)}"
        self.runs[asked.id] = Started(run, RetrainState.RUNNING, f"https://train.example/{run}")
        lost, self.loses = self.loses, None
        if lost is not None:
            raise lost
        return self.runs[asked.id]

    def find(self, rule: RetrainRule, asked: Retraining) -> Started | None:
        self._answer()
        return self.runs.get(asked.id) if self.finds else None

    def look(self, rule: RetrainRule, asked: Retraining) -> Started:
        self._answer()
        return self.runs.get(asked.id) or Started("", RetrainState.FAILED, message="there is no such run")

    def ends(self, retrain: str, state: RetrainState = RetrainState.SUCCEEDED, **more: str | None) -> None:
        """The engine is done with it."""
        self.runs[retrain] = replace(self.runs[retrain], state=state, **more)  # type: ignore[arg-type]

    def _answer(self) -> None:
        if self.fails is not None:
            raise self.fails
