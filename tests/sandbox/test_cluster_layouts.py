"""What a file of a deployment repo declares."""

import pytest

from bot.sandbox.cluster.layouts import Unrenderable, declared
from bot.sandbox.seed import deployed
from bot.sandbox.seed.files import example_files


def one(path: str, text: str) -> tuple[str, str, str | None, str]:
    (found,) = declared(path, text.encode())
    return found.model, found.environment, found.version, found.artifact


def kserve(uri: str, server: str = "model") -> str:
    head = "kind: InferenceService\nmetadata: {name: fraud}\n"
    return f'{head}spec: {{predictor: {{minReplicas: 1, {server}: {{storageUri: "{uri}"}}}}}}\n'


def test_the_example_declares_what_is_deployed() -> None:
    found = [what for name, content in example_files().items() for what in declared(name, content)]
    assert {(one.model, one.environment): int(one.version or 0) for one in found} == deployed()


@pytest.mark.parametrize(
    ("uri", "version"),
    [
        ("s3://models/fraud/42/model", "42"),
        ("s3://models/fraud/v42", "42"),
        ("gs://bucket/2024/fraud/7/", "7"),
        ("pvc://claim/fraud/7/sklearn/model", "7"),
        ("s3://mlflow/3/models/m-" + "a" * 32 + "/artifacts", None),
        ("s3://models/fraud/latest", None),
    ],
)
def test_kserve_versions(uri: str, version: str | None) -> None:
    assert one("models/fraud/production/x.yaml", kserve(uri)) == ("fraud", "production", version, uri)


def test_kserve_s_older_form() -> None:
    assert one("a/staging/isvc.yml", kserve("s3://m/3/model", "sklearn"))[:3] == ("fraud", "staging", "3")


def test_helm_values_with_and_without_quotes() -> None:
    assert one("s/churn/values-prod.yaml", 'model: {name: churn, version: "16"}')[:3] == ("churn", "prod", "16")
    assert one("s/churn/values-prod.yaml", "model: {version: 16}")[:3] == ("churn", "prod", "16")


def test_kustomize_takes_the_app_s_own_image() -> None:
    text = "images: [{name: sidecar, newTag: v9}, {name: acme/ltv, newName: r/ltv, newTag: v3}]"
    assert one("apps/ltv/overlays/prod/kustomization.yaml", text) == ("ltv", "prod", "3", "r/ltv:v3")
    assert one("overlays/prod/kustomization.yaml", "images: [{name: ltv, newTag: v3}]")[:3] == ("ltv", "prod", "3")


def test_a_tag_that_is_no_version_is_shown_and_not_guessed() -> None:
    text = "images: [{name: ltv, newTag: nightly}]"
    assert one("apps/ltv/overlays/prod/kustomization.yaml", text)[2:] == (None, "ltv:nightly")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "kind: InferenceService"),
        ("charts/x/templates/isvc.yaml", "kind: InferenceService {{ .Values.x }}"),
        ("apps/ltv/base/kustomization.yaml", "images: [{name: ltv, newTag: v3}]"),
        ("apps/ltv/overlays/prod/kustomization.yaml", "resources: [../../base]"),
        ("services/churn/values.yaml", "model: {version: 1}"),
        ("services/churn/values-prod.yaml", "replicaCount: 2"),
        ("services/churn/values-prod.yaml", "model: gpt"),
        ("services/churn/values-prod.yaml", ""),
        ("a/b.yaml", "kind: ConfigMap # of an InferenceService"),
    ],
)
def test_other_files_declare_nothing(path: str, text: str) -> None:
    assert declared(path, text.encode()) == []


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("services/churn/values-prod.yaml", "model: {version: \n", "services/churn/values-prod.yaml:2"),
        ("m/p/x.yaml", "kind: InferenceService\nspec: {}\n", "unexpected shape"),
        ("m/p/x.yaml", "kind: InferenceService\nmetadata: {name: a}\nspec: {predictor: 3}\n", "unexpected shape"),
        ("apps/ltv/overlays/prod/kustomization.yaml", "images: {a: b}", "unexpected shape"),
    ],
)
def test_what_cannot_be_read_says_where(path: str, text: str, said: str) -> None:
    with pytest.raises(Unrenderable, match=said):
        declared(path, text.encode())
