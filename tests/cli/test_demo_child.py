"""The demo's bot goes when the demo is gone."""

from __future__ import annotations

import signal
import subprocess
import sys

WAITS = "import signal, sys; from bot.cli.demo_child import end_with; end_with(sys.stdin); signal.pause()"


def test_it_stops_when_whoever_started_it_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", WAITS], stdin=subprocess.PIPE)
    try:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(30) == -signal.SIGTERM
    finally:
        child.kill()
