"""A version's MLmodel file: its digest is the closest that MLflow has to one of the artifact, and it holds the
signature."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.adapters.mlflow_registry.signature import read_signature
from bot.domain.facts import MLMODEL_DIGEST, Signature

MOST_LINES = 500


@dataclass(frozen=True)
class MlModel:
    """What is kept of the file; all None where it could not be read."""

    digest: str | None = None
    signature: Signature | None = None


def read_mlmodel(client: Any, entity: Any, model_id: str | None) -> MlModel:
    """Download the file and read it. Raises whatever the artifact store raises."""
    text = _text(client, entity, model_id, "MLmodel")
    return MlModel(MLMODEL_DIGEST + hashlib.sha256(text.encode()).hexdigest(), read_signature(text))


def read_requirements(client: Any, entity: Any, model_id: str | None) -> tuple[str, ...]:
    """The lines of the model's requirements.txt. Raises whatever the artifact store raises."""
    lines = (line.strip() for line in _text(client, entity, model_id, "requirements.txt").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))[:MOST_LINES]


def _text(client: Any, entity: Any, model_id: str | None, name: str) -> str:
    from mlflow.artifacts import load_text

    root = client.get_logged_model(model_id).artifact_location if model_id else entity.source
    return str(load_text(f"{root}/{name}"))
