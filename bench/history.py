"""Where a rollback goes: the version before, out of a history of 2,000 commits of which 200 touch the file.

Run with ``python -m bench.history``; ``--quick`` makes fewer rounds. Ours is what `/rollback` does with a mirror that
was fetched: history of the file with the blobs of each commit, then the versions, until there is another one than
today's. The yardstick is `git log -- path` in a clone with no commit-graph, then a `git show` and a parse by libyaml
for each commit until then. What the whole list of versions costs stands below.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import yaml

from bench.fleet_repo import model_file, model_name
from bench.history_repo import MODEL, make_history
from bot.adapters.clock import SystemClock
from bot.adapters.gitrepo import GitMirror
from bot.domain.facts import ModelVersion
from bot.domain.going_back import last_healthy
from bot.errors import RegistryUnavailable
from bot.ports import Registry
from bot.usecases.history import past
from bot.usecases.names import VersionNames
from bot.usecases.repo import Repo, target_at

MODELS, COMMITS, EVERY, STEPS = 1_000, 2_000, 10, 4
GOAL = 5.0
PATH = model_file(MODEL, "production")


class NoRegistry:
    """The versions stand in the manifests: nobody is asked for them."""

    def find(self, *_: object, **__: object) -> ModelVersion | None:
        """See Registry."""
        raise RegistryUnavailable("there is none")


class Bench:
    """One history in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._remote = make_history(folder / "remote.git", MODELS, COMMITS, EVERY, STEPS)
        self._clone = folder / "clone.git"
        subprocess.run(["git", "clone", "--quiet", "--mirror", str(self._remote), str(self._clone)], check=True)
        self._mirror = GitMirror(folder / "mirror.git", str(self._remote), "main")
        self._head = self._mirror.fetch()

    def ours(self) -> str:
        """The version before, as the bot finds it after a fetch. Each time by a bot that remembers nothing."""
        repo = self._repo()
        target = target_at(repo.policy(self._head), repo, self._head, model_name(MODEL), "production")
        assert target is not None
        found = last_healthy(past(repo, self._head, target), repo.deployed(self._head, target).version, None)
        assert found is not None
        return str(found.past.version)

    def yardstick(self) -> str:
        """The same by hand."""
        shown = self._versions()
        now = next(shown)
        return next(version for version in shown if version != now)

    def all_ours(self) -> list[str | None]:
        """All versions, newest first."""
        repo = self._repo()
        target = target_at(repo.policy(self._head), repo, self._head, model_name(MODEL), "production")
        assert target is not None
        return [one.version for one in past(repo, self._head, target)]

    def all_by_hand(self) -> list[str]:
        """The same by hand."""
        return list(self._versions())

    def _versions(self) -> Iterator[str]:
        graph = ["-c", "core.commitGraph=false"]
        for commit in _git(self._clone, *graph, "log", "--first-parent", "--format=%H", "main", "--", PATH).split():
            text = _git(self._clone, "show", f"{commit.decode()}:{PATH}")
            uri = yaml.load(text, Loader=yaml.CSafeLoader)["spec"]["predictor"]["model"]["storageUri"]
            yield str(uri).split("/")[-2]

    def _repo(self) -> Repo:
        return Repo(self._mirror, VersionNames(cast("Registry", NoRegistry()), SystemClock()))


def _git(repo: Path, *args: str) -> bytes:
    return subprocess.run(["git", *args], cwd=repo, check=True, capture_output=True).stdout


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(bench: Bench, rounds: int) -> bool:
    """Print the ratios."""
    assert bench.ours() == bench.yardstick()
    ours, yard = list[float](), list[float]()
    for _ in range(rounds):
        yard.append(_timed(bench.yardstick))
        ours.append(_timed(bench.ours))
    ratio = statistics.median(yard) / statistics.median(ours)
    good = ratio >= GOAL
    print(f"history, {COMMITS:,} commits, {COMMITS // EVERY} of the path: {statistics.median(ours) * 1000:.1f} ms")
    print(f"  git log with no index, show and parse: {statistics.median(yard) * 1000:.1f} ms")
    print(f"  {ratio:8.2f} x faster to the rollback's target; goal >= {GOAL:g} x: {'held' if good else 'MISSED'}")
    assert bench.all_ours() == bench.all_by_hand()
    ratio = _timed(bench.all_by_hand) / _timed(bench.all_ours)
    print(f"  {ratio:8.2f} x faster to all {COMMITS // EVERY} versions (no goal)")
    return good


def main() -> int:
    """Print the numbers; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 5 if parser.parse_args().quick else 21
    with tempfile.TemporaryDirectory(prefix="bench-history-") as name:
        good = measure(Bench(Path(name)), rounds)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
