"""What is written into the registry: an alias, tags. Each looks first; nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.adapters.mlflow_registry import lookup
from bot.errors import Reason, Refused


def set_alias(client: Any, model: str, alias: str, version: str) -> None:
    """Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION), and Refused(INVALID_NAME) for what MLflow takes as no alias."""
    entity = lookup.version(client, model, version)
    if alias not in (entity.aliases or ()):
        _taken(f"alias {alias!r}", partial(client.set_registered_model_alias, model, alias, version))


def set_tags(client: Any, model: str, version: str, tags: Mapping[str, str]) -> None:
    """Raises Refused(UNKNOWN_MODEL | UNKNOWN_VERSION), and Refused(INVALID_NAME) for what MLflow takes as no tag."""
    entity = lookup.version(client, model, version)
    for key, value in tags.items():
        if (entity.tags or {}).get(key) != value:
            _taken(f"tag {key!r}", partial(client.set_model_version_tag, model, version, key, value))


def _taken(what: str, write: Callable[[], object]) -> None:
    """Names that MLflow will never take are a decision, not a failure: trying again would not help."""
    from mlflow.exceptions import MlflowException

    try:
        write()
    except MlflowException as error:
        if error.error_code != "INVALID_PARAMETER_VALUE":
            raise
        raise Refused(
            Reason.INVALID_NAME,
            f"MLflow does not take the {what[:120]}.",
            "Letters, digits, underscores and hyphens are safe; `latest` and `v42` are MLflow's own words.",
        ) from error
