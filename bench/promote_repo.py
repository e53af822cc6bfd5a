"""A deployment repo with many manifests and a long history, made by ``git fast-import`` in a moment."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ENVIRONMENTS = ("staging", "canary", "production")
LAYOUTS = ("models", "teams")
TEAM = 100
_WHO = "A U Thor <author@example.com>"
_START = 1_700_000_000


def model_file(model: int, layout: str, environment: str = "production") -> str:
    """Where the manifest of a model stands: in a folder of all models, or of its team's."""
    home = "models" if layout == "models" else f"teams/team-{model // TEAM:03}"
    return f"{home}/model-{model:05}/{environment}/inferenceservice.yaml"


def manifest(model: int, version: int) -> bytes:
    """One manifest, as people write them."""
    return f"""apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: model-{model:05}
  labels:
    team: team-{model // TEAM:03}
spec:
  predictor:
    minReplicas: 2
    model:
      modelFormat: {{name: sklearn}}
      storageUri: s3://models/model-{model:05}/{version}/model
      resources:
        requests: {{cpu: 500m, memory: {1 + model % 8}Gi}}
""".encode()


def make_repo(path: Path, manifests: int, commits: int, layout: str) -> Path:
    """A bare repository with so many manifests and first-parent commits on ``main``."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    # Leave out the server's housekeeping after each push: it would be measured as everybody's.
    subprocess.run(["git", "-C", str(path), "config", "receive.autogc", "false"], check=True)
    with subprocess.Popen(["git", "-C", str(path), "fast-import", "--quiet"], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for chunk in _stream(manifests, commits, layout):
            process.stdin.write(chunk)
        process.stdin.close()
    if process.returncode:
        raise RuntimeError("git fast-import failed")
    return path


def _stream(manifests: int, commits: int, layout: str) -> Iterator[bytes]:
    yield _commit(0)
    for number in range(manifests):
        model = number // 3
        yield _file(model_file(model, layout, ENVIRONMENTS[number % 3]), manifest(model, 1))
    for number in range(1, commits):
        model = (number * 31) % (manifests // 3)
        yield _commit(number)
        yield _file(model_file(model, layout), manifest(model, number + 1))


def _commit(number: int) -> bytes:
    message = f"Change {number}"
    return (
        f"commit refs/heads/main\ncommitter {_WHO} {_START + number} +0000\ndata {len(message)}\n{message}\n".encode()
    )


def _file(path: str, content: bytes) -> bytes:
    return f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
