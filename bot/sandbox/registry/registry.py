"""The registry as people and pipelines outside use it; what they do there is told by webhook."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.sandbox.registry.reading import one_version, read_models
from bot.sandbox.registry.webhooks import Webhooks
from bot.sandbox.seed.outside import KINDS
from bot.sandbox.seed.registry import RegistryUnavailable, run_child

_NAME = re.compile(r"[A-Za-z][\w.-]{0,60}")  # what MLflow takes as an alias, and more than enough for a tag
MOST = 250  # characters of a tag's value


class Registry:
    """Reads MLflow's database directly, and writes to it by a child process with MLflow's own client, one at a time.

    ``head`` tells the commit that a version is trained from now, by the model; "" for one that no repository trains.
    """

    def __init__(self, data_dir: Path, webhooks: Webhooks, head: Callable[[str], str] = lambda _: "") -> None:
        self._data_dir, self._head, self.webhooks = data_dir, head, webhooks
        self._lock = asyncio.Lock()
        self._watching: set[asyncio.Queue[dict[str, Any]]] = set()

    def models(self) -> list[dict[str, Any]]:
        """The models, each with its newest versions and its aliases."""
        return read_models(self._database)

    async def train(self, model: str, kind: str, tags: Mapping[str, str] | None = None) -> str:
        """Train and register a version with these tags, and return its number. Raises LookupError, ValueError."""
        self._known(model)
        if kind not in KINDS:
            raise ValueError(f"A version can be {', '.join(KINDS)}; not {kind}.")
        if any(not _NAME.fullmatch(key) or len(value) > MOST for key, value in (tags or {}).items()):
            raise ValueError("MLflow takes no such tags.")
        pairs = [f"{key}={value}" for key, value in (tags or {}).items()]
        version = await self._write("train", model, kind, self._head(model), *pairs)
        told = await asyncio.to_thread(one_version, self._database, model, version)
        self._tell("model_version", "created", told or {"name": model, "version": version})
        return version

    async def set_alias(self, model: str, alias: str, version: str) -> None:
        """Point an alias at a version. Raises LookupError, ValueError."""
        self._known(model, version)
        if not _NAME.fullmatch(alias) or alias.lower() == "latest" or re.fullmatch(r"[vV]\d+", alias):
            raise ValueError(f"MLflow takes no alias {alias!r}.")
        await self._write("alias", model, alias, version)
        self._tell("model_version_alias", "created", {"name": model, "alias": alias, "version": version})

    async def set_tag(self, model: str, version: str, key: str, value: str) -> None:
        """Set a tag of a version. Raises LookupError, ValueError."""
        self._known(model, version)
        if not _NAME.fullmatch(key) or len(value) > MOST:
            raise ValueError(f"MLflow takes no tag {key!r}.")
        await self._write("tag", model, version, key, value)
        self._tell("model_version_tag", "set", {"name": model, "version": version, "key": key, "value": value})

    async def stop(self) -> None:
        """Tell no more."""
        await self.webhooks.stop()

    async def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        """A small event after every change."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._watching.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._watching.discard(queue)

    @property
    def _database(self) -> Path:
        return self._data_dir / "mlflow.db"

    async def _write(self, *words: str) -> str:
        async with self._lock:
            try:
                lines = await run_child("bot.sandbox.seed.outside", self._data_dir, words)
            except RegistryUnavailable as error:
                raise ValueError(str(error)) from error
        return lines[-1] if lines else ""

    def _known(self, model: str, version: str | None = None) -> None:
        found = next((one for one in self.models() if one["name"] == model), None)
        if found is None:
            raise LookupError(f"There is no model {model} in the registry.")
        if version is not None and (not version.isdecimal() or not one_version(self._database, model, version)):
            raise LookupError(f"There is no version {version} of {model} in the registry.")

    def _tell(self, entity: str, action: str, data: dict[str, Any]) -> None:
        self.webhooks.send(entity, action, data)
        for queue in self._watching:
            queue.put_nowait({"type": "registry", "model": data["name"]})
