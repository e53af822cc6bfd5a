"""Versions, aliases, tags, metrics, parameters and data sets out of any MLflow."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.adapters.mlflow_registry import lookup, writes
from bot.adapters.mlflow_registry.artifact import MlModel, read_mlmodel, read_requirements
from bot.adapters.mlflow_registry.client import LateClient
from bot.domain.facts import ModelVersion
from bot.domain.registry_events import RegistryState

_ID = re.compile(r"[\w.-]+")
MOST_KEPT = 1_000
RETRY_SECONDS = 300.0
"""An MLmodel file should never change, but whoever may write to the artifact store can change it, and its digest is to
show that: it is read again after this. One that cannot be read then is taken for what it was. Files that were seen to
be there are looked for again after this too."""


class MlflowRegistry:
    """The Registry port. ``digest_tag`` names the version tag that holds the artifact's digest, if there is one.

    Every call ends within about ``timeout`` seconds, with RegistryUnavailable where MLflow did not answer by then. A
    version is kept for ``keep`` seconds: one reconcile asks for the same two versions several times.
    """

    def __init__(
        self,
        tracking_uri: str,
        registry_uri: str | None = None,
        *,
        timeout: float = 10.0,
        digest_tag: str | None = None,
        keep: float = 10.0,
    ) -> None:
        self._client = LateClient(tracking_uri, registry_uri, timeout)
        self._digest_tag = digest_tag
        self._keep = keep
        self._files: dict[tuple[str, str], tuple[float, MlModel]] = {}
        self._kept: dict[tuple[str, str], tuple[float, ModelVersion]] = {}
        self._there: dict[tuple[str, str], float] = {}

    def version(self, model: str, version: str) -> ModelVersion:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION) naming the nearest, RegistryUnavailable."""
        kept = self._kept.get((model, version))
        if kept and kept[0] > time.monotonic():
            return kept[1]

        def ask(client: Any) -> tuple[Any, ModelVersion]:
            entity = lookup.version(client, model, version)
            return entity, lookup.whole(client, entity)

        return self._complete(*self._client.call(f"version {version} of {model}", ask))

    def by_alias(self, model: str, alias: str) -> ModelVersion:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_ALIAS) naming the aliases there are, RegistryUnavailable."""

        def ask(client: Any) -> tuple[Any, ModelVersion]:
            entity = lookup.by_alias(client, model, alias)
            return entity, lookup.whole(client, entity)

        return self._complete(*self._client.call(f"alias {alias} of {model}", ask))

    def versions(self, model: str, limit: int = 10) -> list[ModelVersion]:
        """Newest first, without artifact digests. Raises Refused(UNKNOWN_MODEL), RegistryUnavailable."""

        def ask(client: Any) -> list[ModelVersion]:
            found = lookup.search(client, model, limit)
            if not found:
                lookup.known_model(client, model)
            return [lookup.whole(client, entity) for entity in found]

        return self._client.call(f"versions of {model}", ask)

    def find(self, model: str, *, run_id: str | None = None, model_id: str | None = None) -> ModelVersion | None:
        """The newest version with this run or model id, without its artifact digest. Raises RegistryUnavailable."""

        def ask(client: Any) -> ModelVersion | None:
            entity = lookup.with_model_id(client, model, model_id) if model_id else None
            if entity is None and run_id and _ID.fullmatch(run_id):
                entity = next(iter(lookup.search(client, model, 1, f" and run_id='{run_id}'")), None)
            return lookup.whole(client, entity) if entity is not None else None

        return self._client.call(f"the version of {model} with {model_id or run_id}", ask)

    def models(self) -> list[str]:
        """Names of all registered models, sorted. Raises RegistryUnavailable."""
        return self._client.call("the list of models", lookup.models)

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION | INVALID_NAME), RegistryUnavailable."""
        self._client.call(f"alias {alias} of {model}", lambda client: writes.set_alias(client, model, alias, version))
        self._kept.clear()

    def set_tags(self, model: str, version: str, tags: Mapping[str, str]) -> None:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION | INVALID_NAME), RegistryUnavailable."""
        self._client.call(f"tags of {model} {version}", lambda client: writes.set_tags(client, model, version, tags))
        self._kept.pop((model, version), None)

    def state(self, model: str, limit: int = 20, also: Sequence[str] = ()) -> RegistryState:
        """Raises Refused(UNKNOWN_MODEL), RegistryUnavailable. Whoever asks wants to know what is so now: no version of
        the model is kept any longer."""
        for key in [key for key in tuple(self._kept) if key[0] == model]:
            self._kept.pop(key, None)
        return self._client.call(f"state of {model}", lambda client: lookup.state(client, model, limit, also))

    def has_artifact(self, version: ModelVersion) -> bool | None:
        """As the port says; what was there stays so for five minutes."""
        key = (version.model, version.version)
        if self._there.get(key, 0.0) > time.monotonic():
            return True
        found = self._client.attempt(lambda client: lookup.has_artifact(client, version))
        if found:
            if len(self._there) > MOST_KEPT:
                self._there.clear()
            self._there[key] = time.monotonic() + RETRY_SECONDS
        return found

    def requirements(self, version: ModelVersion) -> tuple[str, ...] | None:
        """As the port says."""

        def ask(client: Any) -> tuple[str, ...]:
            return read_requirements(client, lookup.version(client, version.model, version.version), version.model_id)

        return self._client.attempt(ask)

    def _complete(self, entity: Any, version: ModelVersion) -> ModelVersion:
        """MLflow has no artifact digest: a tag's, else that of the MLmodel file, labelled so, else none."""
        tagged = version.tags.get(self._digest_tag) if self._digest_tag else None
        file = self._file(entity, version)
        return self._remember(replace(version, artifact_digest=tagged or file.digest, signature=file.signature))

    def _file(self, entity: Any, version: ModelVersion) -> MlModel:
        key = (version.model, version.version)
        kept = self._files.get(key)
        if kept is None or kept[0] < time.monotonic():
            read = self._client.attempt(lambda client: read_mlmodel(client, entity, version.model_id))
            known = kept[1] if kept else MlModel()
            if len(self._files) > MOST_KEPT:
                self._files.clear()
            kept = self._files[key] = (time.monotonic() + RETRY_SECONDS, read or known)
        return kept[1]

    def _remember(self, version: ModelVersion) -> ModelVersion:
        if len(self._kept) > MOST_KEPT:
            self._kept.clear()
        self._kept[version.model, version.version] = (time.monotonic() + self._keep, version)
        return version
