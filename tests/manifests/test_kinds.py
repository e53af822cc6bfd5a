"""Look-alikes of what deployment repos really hold: KServe, Helm values, kustomize, Argo, Flux, Fleet."""

from __future__ import annotations

import pytest

from bot.domain.policy import Binding
from bot.manifests import read, render, unified_diff
from tests.manifests.targets import FILE, bound, target

KSERVE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: "m"
  annotations: {serving.kserve.io/deploymentMode: "Serverless"}
spec:
  predictor:
    # canaryTrafficPercent: 10
    model:
      modelFormat: {name: sklearn}
      storageUri: "s3://mlflow/7/models/m-41aa/artifacts"   # by the bot
---
apiVersion: v1
kind: ConfigMap
metadata: {name: m}
data: {storageUri: "s3://mlflow/7/models/m-41aa/artifacts"}
"""
HELM = """\
# Default values.
image:
  repository: ghcr.io/acme/churn
  tag: 1.9   # a float by accident
  pullPolicy: IfNotPresent
ingress:
  annotations:
    {}
    # kubernetes.io/ingress.class: nginx
models:
- name: churn
  version: 41
- name: ltv
  version: 41
"""
KUSTOMIZE = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
images:
  # serving
- name: churn
  newName: ghcr.io/acme/churn
  newTag: 2.6.2

- name: ltv
  newTag: latest
"""
APPSET = """
kind: ApplicationSet
metadata:
  name: m
spec:
  template:
    metadata: {name: 'm-{{stage}}'}
    spec:
      source:
        kustomize:
          images:
          - ghcr.io/acme/m=ghcr.io/acme/m:1.24.0"""


@pytest.mark.parametrize(
    ("text", "binding", "variables", "line"),
    [
        (
            KSERVE,
            bound(
                "spec.predictor.model.storageUri",
                "s3://mlflow/{experiment_id}/models/{model_id}/artifacts",
                kind="InferenceService",
            ),
            {"experiment_id": "7", "model_id": "m-42bb"},
            (
                '-      storageUri: "s3://mlflow/7/models/m-41aa/artifacts"   # by the bot\n'
                '+      storageUri: "s3://mlflow/7/models/m-42bb/artifacts"   # by the bot\n'
            ),
        ),
        (
            HELM,
            bound("image.tag"),
            {"version": "1.10"},
            '-  tag: 1.9   # a float by accident\n+  tag: "1.10"   # a float by accident\n',
        ),
        (HELM, bound("models[name=ltv].version"), {"version": "42"}, "-  version: 41\n+  version: 42\n"),
        (KUSTOMIZE, bound("images[name=churn].newTag"), {"version": "2.7"}, '-  newTag: 2.6.2\n+  newTag: "2.7"\n'),
        (KUSTOMIZE, bound("images[name=ltv].newTag"), {"version": "v3"}, "-  newTag: latest\n+  newTag: v3\n"),
        (
            APPSET,
            bound("spec.template.spec.source.kustomize.images[0]", "ghcr.io/acme/m=ghcr.io/acme/m:{version}"),
            {"version": "1.25.0"},
            (
                "-          - ghcr.io/acme/m=ghcr.io/acme/m:1.24.0\n\\ No newline at end of file\n"
                "+          - ghcr.io/acme/m=ghcr.io/acme/m:1.25.0\n\\ No newline at end of file\n"
            ),
        ),
    ],
)
def test_exactly_one_line_changes(text: str, binding: Binding, variables: dict[str, str], line: str) -> None:
    chosen, before = target(binding), {FILE: text.encode()}
    result = render(chosen, before, variables)
    lines = unified_diff(before, result.files).splitlines(keepends=True)
    assert "".join(one for one in lines[3:] if not one.startswith((" ", "@"))) == line
    seen = read(chosen, result.files)
    assert (seen.state, seen.variables) == ("pinned", variables)


def test_a_moving_tag_is_no_version() -> None:
    seen = read(target(bound("images[name=ltv].newTag")), {FILE: KUSTOMIZE.encode()})
    assert (seen.state, seen.version, seen.raw) == ("not_pinned", None, "latest")
