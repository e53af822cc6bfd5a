"""A look-alike of every kind: exactly what is bound in it, and that a promotion then changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.discover import Draft, propose
from bot.domain.policy import parse_policy
from bot.manifests import read, render, variables_needed

SAMPLES = Path(__file__).parent / "samples"
# Some kinds are told by the file's name; the others lie in a file of their own name.
NAMED = {"kustomization-patch.yaml": "kustomization.yaml"}
MLFLOW = "s3://mlflow/{experiment_id}"
POD = "spec.template.spec.containers"
LISTED = "spec.generators[0].list.elements"
SERVED = "resources.model_serving_endpoints.credit.config.served_entities[name=current].entity_version"

# Model, environment where one is told, then what is bound: selector and template.
EXPECTED: dict[str, list[tuple[str, ...]]] = {
    "kserve-model.yaml": [("fraud", "spec.predictor.model.storageUri", "s3://models/fraud/{version}/model")],
    "kserve-framework.yaml": [("flowers", "spec.predictor.tensorflow.storageUri", "gs://bucket/models/flowers-{version}")],
    "kserve-storage-path.yaml": [("churn", "spec.predictor.model.storage.path", "xgboost/churn/{version}/model.bst")],
    "kserve-three.yaml": [
        ("ranker", "spec.predictor.model.storageUri", f"{MLFLOW}/models/{{model_id}}/artifacts"),
        ("ranker-explainer", "spec.explainer.alibi.storageUri", "gs://bucket/explainers/ranker/{version}"),
        ("ranker-transformer", "spec.transformer.containers[name=kserve-container].env[name=STORAGE_URI].value",
         "gs://bucket/features/v{version}"),
    ],
    "kserve-container.yaml": [
        ("collocated", "spec.predictor.containers[name=kserve-container].env[name=STORAGE_URI].value",
         "gs://bucket/image_classifier/v{version}"),
    ],
    "kserve-trainedmodels.yaml": [
        ("cats", "spec.model.storageUri", "gs://bucket/cats/{version}/model"),
        ("dogs", "spec.model.storageUri", "gs://bucket/dogs/{version}/model"),
    ],
    "kserve-graph.yaml": [],
    "kserve-llm.yaml": [
        ("helper", "spec.model.uri", "s3://llm/helper/{version}"),
        ("helper-sql", "spec.model.lora.adapters[name=sql].uri", "hf://acme/sql-lora:v{version}"),
        ("helper-tone", "spec.model.lora.adapters[name=tone].uri", "s3://llm/adapters/tone/{version}"),
    ],
    "kserve-runtime.yaml": [
        ("acme-mlserver", "spec.containers[name=kserve-container].image", "r.example/mlserver:{version}"),
    ],
    "seldon-v1.yaml": [
        ("offers-cheap", "spec.predictors[name=main].graph.children[name=cheap].modelUri", "gs://bucket/cheap/{version}"),
        ("offers-dear", "spec.predictors[name=main].graph.children[name=dear].modelUri", "gs://bucket/dear/{version}"),
    ],
    "seldon-v1-one.yaml": [
        ("iris", "spec.predictors[name=default].graph.modelUri", "gs://bucket/sklearn/iris-v{version}"),
    ],
    "seldon-v2.yaml": [("income", "spec.storageUri", f"{MLFLOW}/{{run_id}}/artifacts/model")],
    "model-settings.json": [
        ("mushrooms", "parameters.version", "v{version}", "parameters.uri", "./mushrooms/v{version}/model.json"),
    ],
    "bento.yaml": [("iris", "spec.bento_tag", "iris_classifier:{version}")],
    "deployment.yaml": [
        ("scorer", f"{POD}[name=scorer].image", "r.example:5000/ml/scorer:{version}",
         'metadata.labels."app.kubernetes.io/version"', "{version}"),
    ],
    "deployment-env.yaml": [
        ("batch-scores", f"{POD}[name=batch].env[name=MODEL_URI].value", "models:/batch-scores/{version}",
         f"{POD}[name=batch].args[1]", "--model=models:/batch-scores/{version}"),
    ],
    "rollout.yaml": [
        ("checkout", f"{POD}[name=checkout].image", "r.example/checkout:v{version}@sha256:{tags.image_digest}"),
    ],
    "kustomization.yaml": [
        ("parser", "images[name=r.example/parser].newTag", "{version}",
         "images[name=r.example/parser].digest", "sha256:{tags.image_digest}"),
        ("tagger", "images[name=r.example/tagger].newTag", "v{version}"),
    ],
    "kustomization-patch.yaml": [
        ("fraud", "patches[0].patch |yaml| [path=/spec/predictor/model/storageUri].value", "s3://models/fraud/{version}"),
    ],
    "values.yaml": [("ranker", "model.version", "{version}")],
    "argo-application.yaml": [("recommender", "spec.source.helm.parameters[name=image.tag].value", "{version}")],
    "argo-chart.yaml": [("gateway", "spec.source.targetRevision", "{version}")],
    "argo-appset.yaml": [
        ("forecaster staging", f"{LISTED}[stage=staging].imageTag", "{version}"),
        ("forecaster production", f"{LISTED}[stage=production].imageTag", "{version}"),
    ],
    "argo-appset-one-image.yaml": [
        (f"embedder {stage}", "spec.template.spec.source.kustomize.images[0]",
         "r.example/embedder=r.example/embedder:{version}")
        for stage in ("test", "prod")
    ],
    "flux-release.yaml": [("vision", "spec.values.image.tag", "{version}")],
    "flux-kustomization.yaml": [("speech", "spec.images[name=r.example/speech].newTag", "{version}")],
    "fleet.yaml": [("monitor prod", "targetCustomizations[name=prod].helm.version", "{version}")],
    "rayservice.yaml": [
        ("mobilenet", "spec.serveConfigV2 |yaml| applications[name=mobilenet].runtime_env.working_dir",
         "https://git.example/acme/serve/archive/{version}.zip"),
    ],
    "sagemaker.yaml": [
        ("churn", "spec.primaryContainer.modelDataURL", "s3://ml-prod/churn/v{version}/model.tar.gz",
         "spec.modelName", "churn-v{version}", "metadata.name", "churn-v{version}",
         "spec.productionVariants[0].modelName", "churn-v{version}"),
    ],
    "databricks.yml": [("credit dev", SERVED, "{version}"), ("credit prod", f"targets.prod.{SERVED}", "{version}")],
    "params.yaml": [("segmenter", "model.version", "{version}")],
    "pipeline.json": [("edges", "transform.image", "r.example/edges:{version}")],
    "airflow-variables.json": [
        ("churn", "churn.model_version", "{version}"),
        ("fraud", "fraud_model_version", "{version}"),
        ("ltv", "ltv |json| model_uri", "models:/ltv/{version}"),
    ],
    "config-map.yaml": [("uplift", "data.MODEL", "models:/uplift/{version}")],
}  # fmt: skip


def files_of(name: str) -> dict[str, bytes]:
    """The sample where such a file would lie."""
    return {f"app/{NAMED.get(name, name)}": (SAMPLES / name).read_bytes()}


def bound(draft: Draft) -> list[tuple[str, ...]]:
    """What is proposed, in the shape of EXPECTED."""
    assumed = {one.environment for one in draft.targets} == {"production"}
    return [
        (f"{one.model} {one.environment}" if not assumed else one.model,
         *(text for entry in one.entries for spot in entry.spots for text in (spot.at, spot.template)))
        for one in draft.targets
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_what_is_bound_in_each_kind(name: str) -> None:
    draft = propose(files_of(name))
    assert bound(draft) == EXPECTED[name]
    assert {reading.state for reading in draft.readings.values()} <= {"pinned"}


NEW = {
    "version": "901",
    "run_id": "9" * 32,
    "model_id": f"m-{'9' * 32}",
    "experiment_id": "8",
    "tags.image_digest": "9" * 64,
}


@pytest.mark.parametrize("name", sorted(name for name, expected in EXPECTED.items() if expected))
def test_a_promotion_by_the_proposal_changes_what_is_bound_and_reads_back(name: str) -> None:
    files = files_of(name)
    draft = propose(files)
    policy = parse_policy({".slackops.yaml": draft.text.encode()})
    for one in draft.targets:
        target = policy.target_for(one.model, one.environment)
        assert target is not None
        wanted = {variable: NEW[variable] for variable in variables_needed(target)}
        after = {**files, **render(target, files, wanted).files}
        assert read(target, after).variables == wanted


def test_what_is_left_out_is_told_with_the_reason() -> None:
    told = {one.line: one.why for one in propose(files_of("deployment.yaml")).left_out}
    assert "1.36 is of something that runs the model" in told[9]
    assert "1.30.1 is another version" in told[12]
    (graph,) = propose(files_of("kserve-graph.yaml")).left_out
    assert graph.why == "InferenceGraph: it routes to services by name and pins no version"
    (loose,) = propose(files_of("kustomization.yaml")).left_out
    assert loose.why == "images[name=r.example/loose].newTag: latest is a name that moves: pin a version first"
