"""A deployment repo of a fleet: 1,000 models in three environments by one layout, as people keep it."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

ENVIRONMENTS = ("staging", "canary", "production")
POLICY = b"""version: 1
environments:
  staging: {}
  canary: {}
  production:
    approvals: {required: 2}
layouts:
  - files: ["models/{model}/{environment}/inferenceservice.yaml"]
    doc: {kind: InferenceService, name: "{model}"}
    at: spec.predictor.model.storageUri
    value: "s3://mlflow/{model}/versions/{version}/artifacts"
"""
_WORDS = ("churn", "fraud", "ltv", "ranking", "pricing", "search", "spam", "eta", "demand", "risk")
_TEAMS = ("growth", "payments", "logistics", "trust", "core-ml")


def model_name(number: int) -> str:
    """Names of different lengths, as models have."""
    return f"{_WORDS[number % 10]}-{_WORDS[number // 10 % 10]}-{number:03}"


def model_file(number: int, environment: str) -> str:
    """Where a model's manifest stands."""
    return f"models/{model_name(number)}/{environment}/inferenceservice.yaml"


def manifest(number: int, environment: str, version: int, *, alike: bool = True) -> bytes:
    """One manifest. Teams and sizes differ; ``alike`` or not, no two models have the same."""
    dice = random.Random(f"{number}{environment}")
    name, team = model_name(number), _TEAMS[number % 5]
    own = "" if alike else f"    acme.io/owner: {dice.choice(_WORDS)}.{dice.randrange(10**6)}@example.com\n"
    return f"""# Owned by {team}; versions are changed by SlackOps.
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {name}
  namespace: ml-{environment}
  labels:
    app.kubernetes.io/name: {name}
    team: {team}
  annotations:
    sidecar.istio.io/inject: "true"
{own}spec:
  predictor:
    minReplicas: {1 + number % 3}
    serviceAccountName: {name}-{environment}
    model:
      modelFormat:
        name: {("sklearn", "xgboost")[number % 2]}
      storageUri: s3://mlflow/{name}/versions/{version}/artifacts
      resources:
        requests: {{cpu: "{1 + number % 2}", memory: 2Gi}}
        limits: {{cpu: "4", memory: 4Gi}}
""".encode()


def make_fleet(path: Path, models: int, *, alike: bool = True) -> Path:
    """A bare repository with these models on ``main``."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    stream = [_commit("Start"), _file(".slackops.yaml", POLICY), *_manifests(models, alike=alike)]
    _import(path, stream)
    subprocess.run(["git", "-C", str(path), "repack", "-adq"], check=True)
    return path


def promote(path: Path, number: int, version: int, *, alike: bool = True) -> None:
    """Somebody changes one version on main."""
    content = manifest(number, "production", version, alike=alike)
    _import(path, [_commit(f"Promote {version}", again=True), _file(model_file(number, "production"), content)])


def _manifests(models: int, *, alike: bool) -> Iterator[bytes]:
    for number in range(models):
        for environment in ENVIRONMENTS:
            yield _file(model_file(number, environment), manifest(number, environment, 1 + number % 90, alike=alike))


def _import(path: Path, stream: list[bytes]) -> None:
    command = ["git", "-C", str(path), "fast-import", "--quiet"]
    subprocess.run(command, input=b"".join(stream), check=True)


def _commit(message: str, *, again: bool = False) -> bytes:
    who = "committer A U Thor <author@example.com> 1700000000 +0000"
    base = "from refs/heads/main^0\n" if again else ""
    return f"commit refs/heads/main\n{who}\ndata {len(message)}\n{message}\n{base}".encode()


def _file(path: str, content: bytes) -> bytes:
    return f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
