"""The repository that trains fraud-detector: one commit a version, with fixed dates, so that each can name its own.

The commit of the newest version is not on main: somebody tried something on a branch, and registered what came out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.sandbox.github.repo import BareRepo
from bot.sandbox.seed.cast import person
from bot.sandbox.seed.recipes import FRAUD, Recipe

BRANCH, SIDE = "main", "small-sample"
MODEL = FRAUD.name


@dataclass(frozen=True)
class Commit:
    """``version`` is the one that was trained from it, 0 for none."""

    date: str
    login: str
    subject: str
    version: int
    branch: str = BRANCH


COMMITS = (
    Commit("2025-07-06T09:00:00", "ana", "Train on smoothness and texture", 1),
    Commit("2025-07-12T10:30:00", "ben", "Add symmetry and compactness, and train on every row", 2),
    Commit("2025-07-18T08:45:00", "ana", "Add the perimeter error", 3),
    Commit("2025-07-24T14:10:00", "ana", "Add the fractal dimension", 4),
    Commit("2025-07-30T17:20:00", "chloe", "Try sixty rows: it trains in a second", 5, SIDE),
    Commit("2025-08-04T09:15:00", "ben", "Say how a version is trained", 0),
)
_README = """# fraud-training

Trains and registers fraud-detector. CI checks every push: lint, unit-tests, data-checks.
"""
_HOW = """
A version is trained by `python train.py`, which reads the columns from `features.py` and registers what comes out.
"""
_TESTS = """from features import FEATURES


def test_no_column_twice() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
"""
_CI = """name: ci
on: [push]
jobs:
  lint: {runs-on: ubuntu-latest, steps: [{run: ruff check .}]}
  unit-tests: {runs-on: ubuntu-latest, steps: [{run: pytest -q}]}
  data-checks: {runs-on: ubuntu-latest, steps: [{run: python check_data.py}]}
"""

_TRAIN = """name: train
run-name: Train ${{ inputs.slackops_retrain }}
on:
  workflow_dispatch:
    inputs:
      slackops_retrain: {type: string, required: false}
      why: {type: string, required: false}
jobs:
  train:
    runs-on: ubuntu-latest
    env: {SLACKOPS_RETRAIN: "${{ inputs.slackops_retrain }}"}
    steps:
      - uses: actions/checkout@v4
      - run: python train.py
"""


def write_training(path: Path) -> bool:
    """Write the commits into the bare repository at ``path``, made when absent; False when it has them already."""
    repo = BareRepo(path)
    try:
        return _write(repo)
    finally:
        repo.close()


@cache
def commit_of(model: str, version: int) -> str | None:
    """The commit that a seeded version was trained from, where this repository trained it."""
    return _commits().get(version) if model == MODEL else None


@cache
def _commits() -> dict[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        repo = BareRepo(Path(folder) / "training.git")
        try:
            _write(repo)
            lines = repo.run("log", "--all", "--format=%s%x09%H").decode().splitlines()
        finally:
            repo.close()
    named = dict(line.split("\t") for line in lines)
    return {one.version: named[one.subject] for one in COMMITS if one.version}


def _write(repo: BareRepo) -> bool:
    repo.create(BRANCH)
    if repo.branch(BRANCH):
        return False
    stream = b"".join([*_stream(), b"done\n"])
    repo.run("fast-import", "--quiet", "--done", "--date-format=raw", stdin=stream)
    return True


def _stream() -> Iterator[bytes]:
    tip = {BRANCH: 0}
    for mark, commit in enumerate(COMMITS, start=1):
        parent = tip.get(commit.branch, tip[BRANCH])
        tip[commit.branch] = mark
        yield _header(mark, commit, parent)
        yield from (_file(name, text.encode()) for name, text in files(commit).items())


def files(commit: Commit) -> dict[str, str]:
    """What a commit holds: the recipe of its version, or of the newest one that main has trained."""
    recipe = FRAUD.recipes[(commit.version or 4) - 1]
    return {
        "README.md": _README + (_HOW if not commit.version else ""),
        "features.py": f"FEATURES = {_listed(recipe)}\n",
        "train.py": f"ROWS = {recipe.rows}\nC = {recipe.penalty}\n",
        "tests/test_features.py": _TESTS,
        ".github/workflows/ci.yml": _CI,
        **({} if commit.version else {".github/workflows/train.yml": _TRAIN}),
    }


def _listed(recipe: Recipe) -> str:
    return "(\n" + "".join(f'    "{name}",\n' for name in recipe.features) + ")"


def _header(mark: int, commit: Commit, parent: int) -> bytes:
    who, when = person(commit.login), int(datetime.fromisoformat(commit.date).replace(tzinfo=UTC).timestamp())
    signed = f"{who.name} <{who.github_id}+{who.login}@users.noreply.github.com> {when} +0000"
    text = f"{commit.subject}\n".encode()
    ref = f"commit refs/heads/{commit.branch}\nmark :{mark}\n"
    head = f"{ref}author {signed}\ncommitter {signed}\ndata {len(text)}\n"
    return head.encode() + text + (f"from :{parent}\n".encode() if parent else b"")


def _file(name: str, content: bytes) -> bytes:
    return f"M 100644 inline {name}\ndata {len(content)}\n".encode() + content + b"\n"
