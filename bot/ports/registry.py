"""The model registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.domain.facts import ModelVersion


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
