"""How long the remote's ``git receive-pack`` took to check what it received, out of Git's own trace of a push.

https://git-scm.com/docs/api-trace2#_child_exit
"""

from __future__ import annotations

import json
import os
from pathlib import Path

_VARIABLE = "GIT_TRACE2_EVENT"


class ServerCheck:
    """While it is entered, Git processes write their trace into ``folder``; afterwards ``seconds`` is known."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.seconds = folder, 0.0

    def __enter__(self) -> ServerCheck:
        self._folder.mkdir(exist_ok=True)
        os.environ[_VARIABLE] = str(self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        del os.environ[_VARIABLE]
        for trace in self._folder.iterdir():
            self.seconds += _check_seconds(trace.read_text())
            trace.unlink()


def _check_seconds(trace: str) -> float:
    events = [json.loads(line) for line in trace.splitlines()]
    if not any(event["event"] == "cmd_name" and event["name"] == "receive-pack" for event in events):
        return 0.0
    checks = {event["child_id"] for event in events if event["event"] == "child_start" and "rev-list" in event["argv"]}
    return sum(
        float(event["t_rel"]) for event in events if event["event"] == "child_exit" and event["child_id"] in checks
    )
