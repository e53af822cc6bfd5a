"""Promote on a big deployment repo: from the intent to the pushed branch, beside three other ways to do the same.

Run with ``python -m bench.promote``. The remote is a bare repository on this disk, so the times are Git's and ours, not a
network's. The ways take turns within each round; medians; only ratios count. ``--quick`` makes fewer rounds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.promote_repo import make_repo, model_file
from bench.promote_ways import CloneEachTime, Mirror, PersistentClone, Pygit2, Way

GOALS = {"shallow clone each time": (">=", 50.0), "persistent clone": (">=", 2.0), "pygit2": ("<=", 2.5)}
SCALE_GOAL = 1.5


def measure(ways: list[Way], rounds: int, models: int) -> dict[str, float]:
    """Median seconds of one promotion by each way; a slow way sits out of most rounds."""
    times: dict[str, list[float]] = {way.name: [] for way in ways}
    for number in range(-1, rounds):  # round -1 warms up and does not count
        for way in ways:
            if number % way.every == 0 or number < 0:
                start = time.perf_counter()
                way.promote(model_file((number * 7919) % models), number)
                times[way.name] += [time.perf_counter() - start] * (number >= 0)
    return {name: statistics.median(taken) for name, taken in times.items()}


def compare(folder: Path, rounds: int) -> bool:
    """Ours against the others on 10,000 manifests and 2,000 commits."""
    remote = make_repo(folder / "remote.git", manifests=10_000, commits=2_000)
    makers: list[Callable[[Path, Path], Way]] = [Mirror, CloneEachTime, PersistentClone, Pygit2]
    ways = [make(folder, remote) for make in makers]
    taken = measure(ways, rounds, 10_000 // 3)
    ours = taken.pop(Mirror.name)
    print(f"promote, 10,000 manifests, 2,000 commits: {Mirror.name} {ours * 1000:.1f} ms")
    return all([_against(name, ours, other) for name, other in taken.items()])


def _against(name: str, ours: float, other: float) -> bool:
    sign, goal = GOALS[name]
    ratio = other / ours if sign == ">=" else ours / other
    good = ratio >= goal if sign == ">=" else ratio <= goal
    words = "faster than" if sign == ">=" else "the time of"
    print(f"  {ratio:8.2f} x {words} {name} ({other * 1000:.1f} ms); goal {sign} {goal:g} x: {_word(good)}")
    return good


def scale(folder: Path, rounds: int) -> bool:
    """Ours on 100,000 manifests against ours on 1,000."""
    remotes = {size: make_repo(folder / f"remote-{size}.git", manifests=size, commits=200) for size in (1_000, 100_000)}
    times: dict[int, list[float]] = {size: [] for size in remotes}
    ways = {size: Mirror(folder / str(size), remote) for size, remote in remotes.items()}
    for number in range(rounds):
        for size, way in ways.items():
            taken = measure([way], 1, size // 3) if number == 0 else None
            start = time.perf_counter()
            way.promote(model_file((number * 7919) % (size // 3)), number + 1000)
            times[size] += [time.perf_counter() - start] if taken else [time.perf_counter() - start]
    small, big = (statistics.median(times[size]) for size in remotes)
    good = big / small <= SCALE_GOAL
    print(f"promote, 100,000 against 1,000 manifests: {big * 1000:.1f} / {small * 1000:.1f} ms")
    print(f"  {big / small:8.2f} x the time; goal <= {SCALE_GOAL:g} x: {_word(good)}")
    return good


def _word(good: bool) -> str:
    return "held" if good else "MISSED"


def main() -> int:
    """Print the ratios; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 9 if parser.parse_args().quick else 31
    with tempfile.TemporaryDirectory(prefix="bench-promote-") as name:
        good = [compare(Path(name), rounds), scale(Path(name), rounds)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
