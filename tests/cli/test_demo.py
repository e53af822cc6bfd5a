"""`slackops demo` as a newcomer starts, stops and starts it again."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.running import Demo, free_port, slackops

pytestmark = pytest.mark.xdist_group("demo")
SOMEBODY_ELSES = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/other",
    "SLACKOPS_COMMAND_PREFIX": "ml-",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}
Start = Callable[..., Demo]


def seeded(folder: Path, registry: Path) -> Path:
    """The folder with the models trained already, as after a first start."""
    shutil.copytree(registry, folder / ".slackops" / "demo")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, registry: Path) -> Path:
    return seeded(tmp_path_factory.mktemp("demo"), registry)


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    """One that runs, in a shell that is set up for another bot and behind a proxy that does not answer."""
    running = Demo(folder, **SOMEBODY_ELSES)
    try:
        running.says("Ctrl-C stops everything")
        yield running
    finally:
        running.end()


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts demos; ends them all."""
    started: list[Demo] = []

    def begin(folder: Path, *args: str) -> Demo:
        started.append(Demo(folder, *args))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def test_it_says_what_it_does_and_where_the_page_is(demo: Demo) -> None:
    steps = ["Preparing the workspace", "The sandbox answers on", "Starting the bot", "Ready", "  Open "]
    said = [next(at for at, line in enumerate(demo.lines) if step in line) for step in steps]
    assert said == sorted(said)
    assert f"  Open http://127.0.0.1:{demo.port}/ in a browser. Ctrl-C stops everything." in demo.lines


def test_one_port_serves_the_page_and_the_bot(demo: Demo) -> None:
    page = demo.http.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert demo.http.get("/healthz").status_code == 200
    assert demo.http.get("/readyz").json() == {"store": "ok"}


def test_two_on_the_same_data_do_not_run_at_once(demo: Demo, folder: Path) -> None:
    second = slackops("demo", "--port", "1", "--reset", cwd=folder)
    assert (second.returncode, second.stdout) == (1, "")
    (line,) = second.stderr.splitlines()
    assert f"http://127.0.0.1:{demo.port}/ (process {demo.process.pid})" in line
    assert demo.http.get("/readyz").status_code == 200, "--reset must not touch it"


def test_a_port_in_use_is_one_clear_line(demo: Demo, tmp_path: Path) -> None:
    second = slackops("demo", "--port", str(demo.port), cwd=tmp_path)
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"Port {demo.port} is in use by another program. Choose another with --port, or stop what listens there."
    ]


def test_a_killed_bot_is_started_again_and_goes_on(demo: Demo) -> None:
    os.kill(demo.bot, signal.SIGKILL)
    demo.says("The bot ended with -9; nothing is lost")
    demo.says("Ready", times=2)
    demo.act("slash", channel="C0PROD", text="/models")
    demo.until(lambda seen: [m for m in seen["messages"] if "fraud-detector" in m["text"]])


def test_ctrl_c_stops_everything_and_the_next_start_takes_up(start: Start, tmp_path: Path, registry: Path) -> None:
    first = start(seeded(tmp_path, registry))
    first.says("Ctrl-C stops everything")
    first.act("slash", channel="C0PROD", text="/promote fraud-detector 4 production")
    first.until(lambda seen: seen["pulls"] and [m for m in seen["messages"] if "Review: fraud" in m["text"]])
    begun = time.monotonic()
    assert first.stop() == 0
    assert time.monotonic() - begun < 10
    assert "The next start takes up here" in first.lines[-1]
    second = start(tmp_path)
    second.says("Ctrl-C stops everything")
    seen = second.state()
    assert [pull["title"] for pull in seen["pulls"]] == ["Promote fraud-detector 3 → 4 in production"]
    assert any("Review: fraud-detector 3→4, production" in message["text"] for message in seen["messages"])
    assert second.stop(signal.SIGTERM) == 0


def test_reset_starts_over_and_what_is_stopped_half_way_goes_on(start: Start, tmp_path: Path) -> None:
    left = tmp_path / ".slackops" / "demo" / "sandbox.sqlite3"
    left.parent.mkdir(parents=True)
    left.write_text("of an older version")
    fresh = start(tmp_path, "--reset")
    fresh.says("Creating the MLflow registry on SQLite")
    assert left.read_bytes().startswith(b"SQLite format 3")
    assert fresh.stop() == 0
    assert "Stopped before it was ready" in fresh.lines[-1]
    again = start(tmp_path)
    again.says("Training fraud-detector on scikit-learn's breast_cancer data")
    assert again.stop() == 0


@pytest.mark.parametrize("name", ["secrets.json", "sandbox.sqlite3"])
def test_data_that_is_damaged_is_one_clear_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / ".slackops" / "demo" / name
    file.parent.mkdir(parents=True)
    file.write_text("not at all what it should be")
    ended = slackops("demo", "--port", str(free_port()), cwd=tmp_path)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("The sandbox cannot start: ")
    assert line.endswith("start over with --reset")


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / ".slackops").write_text("a file where a folder should be")
    ended = slackops("demo", cwd=tmp_path)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("The sandbox cannot start: .slackops: ")
