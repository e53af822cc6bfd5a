"""Versions, aliases, tags, metrics, parameters and data sets out of any MLflow."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.adapters.mlflow_registry.artifact import mlmodel_digest
from bot.adapters.mlflow_registry.client import LateClient
from bot.adapters.mlflow_registry.convert import to_version
from bot.domain.facts import ModelVersion
from bot.errors import Reason, Refused

MISSING = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
PAGE = 200


class MlflowRegistry:
    """The Registry port. ``digest_tag`` names the version tag that holds the artifact's digest, if there is one.

    A version is kept for ``keep`` seconds: one reconcile asks for the same two versions several times.
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
        self._digests: dict[tuple[str, str], str | None] = {}
        self._kept: dict[tuple[str, str], tuple[float, ModelVersion]] = {}

    def version(self, model: str, version: str) -> ModelVersion:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION) naming the nearest, RegistryUnavailable."""
        kept = self._kept.get((model, version))
        if kept and kept[0] > time.monotonic():
            return kept[1]
        if not version.isascii() or not version.isdigit():
            raise self._unknown_version(model, version)
        found = self._client.call(
            f"version {version} of {model}",
            lambda client: self._or_none(lambda: client.get_model_version(model, version)),
        )
        if found is None:
            raise self._unknown_version(model, version)
        return self._remember(self._with_digest(found, self._whole(found)))

    def by_alias(self, model: str, alias: str) -> ModelVersion:
        """Raises Refused(UNKNOWN_MODEL | UNKNOWN_ALIAS) naming the aliases there are."""
        found = self._client.call(
            f"alias {alias} of {model}",
            lambda client: self._or_none(lambda: client.get_model_version_by_alias(model, alias)),
        )
        if found is None:
            raise self._unknown_alias(model, alias)
        return self._remember(self._with_digest(found, self._whole(found)))

    def versions(self, model: str, limit: int = 10) -> list[ModelVersion]:
        """Newest first. Raises Refused(UNKNOWN_MODEL)."""
        found = self._search(model, limit)
        if not found:
            self._known_model(model)
        return [self._whole(entity) for entity in found]

    def find(self, model: str, *, run_id: str | None = None, model_id: str | None = None) -> ModelVersion | None:
        """The newest version with this run or model id."""
        for entity in self._search(model, PAGE):
            if (run_id and entity.run_id == run_id) or (model_id and _model_id(entity) == model_id):
                return self._whole(entity)
        return None

    def models(self) -> list[str]:
        """Names of all registered models, sorted."""

        def ask(client: Any) -> list[str]:
            names, token = [], None
            while True:
                page = client.search_registered_models(max_results=PAGE, page_token=token)
                names += [one.name for one in page]
                token = page.token
                if not token:
                    return names

        return sorted(self._client.call("the list of models", ask))

    def _search(self, model: str, limit: int) -> list[Any]:
        quoted = model.replace("'", "")  # MLflow's filter has no escape for a quote; a name with one finds nothing
        if quoted != model:
            return []
        return self._client.call(
            f"versions of {model}",
            lambda client: list(
                client.search_model_versions(f"name='{model}'", max_results=limit, order_by=["version_number DESC"])
            ),
        )

    def _whole(self, entity: Any) -> ModelVersion:
        def ask(client: Any) -> ModelVersion:
            model_id = _model_id(entity)
            logged = self._or_none(lambda: client.get_logged_model(model_id)) if model_id else None
            run = self._or_none(lambda: client.get_run(entity.run_id)) if entity.run_id else None
            return to_version(entity, logged, run, None)

        return self._client.call(f"version {entity.version} of {entity.name}", ask)

    def _with_digest(self, entity: Any, version: ModelVersion) -> ModelVersion:
        """MLflow has no artifact digest: a tag's, else that of the MLmodel file, labelled so, else none."""
        tagged = version.tags.get(self._digest_tag) if self._digest_tag else None
        key = (version.model, version.version)
        if not tagged and key not in self._digests:
            self._digests[key] = self._client.attempt(lambda: mlmodel_digest(entity, version.model_id))
        return replace(version, artifact_digest=tagged or self._digests[key])

    def _remember(self, version: ModelVersion) -> ModelVersion:
        if len(self._kept) > 1_000:
            self._kept.clear()
        self._kept[version.model, version.version] = (time.monotonic() + self._keep, version)
        return version

    @staticmethod
    def _or_none(look: Callable[[], Any]) -> Any | None:
        """What is looked up, or None when MLflow says that it is not there."""
        from mlflow.exceptions import MlflowException

        try:
            return look()
        except MlflowException as error:
            if error.error_code in MISSING:
                return None
            raise

    def _known_model(self, model: str) -> None:
        names = self.models()
        if model in names:
            return
        near = difflib.get_close_matches(model, names, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Registered are: {', '.join(names[:10]) or 'none'}."
        raise Refused(Reason.UNKNOWN_MODEL, f"MLflow has no registered model {model!r}.", hint)

    def _unknown_version(self, model: str, version: str) -> Refused:
        self._known_model(model)
        newest = ", ".join(str(entity.version) for entity in self._search(model, 5))
        return Refused(
            Reason.UNKNOWN_VERSION, f"{model} has no version {version!r}.", f"The newest are: {newest or 'none yet'}."
        )

    def _unknown_alias(self, model: str, alias: str) -> Refused:
        self._known_model(model)
        found = self._client.call(f"aliases of {model}", lambda client: client.get_registered_model(model).aliases)
        known = ", ".join(f"@{name} ({number})" for name, number in sorted(found.items()))
        return Refused(Reason.UNKNOWN_ALIAS, f"{model} has no alias {alias!r}.", f"It has: {known or 'none'}.")


def _model_id(entity: Any) -> str | None:
    found = getattr(entity, "model_id", None)
    if not found and str(entity.source or "").startswith("models:/m-"):
        found = str(entity.source).removeprefix("models:/")
    return found or None
