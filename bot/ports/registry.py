"""The model registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.facts import ModelVersion
from bot.domain.registry_events import RegistryState


class Registry(Protocol):
    """Registered models, their versions and aliases."""

    def version(self, model: str, version: str) -> ModelVersion:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION) naming the nearest."""
        ...

    def by_alias(self, model: str, alias: str) -> ModelVersion:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_ALIAS) naming the aliases there are."""
        ...

    def versions(self, model: str, limit: int = 10) -> list[ModelVersion]:
        """Newest first."""
        ...

    def find(self, model: str, *, run_id: str | None = None, model_id: str | None = None) -> ModelVersion | None:
        """The version with this run or model id: for reading a manifest back."""
        ...

    def models(self) -> list[str]:
        """Names of all registered models."""
        ...

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Point an alias to a version; it leaves the one that had it. Nothing happens when it points there already.

        Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION).
        """
        ...

    def set_tags(self, model: str, version: str, tags: Mapping[str, str]) -> None:
        """Set tags of a version; others stay. Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION)."""
        ...

    def state(self, model: str, limit: int = 20, also: Sequence[str] = ()) -> RegistryState:
        """Aliases, and the newest ``limit`` versions with their tags, in as few calls as there can be; those of
        ``also`` whatever their age, with a digest of what is logged of them. Raises Refused(UNKNOWN_MODEL)."""
        ...

    def has_artifact(self, version: ModelVersion) -> bool | None:
        """Whether the model's artifact is there; None where nobody can tell now."""
        ...

    def requirements(self, version: ModelVersion) -> tuple[str, ...] | None:
        """What its environment needs, a line each as pip writes it; None where nobody can tell now."""
        ...
