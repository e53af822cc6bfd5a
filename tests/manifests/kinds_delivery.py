# ruff: noqa: E501  (a table reads best with one row a line)
"""Look-alikes of what delivery tools and pipelines declare."""

from __future__ import annotations

import json
from typing import Final

from tests.manifests.kinds_serving import Kind

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: churn}
spec:
  template:
    spec:
      initContainers: [{name: fetch, image: acme/fetch:1}]
      containers:
        - image: "ghcr.io/acme/churn:1.2.0@sha256:aa11"
          name: churn
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
spec: {template: {spec: {containers: [{name: churn, image: acme/churn:blue}]}}}
"""
KUSTOMIZE = """\
images:
- name: churn
  newName: ghcr.io/acme/churn
  digest: sha256:aa11
commonAnnotations: {acme.io/model-version: "41", "acme.io/x y": 'v41'}
patches:
- target: {kind: InferenceService}
  patch: |-
    - op: replace
      path: /spec/predictor/model/storageUri
      value: s3://m/churn/41
    - {op: add, path: /metadata/annotations/acme.io~1build, value: "b41"}
- patch: |
    kind: Deployment
    metadata: {name: x}
    spec:
      version: v41
- patch: '[{"op": "replace", "path": "/spec/tag", "value": "v41"}]'
"""
HELM = """\
base: &base
  repo: acme/churn
image:
  <<: *base
  tag: &tag "1.9"
  pullPolicy: Always
models:
  fraud: {version: 41, enabled: true}
list:
-   name: churn
    version: 41   # by hand
"""
ARGO = """\
kind: Application
spec:
  source:
    chart: model
    targetRevision: 1.4.0
    helm:
      parameters:
      - {name: "image.tag", value: v41, forceString: true}
      values: |
        image:
          tag: v41
      valuesObject: {image: {tag: v41}}
---
kind: ApplicationSet
spec:
  generators:
  - list:
      elements:
      - {env: staging, tag: v40}
      - {env: prod, tag: v41}
  template: {metadata: {name: 'm-{{env}}'}, spec: {source: {targetRevision: '{{tag}}'}}}
"""
FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec:
  chart: {spec: {chart: model, version: "1.4.0"}}
  values:
    image:
      tag: v41 # {"$imagepolicy": "flux-system:churn:tag"}
      host: ${cluster_domain}
---
kind: Kustomization
spec:
  postBuild:
    substitute: {MODEL_VERSION: "41"}
  images: [{name: churn, newTag: v41}]
"""
FLEET = """\
defaultNamespace: ml
helm:
  chart: oci://reg/model
  version: 104.1.0+up57.0.3
  values: {image: {tag: v41}}
targetCustomizations:
- name: prod
  helm: {values: {image: {tag: v41}}}
"""
DATABRICKS = """\
bundle: {name: churn}
variables:
  model_version:
    default: 41
targets:
  prod:
    variables: {model_version: "41"}
    resources:
      model_serving_endpoints:
        churn:
          name: churn-${bundle.target}
          config:
            served_entities:
              - entity_name: prod.churn
                entity_version: 41
"""
DVC = "train:\n    lr: 0.01\nserve: {model: churn, version: 41}\r\n"
PACHYDERM = """\
{
  "pipeline": {"name": "score"},
  "transform": {
    "image": "acme/score:v41",
    "cmd": ["python3", "/score.py", "--model", "s3://m/churn/41"],
    "env": {"MODEL_VERSION": "41"}
  },
  "parallelism_spec": {"constant": 2}
}
"""
AIRFLOW = json.dumps({"churn": json.dumps({"version": 41, "uri": "s3://m/41"}), "plain": "v41", "flag": True}, indent=2)

DELIVERY: Final[list[Kind]] = [
    ("digest", DEPLOYMENT, "{Deployment}spec.template.spec.containers[name=churn].image", "ghcr.io/acme/churn:{version}@sha256:{tags.digest}", "1.2.0", "1.3.0"),
    ("rollout", DEPLOYMENT, "{Rollout}spec.template.spec.containers[name=churn].image", "acme/churn:{version}", "blue", "green"),
    ("kustomize-annotation", KUSTOMIZE, 'commonAnnotations."acme.io/model-version"', "{version}", "41", "42"),
    ("kustomize-space", KUSTOMIZE, 'commonAnnotations."acme.io/x y"', "v{version}", "41", "42"),
    ("inline-patch", KUSTOMIZE, "patches[0].patch |yaml| [path=/spec/predictor/model/storageUri].value", "s3://m/churn/{version}", "41", "42"),
    ("inline-flow", KUSTOMIZE, "patches[0].patch |yaml| [path=/metadata/annotations/acme.io~1build].value", "b{version}", "41", "42"),
    ("inline-merge", KUSTOMIZE, "patches[1].patch |yaml| spec.version", "v{version}", "41", "42"),
    ("inline-json", KUSTOMIZE, "patches[2].patch |json| [path=/spec/tag].value", "v{version}", "41", "42"),
    ("helm-anchor", HELM, "image.tag", "{version}", "1.9", "1.10"),
    ("helm-map", HELM, "models.fraud.version", "{version}", "41", "42"),
    ("helm-list", HELM, "list[name=churn].version", "{version}", "41", "42"),
    ("argo-chart", ARGO, "{Application}spec.source.targetRevision", "{version}", "1.4.0", "1.5.0"),
    ("argo-parameter", ARGO, '{Application}spec.source.helm.parameters[name="image.tag"].value', "v{version}", "41", "42"),
    ("argo-values", ARGO, "{Application}spec.source.helm.values |yaml| image.tag", "v{version}", "41", "42"),
    ("argo-object", ARGO, "{Application}spec.source.helm.valuesObject.image.tag", "v{version}", "41", "42"),
    ("appset", ARGO, "{ApplicationSet}spec.generators[0].list.elements[env=prod].tag", "v{version}", "41", "42"),
    ("flux-chart", FLUX, "{HelmRelease}spec.chart.spec.version", "{version}", "1.4.0", "1.5.0"),
    ("flux-marker", FLUX, "{HelmRelease}spec.values.image.tag", "v{version}", "41", "42"),
    ("flux-substitute", FLUX, "{Kustomization}spec.postBuild.substitute.MODEL_VERSION", "{version}", "41", "42"),
    ("flux-image", FLUX, "{Kustomization}spec.images[name=churn].newTag", "v{version}", "41", "42"),
    ("fleet-chart", FLEET, "helm.version", "{version}", "104.1.0+up57.0.3", "104.1.1+up57.0.4"),
    ("fleet-target", FLEET, "targetCustomizations[name=prod].helm.values.image.tag", "v{version}", "41", "42"),
    ("databricks-default", DATABRICKS, "variables.model_version.default", "{version}", "41", "42"),
    ("databricks-target", DATABRICKS, "targets.prod.variables.model_version", "{version}", "41", "42"),
    ("databricks-entity", DATABRICKS, "targets.prod.resources.model_serving_endpoints.churn.config.served_entities[entity_name=prod.churn].entity_version", "{version}", "41", "42"),
    ("dvc", DVC, "serve.version", "{version}", "41", "42"),
    ("pachyderm-image", PACHYDERM, "transform.image", "acme/score:v{version}", "41", "42"),
    ("pachyderm-argument", PACHYDERM, "transform.cmd[3]", "s3://m/churn/{version}", "41", "42"),
    ("pachyderm-env", PACHYDERM, "transform.env.MODEL_VERSION", "{version}", "41", "42"),
    ("airflow", AIRFLOW, "churn |json| version", "{version}", "41", "42"),
    ("airflow-text", AIRFLOW, "churn |json| uri", "s3://m/{version}", "41", "42"),
    ("airflow-plain", AIRFLOW, "plain", "v{version}", "41", "42"),
]  # fmt: skip
