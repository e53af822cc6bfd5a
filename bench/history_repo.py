"""A deployment repo with a long history, of which a part touches one model: made by ``git fast-import`` in a moment."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.fleet_repo import ENVIRONMENTS, POLICY, manifest, model_file

MODEL = 7
_START = 1_700_000_000


def make_history(path: Path, models: int, commits: int, every: int, steps: int) -> Path:
    """A bare repository; each ``every``-th commit touches the model, each ``steps``-th of these changes its version."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    stream = b"".join(_stream(models, commits, every, steps))
    subprocess.run(["git", "-C", str(path), "fast-import", "--quiet"], input=stream, check=True)
    subprocess.run(["git", "-C", str(path), "repack", "-adq"], check=True)
    return path


def _stream(models: int, commits: int, every: int, steps: int) -> Iterator[bytes]:
    yield _commit(0)
    yield _file(".slackops.yaml", POLICY)
    for number in range(models):
        yield from (_file(model_file(number, name), manifest(number, name, 1)) for name in ENVIRONMENTS)
    for number in range(1, commits + 1):
        yield _commit(number)
        if number % every:
            other = number * 31 % models
            other += other == MODEL
            yield _file(model_file(other, "production"), manifest(other, "production", number))
        else:
            touched = number // every
            content = manifest(MODEL, "production", 1 + touched // steps)
            yield _file(model_file(MODEL, "production"), content + b"# touched %d times\n" % touched)


def _commit(number: int) -> bytes:
    who = f"committer A U Thor <author@example.com> {_START + 60 * number} +0000"
    message = f"Change {number}"
    return f"commit refs/heads/main\n{who}\ndata {len(message)}\n{message}\n".encode()


def _file(path: str, content: bytes) -> bytes:
    return f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
