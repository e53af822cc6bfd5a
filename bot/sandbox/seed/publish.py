"""Logs and registers trained versions as MLflow 3 does: a run, a logged model with the metrics, a registered version.

Run as a program, ``python -m bot.sandbox.seed.publish DATA_DIR [MODEL ...]``, with MLFLOW_TRACKING_URI set; it
prints its progress.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput, Metric, Param, RunTag
from mlflow.exceptions import MlflowException

from bot.sandbox.seed.mlmodel import write_model
from bot.sandbox.seed.recipes import ALIASES, LINES, LOWER_IS_BETTER, Line
from bot.sandbox.seed.training import Rows, Trained, train
from bot.sandbox.seed.training_repo import commit_of

FIRST = datetime(2025, 7, 1, 6, tzinfo=UTC)


class Publisher:
    """Writes into one MLflow store; ``artifacts`` is a folder."""

    def __init__(self, uri: str, artifacts: Path) -> None:
        self._client, self._artifacts = MlflowClient(uri, uri), artifacts

    def publish(self, line: Line) -> None:
        """Train and register every version of the line that is not there yet, in order, then set its aliases."""
        experiment = self._experiment(line)
        there = self._registered(line)
        before: Trained | None = None
        for version, recipe in enumerate(line.recipes, start=1):
            if version < there:
                continue  # only the last one that is there is needed again: the next is compared with it
            trained = train(line, recipe)
            if version > there:
                self._version(experiment, line, version, trained, passed=not worse(line, trained, before))
            before = trained
        for alias, version in ALIASES.get(line.name, {}).items():
            if version <= len(line.recipes):
                self._client.set_registered_model_alias(line.name, alias, str(version))

    def _experiment(self, line: Line) -> str:
        found = self._client.get_experiment_by_name(line.name)
        if found:
            return str(found.experiment_id)
        return str(self._client.create_experiment(line.name, (self._artifacts / line.name).as_uri()))

    def _registered(self, line: Line) -> int:
        try:
            self._client.create_registered_model(line.name, {"team": "acme"}, line.description)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        versions = self._client.search_model_versions(f"name = '{line.name}'")
        return max((int(one.version) for one in versions), default=0)

    def _version(self, experiment: str, line: Line, version: int, trained: Trained, *, passed: bool) -> None:
        commit = commit_of(line.name, version) or _invented(line, version, trained)
        self._register(experiment, line, version, trained, (commit, FIRST + timedelta(days=6 * version)), passed=passed)

    def add(self, line: Line, trained: Trained, commit: str, *, passed: bool, more: Mapping[str, str]) -> str:
        """Register a version beside those of the line, with ``more`` tags, and return its number."""
        experiment, version = self._experiment(line), self._registered(line) + 1
        commit = commit or _invented(line, version, trained)
        self._register(experiment, line, version, trained, (commit, datetime.now(UTC)), passed=passed, more=more)
        return str(version)

    def _register(
        self,
        experiment: str,
        line: Line,
        version: int,
        trained: Trained,
        origin: tuple[str, datetime],
        *,
        passed: bool,
        more: Mapping[str, str] | None = None,
    ) -> None:
        commit, made = origin
        run_id, model_id = self._log(experiment, line, version, trained, commit, made)
        tags = {
            "validation_status": "passed" if passed else "failed",
            "git_commit": commit,
            "data_digest": trained.train.digest,
            "trained_by": line.author,
            **(more or {}),
        }
        self._client.create_model_version(
            line.name, f"models:/{model_id}", run_id=run_id, tags=tags, model_id=model_id, await_creation_for=0
        )

    def _log(
        self, experiment: str, line: Line, version: int, trained: Trained, commit: str, made: datetime
    ) -> tuple[str, str]:
        start = int(made.timestamp() * 1000)
        run_id = self._client.create_run(experiment, start, run_name=f"{line.name}-{version}").info.run_id
        model_id = self._model(experiment, line, run_id, trained, made)
        measured = (start, 0, model_id, f"{line.dataset}-held-out", trained.held_out.digest, run_id)
        self._client.log_inputs(run_id, _inputs(line, trained))
        self._client.log_outputs(run_id, [LoggedModelOutput(model_id, 0)])
        self._client.log_batch(
            run_id,
            [Metric(name, value, *measured) for name, value in trained.metrics.items()],
            [Param(name, value) for name, value in trained.params.items()],
            [RunTag("mlflow.source.git.commit", commit), RunTag("mlflow.user", line.author)],
        )
        self._client.set_terminated(run_id, "FINISHED", start + 90_000)
        return run_id, model_id

    def _model(self, experiment: str, line: Line, run_id: str, trained: Trained, made: datetime) -> str:
        logged = self._client.create_logged_model(
            experiment, line.name, run_id, {"trained_by": line.author}, trained.params, "sklearn"
        )
        with tempfile.TemporaryDirectory() as folder:
            write_model(Path(folder), line, trained, (run_id, logged.model_id), made)
            self._client.log_model_artifacts(logged.model_id, folder)
        self._client.finalize_logged_model(logged.model_id, "READY")
        return str(logged.model_id)


def _invented(line: Line, version: int, trained: Trained) -> str:
    """A commit's name for what no repository here trained."""
    return hashlib.sha1(f"{line.name} {version} {trained.params}".encode(), usedforsecurity=False).hexdigest()


def worse(line: Line, trained: Trained, before: Trained | None) -> bool:
    """Whether the primary metric went the wrong way: what the training pipeline's own validation says."""
    if before is None:
        return False
    gain = trained.metrics[line.primary] - before.metrics[line.primary]
    return gain > 0 if line.primary in LOWER_IS_BETTER else gain < 0


def _inputs(line: Line, trained: Trained) -> list[DatasetInput]:
    return [
        _input(line, f"{line.dataset}-training", trained.train, "training", trained),
        _input(line, f"{line.dataset}-held-out", trained.held_out, "eval", trained),
    ]


def _input(line: Line, name: str, rows: Rows, context: str, trained: Trained) -> DatasetInput:
    source = json.dumps({"uri": f"sklearn.datasets.load_{line.dataset}"})
    schema = json.dumps({"columns": list(trained.features)})
    profile = json.dumps({"num_rows": len(rows.y), "num_features": len(trained.features)})
    return DatasetInput(
        Dataset(name, rows.digest, "code", source, schema, profile), [InputTag("mlflow.data.context", context)]
    )


def prepare(database: Path) -> None:
    """Make MLflow's tables beside it and put the file there whole: MLflow cannot go on from half of its migrations."""
    if database.exists():
        return
    part = database.with_suffix(".part")
    for left in database.parent.glob(f"{part.name}*"):
        left.unlink()
    client = MlflowClient(f"sqlite:///{part}", f"sqlite:///{part}")
    client.search_experiments(max_results=1)
    client.search_registered_models(max_results=1)
    part.replace(database)


def main(data_dir: Path, models: list[str]) -> None:
    """Publish these models, or all."""
    print("Creating the MLflow registry on SQLite")
    uri = os.environ["MLFLOW_TRACKING_URI"]
    prepare(Path(uri.removeprefix("sqlite:///")))
    publisher = Publisher(uri, data_dir / "mlartifacts")
    for line in LINES:
        if not models or line.name in models:
            print(f"Training {line.name} on scikit-learn's {line.dataset} data: {len(line.recipes)} versions")
            publisher.publish(line)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
