"""The digest of a version's MLmodel file: the closest that MLflow has to a digest of the artifact."""

from __future__ import annotations

import hashlib
from typing import Any

LABEL = "mlmodel-sha256:"


def mlmodel_digest(client: Any, entity: Any, model_id: str | None) -> str:
    """Download the MLmodel file and hash it. Raises whatever the artifact store raises."""
    from mlflow.artifacts import load_text

    root = client.get_logged_model(model_id).artifact_location if model_id else entity.source
    return LABEL + hashlib.sha256(load_text(f"{root}/MLmodel").encode()).hexdigest()
