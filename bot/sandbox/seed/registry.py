"""MLflow on SQLite with four really trained models, filled by a child process.

MLflow resolves a version's source through its process-wide tracking URI, and with scikit-learn it takes 200 MB: neither
belongs into the sandbox's process. Offline, no telemetry; it goes on where an earlier start was cut off.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from pathlib import Path

Progress = Callable[[str], None]
_QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
}
_DONE = "mlflow.seeded"


class RegistryUnavailable(RuntimeError):  # noqa: N818  (told to the person who starts the demo)
    """The models could not be trained; the text says why and what helps."""


def tracking_uri(data_dir: Path) -> str:
    """Where the registry is, for MLFLOW_TRACKING_URI."""
    return f"sqlite:///{(data_dir / 'mlflow.db').absolute()}"


async def seed_registry(data_dir: Path, progress: Progress, models: tuple[str, ...] = ()) -> bool:
    """Train and register what is not there yet (``models``: only these); False when nothing was left to do.

    Takes some seconds the first time. Raises RegistryUnavailable.
    """
    if _filled(data_dir):
        return False
    if importlib.util.find_spec("sklearn") is None:
        raise RegistryUnavailable("scikit-learn is missing; install it with: pip install 'slackops[demo]'")
    await _run(data_dir.absolute(), progress, models)  # noqa: ASYNC240
    (data_dir / _DONE).touch()
    return True


def _filled(data_dir: Path) -> bool:
    data_dir.mkdir(parents=True, exist_ok=True)
    return (data_dir / _DONE).exists() and (data_dir / "mlflow.db").exists()


async def run_child(module: str, data_dir: Path, words: Sequence[str]) -> list[str]:
    """What a program of the seed printed. Raises RegistryUnavailable."""
    lines: list[str] = []
    await _run(data_dir.absolute(), lines.append, tuple(words), module)  # noqa: ASYNC240
    return lines


async def _run(
    data_dir: Path, progress: Progress, words: tuple[str, ...], module: str = "bot.sandbox.seed.publish"
) -> None:
    command = [sys.executable, "-m", module, str(data_dir), *words]
    # In a session of its own: Ctrl-C reaches the parent alone, which then ends the child.
    child = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=_environment(data_dir), start_new_session=True
    )
    try:
        _, faults = await asyncio.gather(_told(child, progress), _read(child))
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        code = await child.wait()
    if code:
        last = (faults.strip().splitlines() or [f"it ended with {code}"])[-1]
        raise RegistryUnavailable(f"the example models could not be trained: {last}")


async def _told(child: Process, progress: Progress) -> None:
    assert child.stdout
    async for line in child.stdout:
        progress(line.decode(errors="replace").rstrip())
    await child.wait()


async def _read(child: Process) -> str:
    assert child.stderr
    return (await child.stderr.read()).decode(errors="replace")


def _environment(data_dir: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    roots = [str(Path(__file__).parents[3]), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, **_QUIET, "PYTHONPATH": os.pathsep.join(roots), "MLFLOW_TRACKING_URI": tracking_uri(data_dir)}
