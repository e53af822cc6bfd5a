"""What may name the model of one place: the value, what stands beside it, the item or key that it is in."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.discover import stages
from bot.discover.facts import Place
from bot.discover.guess import LIMIT
from bot.discover.naming import Clues
from bot.discover.patterns import Spot, text_at
from bot.domain.policy.selectors import Key, Match, Selector

# Kinds whose places name the model themselves, better than the document does.
ITEM_NAMES = frozenset({"Chart dependencies", "Databricks bundle", "RayService", "Airflow variables"})


def other_clues(place: Place, spot: Spot, document: str | None, path: PurePosixPath) -> Clues:
    """What else may name the model: the repository beside a tag, the image, the folders of a URI."""
    value = spot.node.value
    repository = next((text for node in reversed(spot.around) if (text := text_at(node, "repository"))), "")
    inside = reversed(value.partition("://")[2].split("/")[1:-1]) if place.sort == "uri" else ()
    image = value.partition("@")[0] if place.sort == "image" else ""
    others = tuple(one for one in (item_name(spot), repository, image, *inside) if one)
    return Clues((), document, path, others, value)


def said_names(kind: str, place: Place, spot: Spot) -> tuple[str, ...]:
    """Names that stand in the value or beside it and are surely the model's."""
    hit = re.search(r"models:/(?!m-[0-9a-f]{32})([^/@\s:]{1,200})[/@]", spot.node.value[:LIMIT])
    if hit:
        return (hit[1],)
    beside = spot.around[-2] if len(spot.around) > 1 else spot.node
    names = [text_at(beside, key) for key in ("entity_name", "model_name")]
    names = [name.rpartition(".")[2] for name in names if name]
    if kind == "kustomization":
        names += [text_at(node, key) for node in spot.around[1:] for key in ("target.name", "metadata.name")]
    if place.sort == "name":
        names.append(_OF_NAME.sub("", spot.node.value))
    if kind == "Airflow variables" and isinstance(spot.steps[0], Key):
        names.append(_OF_KEY.sub("", spot.steps[0].name))
    if kind in ITEM_NAMES and place.part == "split":
        names.append(item_name(spot))
    return tuple(name for name in names if name)


# `churn-endpoint-config-v4` is of the model churn, and so is `churn_model_version`.
_OF_NAME = re.compile(r"(?:[-_](?:endpoint|config|model))*[-_.]v?\d[\w.-]*$", re.IGNORECASE)
_OF_KEY = re.compile(r"[-_](?:model[-_]?)?(?:version|uri|config|settings)$|[-_]model$", re.IGNORECASE)
_ROLES = ("transformer", "explainer")
_NO_ITEM = frozenset(
    {"values", "graph", "spec", "storage", "parameters", "helm", "source", "kustomize", "valuesObject"}
)
_PASSED = frozenset({"image", "model", "config", "args", "runtime_env", "env_vars"})


def item_name(spot: Spot) -> str | None:
    """The name of the list item, or of the key, that a place stands in: `images[name=x]`, `redis.image.tag`."""
    role = next((step.name for step in spot.steps if isinstance(step, Key) and step.name in _ROLES), None)
    last, beside = spot.steps[-1], text_at(spot.around[-2], "name") if len(spot.around) > 1 else None
    variable = isinstance(last, Key) and last.name == "value"
    return role or (None if variable else beside and _base(beside)) or _outer(spot.steps[: -2 if variable else -1])


def _outer(steps: Selector) -> str | None:
    for step in reversed(steps):
        if isinstance(step, Match) and not stages.is_stage(step.value) and not step.value.startswith("/"):
            return _base(step.value)
        if isinstance(step, Key) and step.name not in _PASSED:
            return None if step.name in _NO_ITEM or stages.is_stage(step.name) else step.name
    return None


def _base(name: str) -> str | None:
    """An image's name without its registry, a name of the catalog without its schema."""
    return name.rpartition("/")[2].partition(":")[0] or None
