"""Promote on a big deployment repo: from the intent to the pushed branch, beside three other ways to do the same.

Run with ``python -m bench.promote``; ``--quick`` makes fewer rounds. Each way has a bare remote of its own on this
disk, so the times are Git's and ours, not a network's. The ways take turns; medians; only the ratios count.

10,000 manifests lie as the policy's example has them, ``models/{model}/{environment}/``, and 100,000 in a folder for
each team, ``teams/{team}/{model}/{environment}/``: Git rewrites and sends whole folders, so with 33,333 models in one
folder everybody pays for that folder. ``--layout models`` or ``teams`` takes one layout for both and shows it. In small
folders pygit2, which starts no process, is further ahead than the goal allows.

The time at 100,000 manifests against 1,000 leaves one thing out, and prints it: before it takes a push, the remote's
``git receive-pack`` reads every folder of the base commit (``git rev-list --objects``). That is the server's work.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.promote_repo import LAYOUTS, make_repo, model_file
from bench.promote_trace import ServerCheck
from bench.promote_ways import CloneEachTime, Mirror, PersistentClone, Pygit2, Way

GOALS = {CloneEachTime.name: (">=", 50.0), PersistentClone.name: (">=", 2.0), Pygit2.name: ("<=", 2.5)}
SCALE_GOAL = 1.5
SIZES = (1_000, 100_000)


class Bench:
    """One run in ``folder``."""

    def __init__(self, folder: Path, rounds: int, layout: str | None) -> None:
        self._folder, self._rounds, self._layout = folder, rounds, layout

    def compare(self) -> bool:
        """Ours against the others on 10,000 manifests and 2,000 commits."""
        layout = self._layout or "models"
        origin = make_repo(self._folder / "origin.git", 10_000, 2_000, layout)
        ways = [self._way(make, origin) for make in (Mirror, CloneEachTime, PersistentClone, Pygit2)]
        times: dict[str, list[float]] = {way.name: [] for way in ways}
        for number in range(-2, self._rounds):
            for way in ways:
                if number < 0 or number % way.every == 0:
                    taken = _promote(way, number, 10_000, layout)
                    times[way.name] += [taken] * (number >= 0)  # the first rounds warm up
        medians = {name: statistics.median(taken) for name, taken in times.items()}
        ours = medians.pop(Mirror.name)
        print(f"promote, 10,000 manifests in {layout}/, 2,000 commits: {Mirror.name} {ours * 1000:.1f} ms")
        return min(_against(name, ours, other) for name, other in medians.items())

    def scale(self) -> bool:
        """Ours on 100,000 manifests against ours on 1,000."""
        layout = self._layout or "teams"
        ways = {size: self._sized(size, layout) for size in SIZES}
        times: dict[int, list[float]] = {size: [] for size in SIZES}
        checks: dict[int, list[float]] = {size: [] for size in SIZES}
        for number in range(-2, self._rounds):
            for size, way in ways.items():
                with ServerCheck(self._folder / "trace") as check:
                    taken = _promote(way, number, size, layout)
                times[size] += [taken - check.seconds] * (number >= 0)
                checks[size] += [check.seconds] * (number >= 0)
        small, big = (statistics.median(times[size]) for size in SIZES)
        server = " / ".join(f"{statistics.median(checks[size]) * 1000:.1f}" for size in reversed(SIZES))
        good = big / small <= SCALE_GOAL
        print(f"promote, 100,000 against 1,000 manifests in {layout}/: {big * 1000:.1f} / {small * 1000:.1f} ms")
        print(f"  {big / small:8.2f} x the time; goal <= {SCALE_GOAL:g} x: {_word(good)}")
        print(f"           left out: the remote's own check of the push, {server} ms")
        return good

    def _sized(self, size: int, layout: str) -> Mirror:
        folder = self._folder / str(size)
        folder.mkdir()
        return Mirror(folder, make_repo(folder / "remote.git", size, 200, layout))

    def _way(self, make: type[Mirror | CloneEachTime | PersistentClone | Pygit2], origin: Path) -> Way:
        folder = self._folder / make.__name__
        shutil.copytree(origin, folder / "remote.git")
        return make(folder, folder / "remote.git")


def _promote(way: Way, number: int, manifests: int, layout: str) -> float:
    path = model_file((number * 7919) % (manifests // 3), layout)
    start = time.perf_counter()
    way.promote(path, number)
    return time.perf_counter() - start


def _against(name: str, ours: float, other: float) -> bool:
    sign, goal = GOALS[name]
    ratio = other / ours if sign == ">=" else ours / other
    good = ratio >= goal if sign == ">=" else ratio <= goal
    words = "faster than" if sign == ">=" else "the time of"
    print(f"  {ratio:8.2f} x {words} {name} ({other * 1000:.1f} ms); goal {sign} {goal:g} x: {_word(good)}")
    return good


def _word(good: bool) -> str:
    return "held" if good else "MISSED"


def main() -> int:
    """Print the ratios; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--layout", choices=LAYOUTS, help="one layout for both rows")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-promote-") as name:
        bench = Bench(Path(name), 9 if asked.quick else 31, asked.layout)
        good = [bench.compare(), bench.scale()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
