"""A version's MLmodel file: its digest is the closest that MLflow has to one of the artifact, and it holds the
signature."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.adapters.mlflow_registry.signature import read_signature
from bot.domain.facts import Signature

LABEL = "mlmodel-sha256:"


@dataclass(frozen=True)
class MlModel:
    """What is kept of the file; all None where it could not be read."""

    digest: str | None = None
    signature: Signature | None = None


def read_mlmodel(client: Any, entity: Any, model_id: str | None) -> MlModel:
    """Download the file and read it. Raises whatever the artifact store raises."""
    from mlflow.artifacts import load_text

    root = client.get_logged_model(model_id).artifact_location if model_id else entity.source
    text = load_text(f"{root}/MLmodel")
    return MlModel(LABEL + hashlib.sha256(text.encode()).hexdigest(), read_signature(text))
