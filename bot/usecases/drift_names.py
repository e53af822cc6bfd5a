"""Whose drift is it? From the names that monitors use to those of the policy."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from bot.domain.drifting.windows import Kind, Window
from bot.domain.policy import Policy

Target = tuple[str, str, Kind]


class Names:
    """Models by their name or the registry's; environments by name, alias, or the name of all regions, which stands for
    the first of them. ``models`` are those that the deployment repo declares."""

    def __init__(self, policy: Policy, models: Collection[str]) -> None:
        self._policy, self._models = policy, frozenset(models)
        self._of = lru_cache(maxsize=1024)(self._looked_up)

    def resolved(self, windows: Iterable[Window]) -> dict[Target, list[Window]]:
        """The windows under the names of the policy, by what they are about; without those of strangers."""
        found: dict[Target, list[Window]] = {}
        for window in windows:
            named = self._of(window.model, window.environment)
            if named is not None:
                about = window.model_copy(update={"model": named[0], "environment": named[1]})
                found.setdefault((*about.track[:2], about.kind), []).append(about)
        return found

    def knows(self, window: Window) -> bool:
        """Whether it is about a model and an environment that there are."""
        return self._of(window.model, window.environment) is not None

    def _looked_up(self, model: str, environment: str) -> tuple[str, str] | None:
        stages = self._policy.stages(environment)
        name = self._model(model)
        return (name, stages[0].name) if stages and name else None

    def _model(self, name: str) -> str | None:
        if name in self._models or name in self._policy.models:
            return name
        registered = (one.name for one in self._policy.models.values() if one.registry == name)
        return next(registered, None)
