"""The real MLflow server, started by the test that needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet


@contextmanager
def mlflow_server(database: Path, artifacts: Path) -> Iterator[str]:
    """The URL of a server over a migrated SQLite store."""
    command = [sys.executable, "-m", "tests.support.mlflow_serving"]
    env = os.environ | environment(database, artifacts)
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port.isdigit(), f"MLflow's server ended with {process.poll()}"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def environment(database: Path, artifacts: Path) -> dict[str, str]:
    """What a server needs so that it delivers webhooks to the loopback; without jobs and telemetry."""
    return {
        "_MLFLOW_SERVER_FILE_STORE": f"sqlite:///{database}",
        "MLFLOW_TRACKING_URI": f"sqlite:///{database}",  # where the server looks logged models up
        "_MLFLOW_SERVER_ARTIFACT_ROOT": str(artifacts),
        "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": Fernet.generate_key().decode(),
        "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http",
        "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
        "MLFLOW_WEBHOOK_CACHE_TTL": "1",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def client_of(url: str) -> Any:
    """MLflow's own client before it."""
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=url, registry_uri=url)
