"""GitHub's webhooks about CI: which commit of which repository to look at. Names only are taken; what they say of state
and branches is read again.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.commands import LookCi
from bot.signals.github import is_of_ours, repository
from bot.signals.reading import at, is_commit

EVENTS: Mapping[str, str] = {"check_run": "check_run", "check_suite": "check_suite", "workflow_run": "workflow_run"}
STATUS = "status"
_REPOSITORY = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)


def parse(event: str, payload: object) -> LookCi | None:
    """The look to take; None for what has not ended, for our own statuses, and for anything else."""
    repo = repository(payload)
    if repo is None or not _REPOSITORY.fullmatch(repo):
        return None
    sha = _of_status(payload) if event == STATUS else _of_check(EVENTS[event], payload) if event in EVENTS else None
    return LookCi(repo=repo, sha=sha) if isinstance(sha, str) and is_commit(sha) else None


def _of_check(name: str, payload: object) -> object:
    return at(payload, name, "head_sha") if at(payload, "action") == "completed" else None


def _of_status(payload: object) -> object:
    ended = at(payload, "state") in ("success", "failure", "error")
    return at(payload, "sha") if ended and not is_of_ours(payload) else None
