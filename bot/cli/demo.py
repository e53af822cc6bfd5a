"""`slackops demo`: the sandbox in this process, the real bot as a child with nothing but environment variables."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import typer

from bot.bootstrap import save_links
from bot.cli.demo_lock import only_one
from bot.errors import Fatal
from bot.sandbox.server import Options, PortInUse, RegistryUnavailable, Sandbox
from bot.settings import Settings, load_settings

DATA = Path(".slackops") / "demo"
READY_SECONDS = 60.0
OURS_TO_KEEP = {"LOG_LEVEL", "LOG_FORMAT"}  # of the settings, what a person may want to choose for the demo


def run_demo(port: int, *, reset: bool) -> None:
    """Run until Ctrl-C. Raises Fatal with one clear sentence when it cannot start."""
    try:
        with only_one(DATA.with_suffix(".lock"), f"http://127.0.0.1:{port}/"):
            if reset and DATA.exists():
                shutil.rmtree(DATA)
            DATA.mkdir(parents=True, exist_ok=True)
            asyncio.run(_demo(port))
    except PortInUse as error:
        raise Fatal(f"{error} Choose another with --port, or stop what listens there.") from None
    except (RegistryUnavailable, ValueError) as error:
        raise Fatal(f"The sandbox cannot start: {error}") from None
    except sqlite3.DatabaseError as error:
        raise Fatal(f"The sandbox cannot start: {DATA} is damaged ({error}); start over with --reset") from None
    except OSError as error:
        where = error.filename or (f"port {port}" if isinstance(error, PermissionError) else "this machine")
        raise Fatal(f"The sandbox cannot start: {where}: {error.strerror or error}.") from None


async def _demo(port: int) -> None:
    started = time.monotonic()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # HUP: the terminal was closed
        loop.add_signal_handler(one, stop.set)
    options = Options(signals=True, unlinked=("chloe",))  # so that a newcomer sees how linking goes
    sandbox = Sandbox(DATA, port, progress=lambda text: _say(started, text), options=options)
    starting = asyncio.create_task(sandbox.start())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await starting
        _say(started, "Stopped before it was ready. The next start goes on from here.")
        return
    starting.result()
    try:
        await _with_bot(sandbox, stop, started)
    finally:
        await sandbox.stop()
        _say(started, "Stopped. The next start takes up here; --reset starts over.")


async def _with_bot(sandbox: Sandbox, stop: asyncio.Event, started: float) -> None:
    env = bot_env(os.environ, sandbox.env())
    await asyncio.to_thread(link_once, load_settings(env), sandbox.links())
    while not stop.is_set():
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli.demo_child",
            env=env,
            stdin=asyncio.subprocess.PIPE,  # which ends with this process
            start_new_session=True,
        )
        _say(started, f"Starting the bot (process {child.pid})")
        try:
            await _until(child, stop, env, started, sandbox)
        finally:
            await _end(child)


def link_once(settings: Settings, links: list[tuple[str, str, str, str, int]]) -> None:
    """Link those who begin linked, at the first start only: who unlinks, or leaves, stays unlinked at the next."""
    done = settings.slackops_data_dir / "linked"
    if not done.exists():
        save_links(settings, links)
        done.touch()


def bot_env(machine: Mapping[str, str], sandbox: Mapping[str, str]) -> dict[str, str]:
    """The bot's environment: the sandbox's, and of the shell's neither another bot's settings nor a proxy.

    A DATABASE_URL that happens to be set would make the demo write to somebody's database.
    """
    settings = {name.upper() for name in Settings.model_fields} - OURS_TO_KEEP

    def foreign(name: str) -> bool:
        return name in settings or name.startswith("MLFLOW_") or name.lower().endswith("_proxy")

    return {name: value for name, value in machine.items() if not foreign(name)} | dict(sandbox)


async def _until(
    child: asyncio.subprocess.Process, stop: asyncio.Event, env: dict[str, str], started: float, sandbox: Sandbox
) -> None:
    """Come back when the person stops the demo, or when the bot died and should be started again."""
    if not await _ready(child, f"http://127.0.0.1:{env['PORT']}/readyz", stop):
        if stop.is_set():
            return
        raise Fatal("The bot did not start; its own words are above.")
    sandbox.cluster.tell_again()
    _say(started, "Ready")
    typer.echo(f"\n  Open {env['PUBLIC_URL']}/ in a browser. Ctrl-C stops everything.\n")
    waits = {asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())}
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if not stop.is_set():
        _say(started, f"The bot ended with {child.returncode}; nothing is lost")


async def _ready(child: asyncio.subprocess.Process, url: str, stop: asyncio.Event) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
        while time.monotonic() < deadline and child.returncode is None and not stop.is_set():
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get(url)).status_code == httpx.codes.OK:
                    return True
            await asyncio.sleep(0.1)
    return False


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), 10)
        except TimeoutError:
            child.kill()
            await child.wait()


def _say(started: float, text: str) -> None:
    typer.echo(f"[{time.monotonic() - started:5.1f} s] {text}")
