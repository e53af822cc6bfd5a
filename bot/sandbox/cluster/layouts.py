"""What one file of a deployment repo declares: KServe, Helm values, kustomize. One function a layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_URI_VERSION = re.compile(r"(?:.*/)v?(\d+)(?:/[^/\d][^/]*)*/?")
_MODEL_ID = re.compile(r"/m-[0-9a-f]{32}(?:/|$)")  # by MLflow's id: the version is the registry's secret
_MODE, _WITHOUT_KNATIVE = "serving.kserve.io/deploymentMode", {"RawDeployment", "Standard"}
_TAG_VERSION = re.compile(r"v?(\d+)")


class Unrenderable(ValueError):  # noqa: N818  (what the engine reports, not a fault of ours)
    """A file that declares a workload, or did, cannot be read."""


@dataclass(frozen=True)
class Declared:
    """One model in one environment as a file declares it; ``version`` is None where none can be told.

    ``percent`` is the share of the requests that goes to this version, 0 to 100; the version before has the rest.
    """

    model: str
    environment: str
    kind: str
    namespace: str
    version: str | None
    uri: str | None = None
    image: str | None = None
    percent: int = 100

    @property
    def artifact(self) -> str:
        """What the pods are started with."""
        return self.uri or self.image or f"models:/{self.model}/{self.version}"


def declared(path: str, content: bytes) -> list[Declared]:
    """The workloads that a file declares; most files declare none. Raises Unrenderable."""
    reader = _reader(PurePosixPath(path), content)
    if reader is None:
        return []
    try:
        documents = [one for one in yaml.load_all(content, Loader=_LOADER) if isinstance(one, dict)]
        return [found for one in documents for found in reader(PurePosixPath(path), one)]
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        raise Unrenderable(f"{path}{f':{where.line + 1}' if where else ''}: {_problem(error)}") from None
    except (AttributeError, KeyError, TypeError) as error:
        raise Unrenderable(f"{path}: unexpected shape ({error})") from None


def _problem(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or type(error).__name__


Reader = Callable[[PurePosixPath, dict[str, Any]], Iterator[Declared]]


def _reader(path: PurePosixPath, content: bytes) -> Reader | None:
    if path.suffix not in {".yaml", ".yml"} or "templates" in path.parts:
        return None
    if path.stem.startswith("values-"):
        return _helm
    if path.stem == "kustomization":
        return _kustomize if "overlays" in path.parts else None
    return _kserve if b"InferenceService" in content else None


def _kserve(path: PurePosixPath, doc: dict[str, Any]) -> Iterator[Declared]:
    if doc.get("kind") != "InferenceService":
        return
    meta, predictor = doc["metadata"], doc["spec"]["predictor"]
    servers = [one for one in predictor.values() if isinstance(one, dict) and "storageUri" in one]
    for server in servers[:1]:
        uri, namespace = str(server["storageUri"]), meta.get("namespace", path.parent.name)
        hit = None if _MODEL_ID.search(uri) else _URI_VERSION.fullmatch(uri)
        version = hit[1] if hit else None
        percent = _percent(meta, predictor)
        yield Declared(meta["name"], path.parent.name, "InferenceService", namespace, version, uri=uri, percent=percent)


def _percent(meta: dict[str, Any], predictor: dict[str, Any]) -> int:
    """Without Knative nothing divides the requests, and the field does nothing.

    https://kserve.github.io/website/docs/model-serving/predictive-inference/rollout-strategies/canary
    """
    share = predictor.get("canaryTrafficPercent", 100)
    if isinstance(share, bool) or not isinstance(share, int) or not 0 <= share <= 100:
        raise TypeError(f"canaryTrafficPercent must be a whole number from 0 to 100, and is {share!r}")
    return 100 if (meta.get("annotations") or {}).get(_MODE) in _WITHOUT_KNATIVE else share


def _helm(path: PurePosixPath, values: dict[str, Any]) -> Iterator[Declared]:
    """https://helm.sh/docs/chart_template_guide/values_files/; the chart says ``model.name`` and ``model.version``."""
    environment, model = path.stem.removeprefix("values-"), values.get("model")
    if isinstance(model, dict) and "version" in model:
        name = str(model.get("name", path.parent.name))
        yield Declared(name, environment, "Deployment", f"ml-{environment}", str(model["version"]))


def _kustomize(path: PurePosixPath, doc: dict[str, Any]) -> Iterator[Declared]:
    """https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/"""
    environment, app = path.parent.name, path.parent.parent.parent.name
    namespace = doc.get("namespace", f"ml-{environment}")
    for image in doc.get("images") or []:
        model = image["name"].rsplit("/", 1)[-1]
        if "newTag" in image and model == (app or model):
            tag = str(image["newTag"])
            hit = _TAG_VERSION.fullmatch(tag)
            full = f"{image.get('newName', image['name'])}:{tag}"
            yield Declared(model, environment, "Deployment", namespace, hit[1] if hit else None, image=full)
