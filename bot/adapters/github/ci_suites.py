"""What check suites tell that no check run does. https://docs.github.com/en/rest/checks/suites"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.adapters.github.convert import to_time
from bot.domain.ci import CiRun, CiState

ACTIONS, STARTS = "github-actions", "GitHub Actions (workflow starts)"
_BROKEN = "A workflow ended without a job: its file may be invalid. The Actions page names it."
ENDED = {
    "success": CiState.SUCCESS,
    "neutral": CiState.SUCCESS,
    "failure": CiState.FAILURE,
    "timed_out": CiState.FAILURE,
    "startup_failure": CiState.FAILURE,
    "action_required": CiState.PENDING,
}
"""By conclusion. What was cancelled, skipped, or never ended (`stale`) says nothing of the commit."""


def workflows_start(suites: Sequence[dict[str, Any]]) -> list[CiRun]:
    """One run for all workflows of a commit, out of the suites of GitHub Actions; none while nothing has ended."""
    ended = [one for one in suites if one.get("status") == "completed"]
    broken = [one for one in ended if not _jobs(one) and ENDED.get(one.get("conclusion") or "") is CiState.FAILURE]
    telling = broken or [one for one in ended if _jobs(one)]
    if not telling:
        return []
    at = max(to_time(one.get("updated_at")) for one in telling)
    return [CiRun(STARTS, CiState.FAILURE if broken else CiState.SUCCESS, at, None, _BROKEN if broken else "")]


def _jobs(suite: dict[str, Any]) -> int:
    """How many check runs it has; one that does not tell is taken to have some."""
    return int(suite.get("latest_check_runs_count", 1))
