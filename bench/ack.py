"""The ack of a signed slash command, durable write included, beside Bolt apps that only ack.

Run with ``python -m bench.ack``. Server and load are processes of their own on loopback; the servers take turns within
each round, under the same uvicorn settings. Medians over the rounds; only ratios count. ``--strict`` fails on a
missed goal.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

CONNECTIONS = 50
P99_GOAL, ALONE_GOAL = 1.25, 5.0


@dataclass(frozen=True)
class Run:
    """One round against one server: milliseconds, and requests a second."""

    p50: float
    p99: float
    rate: float


@contextmanager
def server(name: str, directory: str) -> Iterator[int]:
    """A server's port, for as long as it runs."""
    command = [sys.executable, "-m", "bench.ack_apps", name, directory]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def run(port: int, connections: int, count: int) -> Run:
    """Load one server."""
    command = [sys.executable, "-m", "bench.ack_load", str(port), str(connections), str(count)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    cuts = statistics.quantiles(found["taken"], n=100)
    return Run(cuts[49] * 1000, cuts[98] * 1000, count / found["wall"])


def rounds(ports: dict[str, int], connections: int, count: int, times: int) -> dict[str, Run]:
    """The servers in turn; the medians of each."""
    runs: dict[str, list[Run]] = {name: [] for name in ports}
    for number in range(-1, times):  # round -1 warms up and does not count
        order = list(ports) if number % 2 else list(reversed(ports))
        for name in order:
            runs[name] += [run(ports[name], connections, count if number >= 0 else max(connections * 4, 50))] * (
                number >= 0
            )
    return {name: _median(found) for name, found in runs.items()}


def _median(runs: list[Run]) -> Run:
    return Run(*(statistics.median(getattr(r, f) for r in runs) for f in ("p50", "p99", "rate")))


def show(title: str, found: dict[str, Run]) -> None:
    """One line a server."""
    print(title)
    for name, r in found.items():
        print(f"  {name:12} p50 {r.p50:7.2f} ms   p99 {r.p99:7.2f} ms   {r.rate:6.0f} requests/s")


def judge(words: str, ratio: float, goal: float, *, at_most: bool) -> bool:
    """Print a ratio beside its goal."""
    good = ratio <= goal if at_most else ratio >= goal
    print(f"  {ratio:6.2f} x {words}; goal {'<=' if at_most else '>='} {goal:g} x: {'PASS' if good else 'FAIL'}")
    return good


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    options = parser.parse_args()
    times, count = (3, 2000) if options.quick else (9, 5000)
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        ports = {name: stack.enter_context(server(name, directory)) for name in ("slackops", "bolt", "bolt-inline")}
        many = rounds(ports, CONNECTIONS, count, times)
        alone = rounds(ports, 1, count // 10, times)
    show(f"ack, {CONNECTIONS} connections (bolt only acks; slackops writes to disk first)", many)
    goods = [judge("p99 of bolt, only acks", many["slackops"].p99 / many["bolt"].p99, P99_GOAL, at_most=True)]
    print(
        f"  {many['slackops'].p99 / many['bolt-inline'].p99:6.2f} x p99 of bolt with process_before_response, only acks"
    )
    show("ack, one connection", alone)
    goods.append(
        judge("faster than bolt's default", alone["bolt"].p50 / alone["slackops"].p50, ALONE_GOAL, at_most=False)
    )
    return 1 if options.strict and not all(goods) else 0


if __name__ == "__main__":
    sys.exit(main())
