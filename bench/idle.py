"""An idle bot: memory, and time from the start of the process to /readyz.

Run with ``python -m bench.idle``. The bot is `slackops run` as a process of its own against the embedded sandbox; it is
measured some seconds later, after its first sweep, and before MLflow's client is needed for the first time, which adds
about 50 MiB: at a minute where rules or aliases have the registry polled, else when somebody asks for a version.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from bot.bootstrap import save_links
from bot.sandbox.server import Options, Sandbox
from bot.settings import load_settings

MEMORY_GOAL, READY_GOAL = 130.0, 2.0
SETTLE_SECONDS = 8.0


def memory(pid: int) -> dict[str, float]:
    """RSS and PSS of a process in MiB (https://docs.kernel.org/filesystems/proc.html)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return {"rss": sizes["Rss"], "pss": sizes["Pss"]}


async def until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    """Ask until the bot says that it is ready."""
    async with httpx.AsyncClient(timeout=1) as client:
        while process.poll() is None:
            try:
                if (await client.get(url)).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                await asyncio.sleep(0.01)
    raise SystemExit("the bot ended before it was ready")


async def one(env: Mapping[str, str], settle: float) -> tuple[float, dict[str, float]]:
    """Seconds to ready, and memory after it has settled."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=env)
    try:
        await until_ready(process, f"http://127.0.0.1:{env['PORT']}/readyz")
        taken = time.perf_counter() - start
        await asyncio.sleep(settle)
        return taken, memory(process.pid)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def measure(times: int) -> tuple[list[float], list[dict[str, float]]]:
    """Start and stop the bot so many times beside one sandbox; the first start is cold, begins with the
    registry, and does not count."""
    with tempfile.TemporaryDirectory() as directory:
        sandbox = Sandbox(Path(directory), 0, options=Options(page=False, registry=False))
        await sandbox.start()
        try:
            env = os.environ | sandbox.env() | {"LOG_LEVEL": "ERROR"}
            await asyncio.to_thread(save_links, load_settings(env), sandbox.links())
            found = [await one(env, SETTLE_SECONDS) for _ in range(times + 1)][1:]
        finally:
            await sandbox.stop()
    return [taken for taken, _ in found], [sizes for _, sizes in found]


def judge(words: str, value: float, goal: float, unit: str) -> bool:
    """Print a number beside its goal."""
    good = value <= goal
    print(f"  {words}: {value:.2f} {unit}; goal <= {goal:g} {unit}: {'PASS' if good else 'FAIL'}")
    return good


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer starts")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    options = parser.parse_args()
    ready, sizes = asyncio.run(measure(2 if options.quick else 5))
    print("slackops run, idle")
    goods = [
        judge("time to ready", statistics.median(ready), READY_GOAL, "s"),
        judge("memory (RSS)", statistics.median(s["rss"] for s in sizes), MEMORY_GOAL, "MiB"),
    ]
    print(f"  of which its own share (PSS): {statistics.median(s['pss'] for s in sizes):.1f} MiB")
    return 1 if options.strict and not all(goods) else 0


if __name__ == "__main__":
    sys.exit(main())
