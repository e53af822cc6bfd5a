"""A real MLflow tracking and registry store on SQLite, copied from one that was migrated once."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.facts import Signature


class MlflowStore:
    """A store in ``folder``: runs with metrics, logged models with an MLmodel file, registered versions."""

    def __init__(self, folder: Path) -> None:
        import mlflow
        from mlflow.tracking import MlflowClient

        self.folder, self.uri = folder, f"sqlite:///{folder / 'mlflow.db'}"
        mlflow.set_tracking_uri(self.uri)  # registering from a logged model goes by the global one
        self.client = MlflowClient(self.uri)

    @classmethod
    def copy(cls, template: Path, folder: Path) -> MlflowStore:
        """A fresh copy of an empty store."""
        shutil.copy(template / "mlflow.db", folder / "mlflow.db")
        return cls(folder)

    def add(
        self,
        model: str,
        metrics: dict[str, float],
        *,
        run_metrics: dict[str, float] | None = None,
        params: dict[str, str] | None = None,
        tags: dict[str, str] | None = None,
        run_tags: dict[str, str] | None = None,
        logged: bool = True,
        signature: Signature | None = None,
    ) -> Any:
        """Register the next version of a model; ``run_metrics`` differ from the logged model's."""
        run = self._run({**metrics, **(run_metrics or {})}, params or {}, run_tags or {}, apart=logged)
        source = (
            f"models:/{self._logged(run, metrics, signature).model_id}" if logged else f"{run.info.artifact_uri}/model"
        )
        if not self.client.search_registered_models(f"name='{model}'"):
            self.client.create_registered_model(model)
        return self.client.create_model_version(model, source, run_id=run.info.run_id, tags=tags or {})

    def _run(self, metrics: dict[str, float], params: dict[str, str], tags: dict[str, str], *, apart: bool) -> Any:
        run = self.client.create_run(self._experiment(), tags=tags)
        for name, text in params.items():
            self.client.log_param(run.info.run_id, name, text)
        for key, value in metrics.items():
            self.client.log_metric(run.info.run_id, key, value, step=2 if apart else 0)
        return run

    def _logged(self, run: Any, metrics: dict[str, float], signature: Signature | None) -> Any:
        made = self.client.create_logged_model(run.info.experiment_id, name="model", source_run_id=run.info.run_id)
        for key, value in metrics.items():
            self.client.log_metric(run.info.run_id, key, value, step=1, model_id=made.model_id)
        folder = Path(made.artifact_location.removeprefix("file://"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "MLmodel").write_text(f"model_id: {made.model_id}\n{_said(signature)}")
        return self.client.finalize_logged_model(made.model_id, "READY")

    def _experiment(self) -> str:
        found = self.client.get_experiment_by_name("training")
        if found is not None:
            return str(found.experiment_id)
        return str(self.client.create_experiment("training", f"file://{self.folder / 'artifacts'}"))


def _said(signature: Signature | None) -> str:
    """The signature as MLflow writes it into the file; the samples have plain types only."""
    if signature is None:
        return ""
    sides = {"inputs": signature.inputs, "outputs": signature.outputs}
    return yaml.safe_dump({"signature": {k: json.dumps([asdict(one) for one in side]) for k, side in sides.items()}})


def migrated(folder: Path) -> Path:
    """An empty store to copy from."""
    MlflowStore(folder).client.search_registered_models()
    return folder


@pytest.fixture(scope="session")
def mlflow_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty store of a whole test run."""
    return migrated(tmp_path_factory.mktemp("mlflow-template"))
