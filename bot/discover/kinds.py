"""Kubernetes kinds: where a version stands in each, the surest place first. A new kind is a line in KINDS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.discover.facts import Part, Place, Rank, Sort


def places(sort: Sort, rank: Rank, *patterns: str, part: Part = "main") -> tuple[Place, ...]:
    """Places of one sort."""
    return tuple(Place(at, sort, rank, part) for at in patterns)


# https://kserve.github.io/website/docs/reference/crd-api: a storageUri, or storage.path below a configured storage.
_KSERVE = (
    *places("uri", Rank.MODEL, "predictor.model.storageUri", "predictor.*.storageUri", "*.predictor.*.storageUri"),
    *places("uri", Rank.MODEL, "predictor.model.storage.path", "predictor.*.storage.path"),
    *places("uri", Rank.MODEL, "predictor.containers[].env[name=STORAGE_URI].value"),
    *places("uri", Rank.MODEL, "predictor.workerSpec.containers[].env[name=STORAGE_URI].value", part="aside"),
    *places("uri", Rank.MODEL, "transformer.*.storageUri", "explainer.*.storageUri", part="split"),
    *places("uri", Rank.MODEL, "explainer.*.storage.path", part="split"),
    *places("uri", Rank.MODEL, "transformer.containers[].env[name=STORAGE_URI].value", part="split"),
    *places("image", Rank.IMAGE, "predictor.containers[].image"),
    *places("image", Rank.IMAGE, "transformer.containers[].image", "explainer.containers[].image", part="aside"),
    *places("image", Rank.IMAGE, "*.model.image", "predictor.*.image", "explainer.*.image", part="aside"),
    *places("version", Rank.IMAGE, "*.*.runtimeVersion", part="aside"),
)


def pod(spec: str) -> tuple[Place, ...]:
    """A pod's template at this path: a model named in the environment, else the container's image."""
    return (
        *places("uri", Rank.MODEL, f"{spec}.containers[].env[name=*MODEL*URI*].value"),
        *places("uri", Rank.MODEL, f"{spec}.containers[].env[name=*STORAGE_URI*].value"),
        *places("version", Rank.MODEL, f"{spec}.containers[].env[name=*MODEL*VERSION*].value"),
        *places("image", Rank.IMAGE, f"{spec}.containers[].image"),
        *places("image", Rank.IMAGE, f"{spec}.initContainers[].image", part="aside"),
    )


_LABELS = places("version", Rank.NAME, 'metadata.labels."app.kubernetes.io/version"', "metadata.labels.version")
_WORKLOAD = (*pod("spec.template.spec"), *_LABELS)


def helm_values(before: str = "") -> tuple[Place, ...]:
    """Helm values, at the root or behind a path (with its dot or `|yaml|`). Charts agree on names by custom only."""
    return (
        *places("version", Rank.MODEL, *(f"{before}{at}" for at in _MODEL_VERSIONS)),
        *places("uri", Rank.MODEL, *(f"{before}{at}" for at in _MODEL_URIS)),
        *places("tag", Rank.IMAGE, *(f"{before}{at}" for at in ("image.tag", "imageTag", "image_tag"))),
        *places("image", Rank.IMAGE, f"{before}image"),
        *places("digest", Rank.IMAGE, f"{before}image.digest"),
        *places(
            "tag", Rank.IMAGE, *(f"{before}{at}" for at in ("*.image.tag", "*.*.image.tag", "*.tag")), part="split"
        ),
    )


_MODEL_VERSIONS = ("model.version", "modelVersion", "model_version", "*.model.version", "*.modelVersion")
_MODEL_URIS = ("model.uri", "model.storageUri", "modelUri", "model_uri", "storageUri", "*.model.uri", "*.modelUri")


def _source(before: str) -> tuple[Place, ...]:
    """https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml"""
    return (
        *places("uri", Rank.MODEL, f"{before}.helm.parameters[name=*model*uri].value"),
        *places("version", Rank.MODEL, f"{before}.helm.parameters[name=*model*ersion].value"),
        *places("tag", Rank.IMAGE, f"{before}.helm.parameters[name=*image.tag].value"),
        *places("image", Rank.IMAGE, f"{before}.kustomize.images[]"),
        *helm_values(f"{before}.helm.valuesObject."),
        *helm_values(f"{before}.helm.values |yaml| "),
        *places("chart", Rank.CHART, f"{before}.targetRevision"),
    )


_ELEMENT = "spec.generators[].list.elements[]."
_APPLICATION_SET = (
    *places("version", Rank.MODEL, f"{_ELEMENT}*odel*ersion", f"{_ELEMENT}values.*odel*ersion"),
    *places("tag", Rank.IMAGE, f"{_ELEMENT}*ag", f"{_ELEMENT}image.tag", f"{_ELEMENT}values.*ag"),
    *places("version", Rank.IMAGE, f"{_ELEMENT}version"),
    *places("chart", Rank.CHART, f"{_ELEMENT}targetRevision", f"{_ELEMENT}chartVersion"),
    *_source("spec.template.spec.source"),
    *_source("spec.template.spec.sources[]"),
)
_RAY_POD = "spec.rayClusterConfig"
_RAY_APP = "spec.serveConfigV2 |yaml| applications[]"

# Keyed by API group and kind; an empty group is Kubernetes' own, or any group where the kind is unmistakable.
KINDS: Final[Mapping[tuple[str, str], tuple[Place, ...]]] = {
    ("serving.kserve.io", "InferenceService"): tuple(
        Place(f"spec.{one.at}", one.sort, one.rank, one.part) for one in _KSERVE
    ),
    ("serving.kserve.io", "TrainedModel"): places("uri", Rank.MODEL, "spec.model.storageUri"),
    ("serving.kserve.io", "LLMInferenceService"): (
        *places("uri", Rank.MODEL, "spec.model.uri"),
        *places("uri", Rank.MODEL, "spec.model.lora.adapters[].uri", part="split"),
        *places("image", Rank.IMAGE, "spec.template.containers[].image", part="aside"),
    ),
    ("serving.kserve.io", "ServingRuntime"): places("image", Rank.IMAGE, "spec.containers[].image"),
    ("serving.kserve.io", "ClusterServingRuntime"): places("image", Rank.IMAGE, "spec.containers[].image"),
    ("serving.kserve.io", "LocalModelCache"): places("uri", Rank.MODEL, "spec.sourceModelUri"),
    ("machinelearning.seldon.io", "SeldonDeployment"): (
        *places("uri", Rank.MODEL, "spec.predictors[].graph.**.modelUri", part="split"),
        *places("image", Rank.IMAGE, "spec.predictors[].componentSpecs[].spec.containers[].image"),
    ),
    ("mlops.seldon.io", "Model"): places("uri", Rank.MODEL, "spec.storageUri"),
    ("serving.yatai.ai", "BentoDeployment"): places("image", Rank.MODEL, "spec.bento", "spec.bento_tag"),
    ("resources.yatai.ai", "Bento"): (
        *places("image", Rank.MODEL, "spec.tag"), *places("image", Rank.IMAGE, "spec.image"),
    ),
    ("apps", "Deployment"): _WORKLOAD,
    ("apps", "StatefulSet"): _WORKLOAD,
    ("apps", "DaemonSet"): _WORKLOAD,
    ("argoproj.io", "Rollout"): _WORKLOAD,
    ("batch", "Job"): _WORKLOAD,
    ("batch", "CronJob"): (*pod("spec.jobTemplate.spec.template.spec"), *_LABELS),
    ("serving.knative.dev", "Service"): _WORKLOAD,
    ("argoproj.io", "Application"): (*_source("spec.source"), *_source("spec.sources[]")),
    ("argoproj.io", "ApplicationSet"): _APPLICATION_SET,
    ("helm.toolkit.fluxcd.io", "HelmRelease"): (
        *helm_values("spec.values."), *places("chart", Rank.CHART, "spec.chart.spec.version"),
    ),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): (
        *places("version", Rank.MODEL, "spec.postBuild.substitute.*odel*ersion"),
        *places("version", Rank.MODEL, "spec.postBuild.substitute.*MODEL*VERSION"),
        *places("tag", Rank.OVERLAY, "spec.images[].newTag", part="split"),
        *places("digest", Rank.OVERLAY, "spec.images[].digest", part="split"),
        *places("tag", Rank.IMAGE, "spec.postBuild.substitute.*ag", "spec.postBuild.substitute.*TAG"),
    ),
    ("source.toolkit.fluxcd.io", "OCIRepository"): places("chart", Rank.CHART, "spec.ref.tag", "spec.ref.semver"),
    ("ray.io", "RayService"): (
        *places("version", Rank.MODEL, f"{_RAY_APP}.runtime_env.env_vars.*MODEL*VERSION*", part="split"),
        *places("uri", Rank.MODEL, f"{_RAY_APP}.runtime_env.env_vars.*MODEL*URI*", part="split"),
        *places("uri", Rank.MODEL, f"{_RAY_APP}.args.model*uri", f"{_RAY_APP}.args.model*path", part="split"),
        *places("uri", Rank.MODEL, f"{_RAY_APP}.runtime_env.working_dir", part="split"),
        *places("image", Rank.IMAGE, f"{_RAY_POD}.headGroupSpec.template.spec.containers[].image"),
        *places("image", Rank.IMAGE, f"{_RAY_POD}.workerGroupSpecs[].template.spec.containers[].image"),
    ),
    # https://aws-controllers-k8s.github.io/docs: a SageMaker model cannot be changed, so its names carry the version.
    ("sagemaker.services.k8s.aws", "Model"): (
        *places("uri", Rank.MODEL, "spec.primaryContainer.modelDataURL"),
        *places("uri", Rank.MODEL, "spec.containers[].modelDataURL", part="split"),
        *places("name", Rank.NAME, "spec.modelName", "metadata.name"),
        *places("image", Rank.IMAGE, "spec.primaryContainer.image", part="aside"),
    ),
    ("sagemaker.services.k8s.aws", "EndpointConfig"): places(
        "name", Rank.NAME, "spec.productionVariants[].modelName", "spec.endpointConfigName", "metadata.name"
    ),
    ("sagemaker.services.k8s.aws", "Endpoint"): places("name", Rank.NAME, "spec.endpointConfigName"),
}  # fmt: skip

NOTHING: Final[Mapping[tuple[str, str], str]] = {
    ("serving.kserve.io", "InferenceGraph"): "it routes to services by name and pins no version",
    ("mlops.seldon.io", "Experiment"): "it splits traffic between models by name and pins no version",
    ("mlops.seldon.io", "Pipeline"): "it joins models by name and pins no version",
}
