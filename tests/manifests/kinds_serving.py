# ruff: noqa: E501  (a table reads best with one row a line)
"""Look-alikes of what serving engines declare. Each: name, text, selector, template, old and new version."""

from __future__ import annotations

from typing import Final

Kind = tuple[str, str, str, str, str, str]

KSERVE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: churn, labels: {model-version: "41"}}
spec:
  transformer:
    containers:
    - image: reg.io:5000/acme/pre:41      # before the model
      name: kserve-container
      env:
      - {name: STORAGE_URI, value: "s3://models/churn/41"}
      - name: MODEL_VERSION
        value: "41"
  explainer:
    art: {storageUri: gs://explain/churn/v41, type: SquareAttack}
  predictor:
    canaryTrafficPercent: 10
    sklearn:
      storageUri: 's3://models/churn/41/model'
      runtimeVersion: 1.4.2-gpu
    model:
      modelFormat: {name: xgboost}
      storage:
        key: localMinIO
        path: churn/41/model.bst
"""
GRAPH = """\
kind: TrainedModel
metadata:
  name: churn-41
spec:
  inferenceService: "triton"
  model:
    framework: pytorch
    storageUri: gs://m/churn/41
    memory: 1Gi
---
kind: InferenceGraph
metadata: {name: churn}
spec:
  nodes:
    root:
      routerType: Splitter
      steps:
      - serviceName: churn-v41
        weight: 80
      - {serviceName: base, weight: 20}
---
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: rt}
spec:
  containers:
  - name: kserve-container
    args:
    - --model_name={{.Name}}
    image: "docker.io/seldonio/mlserver:1.5.0"
---
kind: LLMInferenceService
metadata: {name: llm}
spec:
  model:
    uri: hf://acme/llama@v41
    name: acme/llama
"""
SELDON = """\
apiVersion: machinelearning.seldon.io/v1
kind: SeldonDeployment
spec:
  predictors:
  - graph:
      children:
      - {name: left, modelUri: "gs://s/left/v41", children: []}
      - children:
        - name: deep
          modelUri: gs://s/deep/v41
        name: right
      name: router
      implementation: SKLEARN_SERVER
      modelUri: gs://s/root/v41
    name: main
    traffic: 75
---
apiVersion: mlops.seldon.io/v1alpha1
kind: Model
metadata: {name: iris}
spec:
  storageUri: "gs://seldon-models/mlserver/iris/41"
  requirements: [sklearn]
---
kind: Experiment
metadata: {name: ab}
spec:
  default: iris-41
  candidates:
  - name: iris-41
    weight: 50
"""
MLSERVER = """\
{
    "name": "churn",
    "implementation": "mlserver_sklearn.SKLearnModel",
    "parameters": {
        "uri": "s3:\\/\\/models\\/churn\\/41",
        "version": "v41"
    }
}
"""
BENTO = """\
apiVersion: serving.yatai.ai/v2alpha1
kind: BentoDeployment
spec:
  bento: churn:41x7dge3k
  services: {runner: {replicas: 2}}
"""
RAY = """\
apiVersion: ray.io/v1
kind: RayService
spec:
  serveConfigV2: |
    applications:
      - name: churn
        import_path: serve.app
        runtime_env:
          env_vars: {MODEL: "churn/41"}
          pip: ["torch==2.1"]
  rayClusterConfig:
    rayVersion: '2.9.0' # should match the image
    headGroupSpec:
      template: {spec: {containers: [{name: head, image: "rayproject/ray:2.9.0"}]}}
"""
SAGEMAKER = """\
apiVersion: sagemaker.services.k8s.aws/v1alpha1
kind: Model
metadata:
  name: churn-v41	# trailing: \t
spec:
  modelName: churn-v41
  primaryContainer:
    containerHostname: xgboost
    modelDataURL: s3://acme/xgboost/v41/model.tar.gz
    # The ECR image
    image: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.2-1"""

SERVING: Final[list[Kind]] = [
    ("label", KSERVE, "metadata.labels.model-version", "{version}", "41", "42"),
    ("transformer-image", KSERVE, "spec.transformer.containers[name=kserve-container].image", "reg.io:5000/acme/pre:{version}", "41", "42"),
    ("env", KSERVE, "spec.transformer.containers[0].env[name=MODEL_VERSION].value", "{version}", "41", "42"),
    ("storage-env", KSERVE, "spec.transformer.containers[0].env[name=STORAGE_URI].value", "s3://models/churn/{version}", "41", "42"),
    ("explainer", KSERVE, "spec.explainer.art.storageUri", "gs://explain/churn/v{version}", "41", "42"),
    ("framework-key", KSERVE, "spec.predictor.sklearn.storageUri", "s3://models/churn/{version}/model", "41", "42"),
    ("runtime-version", KSERVE, "spec.predictor.sklearn.runtimeVersion", "{version}", "1.4.2-gpu", "1.5.0"),
    ("storage-path", KSERVE, "spec.predictor.model.storage.path", "churn/{version}/model.bst", "41", "42"),
    ("canary", KSERVE, "spec.predictor.canaryTrafficPercent", "{version}", "10", "20"),
    ("trained-model", GRAPH, "{TrainedModel}spec.model.storageUri", "gs://m/churn/{version}", "41", "42"),
    ("graph", GRAPH, "{InferenceGraph}spec.nodes.root.steps[0].serviceName", "churn-v{version}", "41", "42"),
    ("runtime", GRAPH, "{ServingRuntime}spec.containers[0].image", "docker.io/seldonio/mlserver:{version}", "1.5.0", "1.6.1"),
    ("llm", GRAPH, "{LLMInferenceService}spec.model.uri", "hf://acme/llama@v{version}", "41", "42"),
    ("seldon-root", SELDON, "spec.predictors[name=main].graph.modelUri", "gs://s/root/v{version}", "41", "42"),
    ("seldon-child", SELDON, "spec.predictors[0].graph.children[name=left].modelUri", "gs://s/left/v{version}", "41", "42"),
    ("seldon-deep", SELDON, "spec.predictors[0].graph.children[name=right].children[0].modelUri", "gs://s/deep/v{version}", "41", "42"),
    ("seldon-traffic", SELDON, "spec.predictors[0].traffic", "{version}", "75", "100"),
    ("seldon-model", SELDON, "{Model}spec.storageUri", "gs://seldon-models/mlserver/iris/{version}", "41", "42"),
    ("seldon-candidate", SELDON, "{Experiment}spec.candidates[0].name", "iris-{version}", "41", "42"),
    ("mlserver", MLSERVER, "parameters.version", "v{version}", "41", "42"),
    ("bento", BENTO, "spec.bento", "churn:{version}", "41x7dge3k", "42ab"),
    ("ray-inside", RAY, "spec.serveConfigV2 |yaml| applications[name=churn].runtime_env.env_vars.MODEL", "churn/{version}", "41", "42"),
    ("ray-image", RAY, "spec.rayClusterConfig.headGroupSpec.template.spec.containers[name=head].image", "rayproject/ray:{version}", "2.9.0", "2.10.1"),
    ("sagemaker-name", SAGEMAKER, "metadata.name", "churn-v{version}", "41", "42"),
    ("sagemaker-data", SAGEMAKER, "spec.primaryContainer.modelDataURL", "s3://acme/xgboost/v{version}/model.tar.gz", "41", "42"),
    ("sagemaker-image", SAGEMAKER, "spec.primaryContainer.image", "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:{version}", "1.2-1", "1.7-1"),
]  # fmt: skip
