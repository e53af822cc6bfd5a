"""Writes a trained estimator as an MLflow model folder, as ``mlflow.sklearn.log_model`` would.

``mlflow.sklearn`` itself needs pandas, which mlflow-skinny leaves out; the format is public
(https://mlflow.org/docs/latest/ml/model/#storage-format).
"""

from __future__ import annotations

import json
import pickle
import platform
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.seed.recipes import Line
from bot.sandbox.seed.training import Trained


def write_model(folder: Path, line: Line, trained: Trained, ids: tuple[str, str], made: datetime) -> None:
    """Write MLmodel, model.pkl and requirements.txt. ``ids`` are the run's and the logged model's."""
    content = pickle.dumps(trained.estimator, protocol=5)
    (folder / "model.pkl").write_bytes(content)
    (folder / "requirements.txt").write_text("\n".join(_requirements()) + "\n")
    python = {"python": platform.python_version(), "dependencies": ["-r requirements.txt"]}
    (folder / "python_env.yaml").write_text(_dump(python))
    (folder / "MLmodel").write_text(_dump(_description(line, trained, ids, made, len(content))))


def _description(line: Line, trained: Trained, ids: tuple[str, str], made: datetime, size: int) -> dict[str, Any]:
    import mlflow
    import sklearn

    run_id, model_id = ids
    loading = {"env": {"virtualenv": "python_env.yaml"}, "loader_module": "mlflow.sklearn", "model_path": "model.pkl"}
    pickled = {"code": None, "pickled_model": "model.pkl", "serialization_format": "pickle"}
    return {
        "artifact_path": f"models:/{model_id}",
        "flavors": {
            "python_function": {**loading, "predict_fn": "predict", "python_version": platform.python_version()},
            "sklearn": {**pickled, "sklearn_version": sklearn.__version__},
        },
        "mlflow_version": mlflow.__version__,
        "model_id": model_id,
        "model_size_bytes": size,
        "model_uuid": model_id,
        "prompts": None,
        "run_id": run_id,
        "signature": signature(line, trained),
        "utc_time_created": made.strftime("%Y-%m-%d %H:%M:%S.%f"),
    }


def signature(line: Line, trained: Trained) -> dict[str, str | None]:
    """The model's signature in the MLmodel file's form."""
    inputs = [{"type": "double", "name": name, "required": True} for name in trained.features]
    outputs = [{"type": "long" if line.task == "classification" else "double", "required": True}]
    return {"inputs": json.dumps(inputs), "outputs": json.dumps(outputs), "params": None}


def _requirements() -> list[str]:
    import mlflow
    import numpy as np
    import sklearn

    return [f"mlflow=={mlflow.__version__}", f"scikit-learn=={sklearn.__version__}", f"numpy=={np.__version__}"]


def _dump(content: dict[str, Any]) -> str:
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
