"""Questions to one MlflowClient, and the refusals when the answer is no. Nothing here bounds the time it takes."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.adapters.mlflow_registry.convert import to_version
from bot.domain.facts import ModelVersion
from bot.domain.registry_events import RegistryState
from bot.errors import Reason, Refused

MISSING = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
PAGE = 200
LONGEST_TAG = 250
"""No rule of the policy names a longer value."""
_MOST_DIGITS = 9  # more than MLflow's stores can hold


def version(client: Any, model: str, number: str) -> Any:
    """MLflow's entity of a version. Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION) naming the newest."""
    found = _numbered(client, model, number)
    if found is not None:
        return found
    known_model(client, model)
    newest = ", ".join(str(entity.version) for entity in search(client, model, 5))
    raise Refused(
        Reason.UNKNOWN_VERSION, f"{model} has no version {number!r}.", f"The newest are: {newest or 'none yet'}."
    )


def _numbered(client: Any, model: str, number: str) -> Any | None:
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        return None
    return or_none(lambda: client.get_model_version(model, number))


def by_alias(client: Any, model: str, alias: str) -> Any:
    """MLflow's entity of an alias. Raises Refused(UNKNOWN_MODEL | UNKNOWN_ALIAS) naming those there are."""
    found = or_none(lambda: client.get_model_version_by_alias(model, alias))
    if found is not None and alias.lower() != "latest":  # MLflow makes one up by that name
        return found
    known_model(client, model)
    aliases = client.get_registered_model(model).aliases
    known = ", ".join(f"@{name} ({number})" for name, number in sorted(aliases.items()))
    raise Refused(Reason.UNKNOWN_ALIAS, f"{model} has no alias {alias!r}.", f"It has: {known or 'none'}.")


def search(client: Any, model: str, limit: int, more: str = "") -> list[Any]:
    """The newest versions of a model. A name with a quote finds nothing: MLflow's filter has no escape for it."""
    if "'" in model:
        return []
    found = client.search_model_versions(f"name='{model}'{more}", max_results=limit, order_by=["version_number DESC"])
    return list(found)


def with_model_id(client: Any, model: str, wanted: str) -> Any | None:
    """The newest version that was registered from this logged model."""
    return next((entity for entity in _every(client, model) if model_id(entity) == wanted), None)


def whole(client: Any, entity: Any) -> ModelVersion:
    """A version with what its logged model and its run say."""
    wanted = model_id(entity)
    logged = or_none(lambda: client.get_logged_model(wanted)) if wanted else None
    run = or_none(lambda: client.get_run(entity.run_id)) if entity.run_id else None
    return to_version(entity, logged, run, None)


def state(client: Any, model: str, limit: int, also: Sequence[str] = ()) -> RegistryState:
    """Aliases and the newest versions with their tags: two calls; and some for each of ``also``, with what is logged of
    it. Raises Refused(UNKNOWN_MODEL)."""
    found = or_none(lambda: client.get_registered_model(model))
    if found is None:  # asked again and again by the clock: the nearest name is not worth a list of them all
        raise Refused(Reason.UNKNOWN_MODEL, f"MLflow has no registered model {model!r}.", "Register it in MLflow.")
    newest = {str(one.version): one for one in search(client, model, limit)}
    watched = {number: newest.get(number) or _numbered(client, model, number) for number in also}
    there = {number: one for number, one in watched.items() if one is not None}
    tags = {number: _tags(one) for number, one in (newest | there).items()}
    aliases = {str(name): str(number) for name, number in (found.aliases or {}).items()}
    return RegistryState(model, aliases, tags, {number: _logged(client, one) for number, one in there.items()})


def _tags(entity: Any) -> dict[str, str]:
    """Some people keep whole documents in tags; all that is asked of a long one is whether it changed."""
    return {str(name): _short(str(value)) for name, value in (entity.tags or {}).items()}


def _short(value: str) -> str:
    digest = hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()
    return value if len(value) <= LONGEST_TAG else f"{value[:50]}… (sha256:{digest[:16]})"


def _logged(client: Any, entity: Any) -> str:
    """A digest of what gates read of a version besides its tags."""
    one = whole(client, entity)
    told = [sorted(one.metrics.items()), sorted(one.params.items()), sorted(map(repr, one.datasets))]
    told += [sorted(one.conflicts), sorted(one.series), [one.status, one.git_commit]]
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:16]


def has_artifact(client: Any, version: ModelVersion) -> bool:
    """Whether anything is stored under the version. Raises whatever the artifact store raises."""
    from mlflow.artifacts import list_artifacts

    if version.model_id:
        return bool(client.list_logged_model_artifacts(version.model_id))
    return bool(list_artifacts(artifact_uri=version.source))


def models(client: Any) -> list[str]:
    """Names of all registered models, sorted."""
    names, token = [], None
    while True:
        page = client.search_registered_models(max_results=PAGE, page_token=token)
        names += [one.name for one in page]
        token = page.token
        if not token:
            return sorted(names)


def known_model(client: Any, model: str) -> None:
    """Raises Refused(UNKNOWN_MODEL) naming the nearest."""
    names = models(client)
    if model in names:
        return
    near = difflib.get_close_matches(model, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Registered are: {', '.join(names[:10]) or 'none'}."
    raise Refused(Reason.UNKNOWN_MODEL, f"MLflow has no registered model {model!r}.", hint)


def model_id(entity: Any) -> str | None:
    """The id of the logged model that a version was registered from; older ones have none."""
    found = getattr(entity, "model_id", None)
    if not found and str(entity.source or "").startswith("models:/m-"):
        found = str(entity.source).removeprefix("models:/")
    return found or None


def or_none(look: Callable[[], Any]) -> Any | None:
    """What is looked up, or None when MLflow says that it is not there."""
    from mlflow.exceptions import MlflowException

    try:
        return look()
    except MlflowException as error:
        if error.error_code in MISSING:
            return None
        raise


def _every(client: Any, model: str) -> Iterator[Any]:
    token = None
    while "'" not in model:
        page = client.search_model_versions(
            f"name='{model}'", max_results=PAGE, order_by=["version_number DESC"], page_token=token
        )
        yield from page
        token = page.token
        if not token:
            return
