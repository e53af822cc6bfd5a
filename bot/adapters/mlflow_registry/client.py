"""MLflow's client, imported late and kept on a short lead.

Importing MLflow takes a second and tens of megabytes, so it waits for the first question. A server that cannot be
reached blocks a call for minutes by default; the environment variables that change that are read at call time
(https://mlflow.org/docs/latest/python_api/mlflow.environment_variables.html).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar

from bot.errors import RegistryUnavailable, SlackOpsError

T = TypeVar("T")
IN_A_ROW = 2
"""So many questions without an answer, and no answer in between: then nobody is asked for a while. One alone may have
been slow by itself."""


class LateClient:
    """Runs calls against one MlflowClient, each within ``timeout`` seconds of wall-clock time.

    A server that hangs would cost every row of the inbox that long, a rollback's behind them included: so after some
    in a row nothing is asked for ``timeout`` seconds.
    """

    def __init__(self, tracking_uri: str, registry_uri: str | None, timeout: float) -> None:
        self._uris = (tracking_uri, registry_uri)
        self._timeout = timeout
        self._client: Any = None
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="mlflow")
        self._silent, self._asked_again = 0, 0.0

    def call(self, what: str, ask: Callable[[Any], T]) -> T:
        """``ask(client)``. Raises RegistryUnavailable naming ``what`` when it takes too long or fails otherwise.

        A call that hangs is left behind in its thread, which ends with the HTTP timeout.
        """
        if time.monotonic() < self._asked_again:
            raise RegistryUnavailable(f"{what}: not asked, the registry did not answer a moment ago")
        future = self._pool.submit(lambda: ask(self._get()))
        try:
            found = future.result(self._timeout)
        except FutureTimeout:
            future.cancel()
            self._unanswered()
            raise RegistryUnavailable(f"{what}: no answer within {self._timeout:g} s") from None
        except SlackOpsError:
            self._silent = 0
            raise
        except Exception as error:  # MLflow, its HTTP library and its SQL store each have errors of their own
            self._silent = 0
            raise RegistryUnavailable(f"{what}: {_first_line(error)}") from error
        self._silent = 0
        return found

    def _unanswered(self) -> None:
        self._silent += 1
        if self._silent >= IN_A_ROW:
            self._asked_again = time.monotonic() + self._timeout

    def attempt(self, ask: Callable[[Any], T]) -> T | None:
        """What is nice to have: ``ask(client)``, or None when there is no answer in a third of the time."""
        if time.monotonic() < self._asked_again:
            return None
        future = self._pool.submit(lambda: ask(self._get()))
        try:
            return future.result(self._timeout / 3)
        except Exception:  # noqa: BLE001  (whatever an artifact store raises, the answer is that it is not known)
            future.cancel()
            return None

    def _get(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = _connect(*self._uris, self._timeout)
            return self._client


def _connect(tracking_uri: str, registry_uri: str | None, timeout: float) -> Any:
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", str(max(1, int(timeout / 2))))
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    import mlflow
    from mlflow.tracking import MlflowClient

    mlflow.set_tracking_uri(tracking_uri)  # what downloads artifacts goes by the global one
    if registry_uri:
        mlflow.set_registry_uri(registry_uri)

    return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)


def _first_line(error: Exception) -> str:
    """The error's first line, cut: MLflow's messages may hold a whole HTML page, and URIs may hold passwords."""
    import re

    text = (str(error).splitlines() or [""])[0][:200]
    return f"{type(error).__name__}: {re.sub(r'//[^/@ ]+@', '//***@', text)}"
