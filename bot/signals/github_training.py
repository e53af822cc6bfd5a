"""GitHub's webhook `workflow_run`: a run that somebody dispatched has ended, which may be a training of ours. Names
only are taken; how the run ended is asked of GitHub.

https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.signals.github import repository
from bot.signals.reading import at

EVENT, DISPATCHED = "workflow_run", "workflow_dispatch"
_REPOSITORY = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)
_MOST = 2**63


@dataclass(frozen=True)
class EndedRun:
    """A run of ``repo`` (owner/name) by GitHub's number; ``attempt`` counts how often it was run."""

    repo: str
    run: str
    attempt: int


def parse(event: str, payload: object) -> EndedRun | None:
    """None for what goes on, for what nobody dispatched, and for anything else."""
    found, repo = at(payload, EVENT), repository(payload)
    if event != EVENT or at(payload, "action") != "completed" or at(found, "event") != DISPATCHED:
        return None
    run, attempt = _number(at(found, "id")), _number(at(found, "run_attempt"))
    if repo is None or not _REPOSITORY.fullmatch(repo) or run is None:
        return None
    return EndedRun(repo, str(run), attempt or 1)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST else None
