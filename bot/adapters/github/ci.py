"""CI of any repository that the bot's credentials reach: check runs, commit statuses, and what re-runs them.

https://docs.github.com/en/rest/checks/runs and https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bot.adapters.github.checks import OURS
from bot.adapters.github.ci_excerpt import from_annotations, from_log, redacted, shortened
from bot.adapters.github.ci_logs import JobLogs
from bot.adapters.github.ci_suites import ACTIONS, ENDED, workflows_start
from bot.adapters.github.client import BASE_URL
from bot.adapters.github.convert import to_time
from bot.adapters.github.credentials import Credentials
from bot.adapters.github.errors import failure
from bot.adapters.github.pacing import Pacing
from bot.adapters.github.remember import Remember
from bot.adapters.github.session import Params, Session
from bot.domain.ci import CiRun, CiState

_ABSENT = frozenset({403, 404, 409, 410, 422})
_RUN = re.compile(r"/actions/runs/([0-9]{1,20})(?:/job/([0-9]{1,20}))?")
_MINUTES = 180.0
_MOST_PAGES = 20
_STATUSES = {"success": CiState.SUCCESS, "failure": CiState.FAILURE, "error": CiState.FAILURE}


class GitHubCi:
    """``Ci`` over GitHub's REST API. Thread-safe; raises as ``GitHubForge`` does. A repository that the bot may not see
    has no CI. The default branch's name may be three minutes old."""

    def __init__(
        self,
        credentials: Credentials,
        base_url: str = BASE_URL,
        pacing: Pacing | None = None,
        logs: JobLogs | None = None,
    ) -> None:
        self._session = Session(base_url, credentials, pacing or Pacing())
        self._logs = logs or JobLogs(base_url, credentials)
        self._defaults: Remember[str] = Remember(_MINUTES)

    def runs(self, repo: str, sha: str) -> list[CiRun]:
        """The newest run of each name."""
        newest: dict[str, CiRun] = {}
        for run in (*self._statuses(repo, sha), *self._check_runs(repo, sha), *self._starts(repo, sha)):
            known = newest.get(run.gate)
            if known is None or run.at >= known.at:
                newest[run.gate] = run
        return sorted(newest.values(), key=lambda run: run.gate)

    def excerpt(self, repo: str, run: CiRun) -> str:
        """Annotations, else the run's own words, else the end of a job's log."""
        check, _, job = run.source.partition("/")
        if not check:
            return ""
        path = f"/repos/{repo}/check-runs/{check}/annotations"
        answer = self._look("Read the annotations of a check", path, {"per_page": 50})
        said = from_annotations(answer) or shortened(run.summary)
        return said or (from_log(self._logs.tail(repo, job)) if job else "")

    def rerun(self, repo: str, run: CiRun) -> bool:
        """The failed jobs of its workflow run, or the check itself."""
        kind, _, ident = run.rerun.partition(":")
        paths = {"run": f"actions/runs/{ident}/rerun-failed-jobs", "check": f"check-runs/{ident}/rerequest"}
        if kind not in paths or not ident.isdecimal():
            return False
        what = f"Run {run.gate} of {repo} again"
        answer = self._session.send(what, "POST", f"/repos/{repo}/{paths[kind]}")
        if not answer.ok and answer.status not in _ABSENT:
            raise failure(what, answer)
        return answer.ok

    def default_branch(self, repo: str) -> str | None:
        """Its name; "" is kept for a repository that is not there."""

        def find() -> str:
            found = self._look(f"Read the repository {repo}", f"/repos/{repo}")
            return str(found["default_branch"]) if found else ""

        return self._defaults.get(repo.casefold(), find) or None

    def head(self, repo: str, branch: str) -> str | None:
        """By its ref."""
        found = self._look(f"Read the head of {branch} in {repo}", f"/repos/{repo}/git/ref/heads/{quote(branch)}")
        return str(found["object"]["sha"]) if isinstance(found, dict) else None

    def _look(self, what: str, path: str, params: Params | None = None) -> Any:
        answer = self._session.look(what, path, params)
        if answer.status in _ABSENT:
            return None
        if not answer.ok:
            raise failure(what, answer)
        return answer.data

    def _pages(self, what: str, path: str, name: str, params: Params) -> Iterator[dict[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = self._look(what, path, {**params, "per_page": 100, "page": page})
            listed = found[name] if found else []
            yield from listed
            if len(listed) < 100:
                return

    def _check_runs(self, repo: str, sha: str) -> list[CiRun]:
        path = f"/repos/{repo}/commits/{sha}/check-runs"
        pages = self._pages(f"Read the check runs in {repo}", path, "check_runs", {"filter": "latest"})
        return [_check_run(one) for one in sorted(pages, key=lambda one: int(one["id"]))]

    def _statuses(self, repo: str, sha: str) -> list[CiRun]:
        path = f"/repos/{repo}/commits/{sha}/status"
        pages = self._pages(f"Read the commit statuses in {repo}", path, "statuses", {})
        return [_status(one) for one in pages if not one["context"].startswith(OURS)]

    def _starts(self, repo: str, sha: str) -> list[CiRun]:
        """Whether the workflows of the commit begin at all: one whose file is broken has no job, and so no check run.
        https://github.com/actions/runner/issues/1042"""
        path = f"/repos/{repo}/commits/{sha}/check-suites"
        pages = self._pages(f"Read the check suites in {repo}", path, "check_suites", {})
        return workflows_start([one for one in pages if (one.get("app") or {}).get("slug") == ACTIONS])


def _check_run(one: dict[str, Any]) -> CiRun:
    ended = one["status"] == "completed"
    state = ENDED.get(one.get("conclusion") or "", CiState.SKIPPED) if ended else CiState.PENDING
    output = one.get("output") or {}
    at = to_time(one.get("completed_at") or one.get("started_at"))
    summary = redacted(str(output.get("title") or output.get("summary") or "")[:1000])[:500]
    rerun, source = _names(one)
    return CiRun(one["name"], state, at, one.get("html_url"), summary, rerun=rerun, source=source)


def _names(one: dict[str, Any]) -> tuple[str, str]:
    """What runs it again: the whole workflow run for a job of GitHub's own Actions, the check for other Apps; and the
    check itself, with its job."""
    check = str(one["id"])
    found = _RUN.search(str(one.get("details_url") or one.get("html_url") or ""))
    if found and (one.get("app") or {}).get("slug") == ACTIONS:
        return f"run:{found[1]}", f"{check}/{found[2] or check}"
    return f"check:{check}", check


def _status(one: dict[str, Any]) -> CiRun:
    state = _STATUSES.get(one["state"], CiState.PENDING)
    summary = redacted(str(one.get("description") or "")[:1000])[:500]
    return CiRun(one["context"], state, to_time(one.get("updated_at")), one.get("target_url"), summary)
