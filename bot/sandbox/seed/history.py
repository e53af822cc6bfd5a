"""The past of the example deployment repo: a year in which versions went up, as commits with fixed dates.

The commits are the same on every machine, so a test may name one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox.github.repo import BareRepo
from bot.sandbox.seed.cast import person
from bot.sandbox.seed.files import example_files
from bot.sandbox.seed.following import without_engine

BRANCH = "main"
POLICY = ".slackops.yaml"
Place = tuple[str, str]  # model, environment
Files = dict[str, bytes]


@dataclass(frozen=True)
class Step:
    """One commit on main: the versions that it moved, or the policy that it added."""

    date: str
    login: str
    subject: str
    versions: Mapping[Place, int] = field(default_factory=dict)
    with_policy: bool = False


_FILES = {
    "fraud-detector": "models/fraud-detector/{}/inferenceservice.yaml",
    "churn": "services/churn/values-{}.yaml",
    "ltv": "apps/ltv/overlays/{}/kustomization.yaml",
    "recommender": "models/recommender/{}/inferenceservice.yaml",
}
# Only these bytes differ between the commits; the rest of each file is what stands in the example today.
_VERSION = {
    "fraud-detector": rb"(?<=storageUri: \"s3://models/fraud-detector/)\d+(?=/model\")",
    "churn": rb"(?<=\n  version: \")\d+(?=\")",
    "ltv": rb"(?<=registry\.acme\.example/ml/ltv\n    newTag: v)\d+",
    "recommender": rb"(?<=storageUri: \"s3://models/recommender/)\d+(?=/model\")",
}


def _move(date: str, login: str, model: str, environment: str, old: int, new: int) -> Step:
    return Step(date, login, f"{model}: {old} -> {new} in {environment}", {(model, environment): new})


STEPS = (
    Step(
        "2025-09-01T09:00:00",
        "kim",
        "Declare fraud-detector, churn, ltv and recommender here",
        {(model, stage): first
         for model, first in (("fraud-detector", 1), ("churn", 14), ("ltv", 1), ("recommender", 1))
         for stage in ("staging", "production")},
    ),
    _move("2025-09-08T10:12:00", "ana", "fraud-detector", "staging", 1, 2),
    _move("2025-09-10T14:40:00", "ana", "fraud-detector", "production", 1, 2),
    _move("2025-09-16T08:05:00", "chloe", "churn", "staging", 14, 15),
    _move("2025-09-17T13:31:00", "chloe", "churn", "production", 14, 15),
    _move("2025-09-23T11:00:00", "ben", "ltv", "staging", 1, 2),
    _move("2025-09-25T09:20:00", "ben", "ltv", "production", 1, 2),
    _move("2025-10-06T10:02:00", "ana", "fraud-detector", "staging", 2, 3),
    _move("2025-10-07T15:45:00", "chloe", "churn", "staging", 15, 16),
    _move("2025-10-08T09:10:00", "ana", "fraud-detector", "production", 2, 3),
    _move("2025-10-09T12:25:00", "chloe", "churn", "production", 15, 16),
    _move("2025-10-14T10:30:00", "ben", "ltv", "staging", 2, 3),
    _move("2025-10-16T09:55:00", "ben", "ltv", "production", 2, 3),
    _move("2025-10-20T09:30:00", "chloe", "recommender", "staging", 1, 2),
    _move("2025-10-22T14:05:00", "chloe", "recommender", "production", 1, 2),
    _move("2025-10-27T11:15:00", "ben", "ltv", "staging", 3, 4),
    _move("2025-10-28T16:00:00", "chloe", "churn", "staging", 16, 17),
    Step("2025-11-03T09:00:00", "kim", "Let SlackOps judge changes: add the policy", with_policy=True),
)  # fmt: skip


def deployed() -> dict[Place, int]:
    """The version of every model in every environment at the end of the history."""
    return {place: version for step in STEPS for place, version in step.versions.items()}


def write_history(path: Path, *, followed: bool = True) -> bool:
    """Write the history into the bare repository at ``path``, made when it is absent; False when it has one already.

    With ``followed`` False the policy names no rollout engine. Raises GitError.
    """
    repo = BareRepo(path)
    try:
        repo.create(BRANCH)
        if repo.branch(BRANCH):
            return False
        repo.run(
            "fast-import", "--quiet", "--done", "--date-format=raw", stdin=b"".join([*_stream(followed), b"done\n"])
        )
    finally:
        repo.close()
    return True


def _stream(followed: bool) -> Iterator[bytes]:
    versions: dict[Place, int] = {}
    before: Files = {}
    for mark, step in enumerate(STEPS, start=1):
        versions.update(step.versions)
        files = snapshot(versions, with_policy=step.with_policy or POLICY in before)
        if POLICY in files and not followed:
            files[POLICY] = without_engine(files[POLICY])
        yield _header(mark, step)
        yield from (_file(name, content) for name, content in files.items() if before.get(name) != content)
        before = files


def snapshot(versions: Mapping[Place, int], *, with_policy: bool = True) -> Files:
    """The example's files with these versions in them."""
    files = {name: content for name, content in example_files().items() if with_policy or name != POLICY}
    for (model, environment), version in versions.items():
        name = _FILES[model].format(environment)
        files[name], hits = re.subn(_VERSION[model], str(version).encode(), files[name])
        assert hits == 1, f"{name} declares {hits} versions"
    return files


def _header(mark: int, step: Step) -> bytes:
    who, when = person(step.login), int(datetime.fromisoformat(step.date).replace(tzinfo=UTC).timestamp())
    signed = f"{who.name} <{who.github_id}+{who.login}@users.noreply.github.com> {when} +0000"
    text = f"{step.subject}\n".encode()
    lines = f"commit refs/heads/{BRANCH}\nmark :{mark}\nauthor {signed}\ncommitter {signed}\ndata {len(text)}\n"
    return lines.encode() + text + (f"from :{mark - 1}\n".encode() if mark > 1 else b"")


def _file(name: str, content: bytes) -> bytes:
    return f"M 100644 inline {name}\ndata {len(content)}\n".encode() + content + b"\n"
