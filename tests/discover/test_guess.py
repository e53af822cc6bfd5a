"""From a value to its template: tables of what deployment repos write, and what holds for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discover.facts import Guess, Sort
from bot.discover.guess import guess
from bot.domain.policy.templates import parse_template
from bot.manifests.values import read_back

RUN = "0123456789abcdef" * 2
SHA = "ab" * 32

TEMPLATES: list[tuple[Sort, str, str]] = [
    ("uri", "s3://models/fraud/42/model", "s3://models/fraud/{version}/model"),
    ("uri", "gs://bucket/tensorflow/flowers-2", "gs://bucket/tensorflow/flowers-{version}"),
    ("uri", "gs://bucket/classifier/v1", "gs://bucket/classifier/v{version}"),
    ("uri", "gs://bucket/sklearn/1.0/model", "gs://bucket/sklearn/{version}/model"),
    ("uri", "s3://b/xgboost/2024-01-05/model.bst", "s3://b/xgboost/{version}/model.bst"),
    ("uri", "pvc://models/fraud-v3.tar.gz", "pvc://models/fraud-v{version}.tar.gz"),
    ("uri", "sklearn/churn/7/model.joblib", "sklearn/churn/{version}/model.joblib"),
    ("uri", "models:/fraud/42", "models:/fraud/{version}"),
    ("uri", f"models:/m-{RUN}", "models:/{model_id}"),
    ("uri", f"runs:/{RUN}/model", "runs:/{run_id}/model"),
    ("uri", f"s3://mlflow/7/{RUN}/artifacts/model", "s3://mlflow/{experiment_id}/{run_id}/artifacts/model"),
    ("uri", f"s3://mlflow/7/models/m-{RUN}/artifacts", "s3://mlflow/{experiment_id}/models/{model_id}/artifacts"),
    ("uri", f"mlflow-artifacts:/0/{RUN}/artifacts/model", "mlflow-artifacts:/{experiment_id}/{run_id}/artifacts/model"),
    ("uri", "oci://r.example/models/fraud:1.2", "oci://r.example/models/fraud:{version}"),
    ("uri", "hf://acme/llama-3:v2", "hf://acme/llama-3:v{version}"),
    ("uri", f"https://git.example/x/archive/{'b3' * 20}.zip", "https://git.example/x/archive/{version}.zip"),
    ("image", "r.example:5000/ml/scorer:v5", "r.example:5000/ml/scorer:v{version}"),
    ("image", "a/b=a/b:1.24.0", "a/b=a/b:{version}"),
    ("image", f"a/b:1.2@sha256:{SHA}", "a/b:{version}@sha256:{tags.image_digest}"),
    ("tag", "v644", "v{version}"),
    ("tag", "b393e77", "{version}"),
    ("version", "104.1.0+up57.0.3", "{version}"),
    ("digest", f"sha256:{SHA}", "sha256:{tags.image_digest}"),
    ("name", "churn-v4", "churn-v{version}"),
    ("reference", "--model=models:/fraud/42", "--model=models:/fraud/{version}"),
]


@pytest.mark.parametrize(("sort", "value", "template"), TEMPLATES, ids=[value[:50] for _, value, _ in TEMPLATES])
def test_the_template_of_a_value(sort: Sort, value: str, template: str) -> None:
    found = guess(sort, value)
    assert isinstance(found, Guess)
    assert (found.template, found.pinned) == (template, True)
    assert read_back(found.template, value, {}) == found.variables


UNPINNED: list[tuple[Sort, str, str]] = [
    ("chart", ">=1.0.0", "is a range: pin it first"),
    ("chart", "*", "is a range: pin it first"),
    ("chart", "1.x", "is a range: pin it first"),
    ("tag", "latest", "is a name that moves"),
    ("tag", "main", "is a name that moves"),
    ("image", "r.example/scorer:latest", "is a name that moves"),
    ("uri", "models:/fraud@champion", "is an alias, which moves"),
    ("uri", "s3://models/fraud/latest", "moves: pin it first"),
]


@pytest.mark.parametrize(("sort", "value", "note"), UNPINNED, ids=[value for _, value, _ in UNPINNED])
def test_what_does_not_say_a_version_is_told(sort: Sort, value: str, note: str) -> None:
    found = guess(sort, value)
    assert isinstance(found, Guess)
    assert (found.pinned, found.variables) == (False, {})
    assert note in found.note
    assert read_back(found.template, value, {}) is None


NO_TEMPLATE: list[tuple[Sort, str, str]] = [
    ("uri", "gs://bucket/sklearn/iris", "no version is to be seen"),
    ("uri", "hf://acme/Llama-3.1-8B", "names no revision"),
    ("uri", "s3://<YOUR BUCKET>/model/4", "filled in by another tool"),
    ("uri", "s3://models/{{ .Values.version }}", "filled in by another tool"),
    ("uri", "s3://models/${VERSION}", "filled in by another tool"),
    ("image", "localhost:5000/scorer", "the image has no tag"),
    ("image", f"scorer@sha256:{SHA}", "a digest names no version"),
    ("image", "scorer:latest-gpu", "a name that moves"),
    ("uri", "models:/fraud/Production", "moves: pin a version first"),
    ("chart", "HEAD", "a branch or a moving tag"),
    ("name", "churn", "holds no version"),
    ("tag", "", "no plain one-line value"),
    ("tag", "x" * 5000, "no plain one-line value"),
]


@pytest.mark.parametrize(("sort", "value", "why"), NO_TEMPLATE, ids=[f"{s}-{v[:30]}" for s, v, _ in NO_TEMPLATE])
def test_where_there_is_no_template_the_reason_is_said(sort: Sort, value: str, why: str) -> None:
    found = guess(sort, value)
    assert isinstance(found, str)
    assert why in found


def test_the_folder_behind_the_model_is_its_version() -> None:
    found = guess("uri", "s3://b/2024/fraud/7/artifacts/2", "fraud")
    assert isinstance(found, Guess)
    assert found.template == "s3://b/2024/fraud/{version}/artifacts/2"


PIECES = st.sampled_from(
    ["s3://", "models:/", "runs:/", "oci://", "hf://", "/", ":", "@", "-", ".", "v", "42", "1.2.3", "latest", ">=", "x",
     RUN, f"m-{RUN}", f"sha256:{SHA}", "model", "{", "}", "{version}", "é", " ", "\n", "~", "*"]
)  # fmt: skip
SORTS = st.sampled_from(["uri", "image", "tag", "digest", "version", "name", "chart", "reference"])


@given(SORTS, st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=10).map("".join)))
def test_any_text_gives_a_template_that_reads_it_or_a_reason(sort: Sort, value: str) -> None:
    found = guess(sort, value)
    if isinstance(found, str):
        assert found
        return
    assert parse_template(found.template)
    assert read_back(found.template, value, {}) == (found.variables if found.pinned else None)
