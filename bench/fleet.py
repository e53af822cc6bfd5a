"""The version of 1,000 models in three environments: read cold, again, and after main has moved by a commit.

Run with ``python -m bench.fleet``; ``--quick`` makes fewer rounds. Cold is a bot that has just fetched its mirror and
knows nothing: one list of the tree, the policy, every manifest. The yardstick is one `git show HEAD:path` and one parse
by libyaml (PyYAML's CSafeLoader) for each file, measured on a sample of the files in the same run and scaled up. The
fleet is laid out by one layout; its files differ in names, teams, sizes and versions. What it costs when every file has
a line of its own, so that no two look alike, stands below.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bench.fleet_repo import ENVIRONMENTS, make_fleet, model_file, model_name, promote
from bot.adapters.gitrepo import GitMirror
from bot.domain.policy import parse_policy
from bot.usecases.fleet import Fleet, FleetView
from bot.web import tune_for_latency

MODELS, SAMPLE = 1_000, 300
COLD_GOAL, WARM_GOAL_MS = 50.0, 50.0


class Bench:
    """One fleet in ``folder``."""

    def __init__(self, folder: Path, *, alike: bool) -> None:
        self._alike, self._mirrors = alike, folder / "mirror.git"
        self._remote = make_fleet(folder / "remote.git", MODELS, alike=alike)
        GitMirror(self._mirrors, str(self._remote), "main").fetch()

    def yardstick(self, sample: int) -> float:
        """Seconds for all files by a process and a parse for each, out of a sample."""
        step = MODELS * len(ENVIRONMENTS) // sample
        wanted = [(n // 3, ENVIRONMENTS[n % 3]) for n in range(0, MODELS * len(ENVIRONMENTS), step)]
        start = time.perf_counter()
        for number, environment in wanted:
            assert _shown(self._remote, model_file(number, environment)).startswith("s3://mlflow/")
        return (time.perf_counter() - start) / len(wanted) * MODELS * len(ENVIRONMENTS)

    def cold(self) -> float:
        """Seconds until a new bot knows them all, after it has fetched."""
        mirror, fleet = self._bot()
        head = mirror.fetch()
        taken, view = _timed(lambda: fleet.view(head))
        assert len(view.placed) == MODELS * len(ENVIRONMENTS)
        assert all(one.reading.state == "pinned" for one in view.placed.values())
        mirror.close()
        return taken

    def warm(self, rounds: int) -> tuple[list[float], list[float]]:
        """Seconds when nothing changed, and when main has moved by one commit that the mirror has fetched."""
        mirror, fleet = self._bot()
        fleet.view(mirror.fetch())
        same, moved = list[float](), list[float]()
        for number in range(rounds):
            same.append(_timed(lambda: fleet.view(mirror.head()))[0])
            promote(self._remote, number, 500 + number, alike=self._alike)
            mirror.fetch()
            taken, view = _timed(lambda: fleet.view(mirror.head()))
            assert view.placed[model_name(number), "production"].reading.version == str(500 + number)
            moved.append(taken)
        mirror.close()
        return same, moved

    def _bot(self) -> tuple[GitMirror, Fleet]:
        mirror = GitMirror(self._mirrors, str(self._remote), "main")
        return mirror, Fleet(mirror, lambda commit: parse_policy(mirror.read(commit, [".slackops.yaml"])))


def _shown(repo: Path, path: str) -> str:
    text = subprocess.run(["git", "show", f"HEAD:{path}"], cwd=repo, check=True, capture_output=True).stdout
    manifest: Any = yaml.load(text, Loader=yaml.CSafeLoader)
    return str(manifest["spec"]["predictor"]["model"]["storageUri"])


def _timed(work: Callable[[], FleetView]) -> tuple[float, FleetView]:
    start = time.perf_counter()
    view = work()
    return time.perf_counter() - start, view


def measure(folder: Path, rounds: int) -> bool:
    """Print the ratios of a fleet of look-alikes, and what one without costs."""
    folder.mkdir()
    bench = Bench(folder, alike=True)
    colds, yards = [], []
    for _ in range(rounds):
        yards.append(bench.yardstick(SAMPLE // rounds))
        colds.append(bench.cold())
    same, moved = bench.warm(3 * rounds)
    cold, yard = statistics.median(colds), statistics.median(yards)
    print(f"fleet, {MODELS:,} models x {len(ENVIRONMENTS)} environments: cold {cold * 1000:.0f} ms")
    print(f"  git show and parse per file: {yard:.1f} s (of {SAMPLE} files, scaled)")
    good = [_judge("x faster cold", yard / cold, COLD_GOAL, at_most=False)]
    good.append(_judge("ms warm, main as it was", statistics.median(same) * 1000, WARM_GOAL_MS, at_most=True))
    good.append(_judge("ms warm, main moved by a commit", statistics.median(moved) * 1000, WARM_GOAL_MS, at_most=True))
    return all(good)


def unlike(folder: Path, rounds: int) -> None:
    """The same where every file has to be parsed."""
    folder.mkdir()
    bench = Bench(folder, alike=False)
    cold = statistics.median(bench.cold() for _ in range(rounds))
    yard = bench.yardstick(SAMPLE // rounds)
    print(f"  no two files alike: cold {cold * 1000:.0f} ms, {yard / cold:.1f} x faster (no goal)")


def _judge(words: str, value: float, goal: float, *, at_most: bool) -> bool:
    good = value <= goal if at_most else value >= goal
    print(f"  {value:8.2f} {words}; goal {'<=' if at_most else '>='} {goal:g}: {'held' if good else 'MISSED'}")
    return good


def main() -> int:
    """Print the numbers; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 2 if parser.parse_args().quick else 5
    tune_for_latency()  # as `slackops run` does
    with tempfile.TemporaryDirectory(prefix="bench-fleet-") as name:
        good = measure(Path(name) / "alike", rounds)
        unlike(Path(name) / "unlike", rounds)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
