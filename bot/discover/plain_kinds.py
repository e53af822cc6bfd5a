"""Files that are told by their name or shape and not by a Kubernetes kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from bot.discover.facts import Kind, Place, Rank
from bot.discover.kinds import helm_values, places
from bot.discover.patterns import has
from bot.domain.policy.nodes import Node

_VALUES = re.compile(r"values(?:[-_.][\w.-]+)?|[\w.-]+[-_.]values", re.IGNORECASE)
_SERVED = "resources.model_serving_endpoints.*.config."
_ENDPOINT = ("served_entities[].entity_version", "served_models[].model_version")


@dataclass(frozen=True)
class PlainKind:
    """``tells``: whether a file (its path and root node) is of this kind."""

    kind: Kind
    tells: Callable[[PurePosixPath, Node], bool]


def _named(*names: str) -> Callable[[PurePosixPath, Node], bool]:
    return lambda path, _: path.name in names


def _is_values(path: PurePosixPath, root: Node) -> bool:
    if has(root, "kind") and has(root, "apiVersion"):
        return False
    return bool(_VALUES.fullmatch(path.stem)) or "values" in path.parts[:-1]


def _patches(*below: str) -> tuple[Place, ...]:
    """What an inline patch may say: by strategic merge, and by JSON 6902."""
    spec = tuple(f"patches[].patch |yaml| {at}" for at in below)
    uri = "patches[].patch |yaml| [path=/spec/*torageUri].value"
    image = "patches[].patch |yaml| [path=/spec/*/image].value"
    return (
        *places("uri", Rank.MODEL, *spec, uri, part="split"),
        *places("image", Rank.IMAGE, image, part="split"),
    )


# https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
_KUSTOMIZE = (
    *_patches("spec.predictor.*.storageUri", "spec.storageUri", "spec.model.uri"),
    *places("tag", Rank.OVERLAY, "images[].newTag", part="split"),
    *places("digest", Rank.OVERLAY, "images[].digest", part="split"),
    *places("chart", Rank.CHART, "helmCharts[].version", part="split"),
)
_FLEET = (
    *helm_values("helm.values."),
    *helm_values("targetCustomizations[].helm.values."),
    *places("chart", Rank.CHART, "targetCustomizations[].helm.version", "helm.version"),
)
_DATABRICKS = (
    *places("version", Rank.MODEL, *(f"targets.*.{_SERVED}{at}" for at in _ENDPOINT), part="split"),
    *places("version", Rank.MODEL, *(f"{_SERVED}{at}" for at in _ENDPOINT), part="split"),
    *places("version", Rank.MODEL, "targets.*.variables.*model*version", "targets.*.variables.*model*version.default"),
    *places("version", Rank.MODEL, "variables.*model*version.default"),
)
_PARAMS = (
    *places("version", Rank.MODEL, "model.version", "model_version", "*.model_version", "*.model.version"),
    *places("uri", Rank.MODEL, "model.uri", "model_uri", "*.model_uri", "*.model.uri"),
)
_AIRFLOW = (
    *places("version", Rank.MODEL, "*odel*ersion", "*.*odel*ersion", "* |json| *odel*ersion", part="split"),
    *places("version", Rank.MODEL, "*.version", "* |json| version", part="split"),
    *places("uri", Rank.MODEL, "*odel*uri", "*.*odel*uri", "* |json| *odel*uri", part="split"),
)
_BARE = (
    *places("version", Rank.MODEL, "model_version", "modelVersion", "model.version"),
    *places("uri", Rank.MODEL, "model_uri", "modelUri", "model.uri"),
    *places("tag", Rank.IMAGE, "image_tag", "imageTag", "image.tag"),
    *places("image", Rank.IMAGE, "image"),
)

PLAIN_KINDS: Final[tuple[PlainKind, ...]] = (
    PlainKind(
        Kind("kustomization", _KUSTOMIZE),
        _named("kustomization.yaml", "kustomization.yml", "Kustomization"),
    ),
    PlainKind(Kind("Fleet bundle", _FLEET, ("helm.releaseName", "helm.chart")), _named("fleet.yaml", "fleet.yml")),
    PlainKind(Kind("Chart dependencies", places("chart", Rank.CHART, "dependencies[].version", part="split")),
              _named("Chart.yaml", "requirements.yaml")),
    PlainKind(
        Kind("Databricks bundle", _DATABRICKS),
        lambda path, root: path.name in ("databricks.yml", "databricks.yaml") or _is_databricks(root),
    ),
    PlainKind(
        Kind("MLServer settings", (*places("version", Rank.MODEL, "parameters.version"),
                                   *places("uri", Rank.MODEL, "parameters.uri")), ("name",)),
        _named("model-settings.json"),
    ),
    PlainKind(
        Kind("Pachyderm pipeline", places("image", Rank.IMAGE, "transform.image"), ("pipeline.name",)),
        lambda _, root: has(root, "pipeline", "transform"),
    ),
    PlainKind(Kind("DVC params", _PARAMS), _named("params.yaml", "params.yml", "params.json")),
    PlainKind(
        Kind("Airflow variables", _AIRFLOW),
        lambda path, _: path.suffix == ".json" and ("variables" in path.stem or path.parent.name == "variables"),
    ),
    PlainKind(Kind("Helm values", helm_values()), _is_values),
    PlainKind(Kind("settings", _BARE), lambda _, root: not has(root, "kind")),
)  # fmt: skip


def _is_databricks(root: Node) -> bool:
    return has(root, "bundle", "targets") or has(root, "bundle", "resources")
