"""Commit statuses and check runs of a head."""

from __future__ import annotations

from typing import Any

from bot.adapters.github.convert import run_check, status_check, to_status
from bot.adapters.github.session import Session
from bot.domain.facts import Check, Status

OURS = "slackops/"
_DESCRIPTION = 140


def statuses(session: Session, repo: str, sha: str) -> dict[str, Status]:
    """The newest commit status of each context."""
    return {one["context"]: to_status(one) for one in _statuses(session, repo, sha)}


def set_status(session: Session, repo: str, sha: str, status: Status, url: str | None) -> None:
    """Write one commit status; GitHub keeps the newest of each context."""
    body = {"state": status.state, "context": status.context, "description": _cut(status.description)}
    path = f"/repos/{repo}/statuses/{sha}"
    session.write(f"Set the status {status.context}", "POST", path, {**body, "target_url": url} if url else body)


def checks(session: Session, repo: str, sha: str) -> list[Check]:
    """The newest run of each name, and the commit statuses that are not ours."""
    newest: dict[str, dict[str, Any]] = {}
    for run in sorted(_runs(session, repo, sha), key=_age):
        newest[run["name"]] = run
    others = [one for one in _statuses(session, repo, sha) if not one["context"].startswith(OURS)]
    found = [*map(run_check, newest.values()), *map(status_check, others)]
    return sorted(found, key=lambda check: check.name)


def _statuses(session: Session, repo: str, sha: str) -> list[dict[str, Any]]:
    pages = session.pages("Read the commit statuses", f"/repos/{repo}/commits/{sha}/status")
    return [one for page in pages for one in page["statuses"]]


def _runs(session: Session, repo: str, sha: str) -> list[dict[str, Any]]:
    path = f"/repos/{repo}/commits/{sha}/check-runs"
    pages = session.pages("Read the check runs", path, {"filter": "latest"})
    return [run for page in pages for run in page["check_runs"]]


def _age(run: dict[str, Any]) -> tuple[bool, str, int]:
    """Orders runs, the newest last: one that still waits for its start is newer than any that began."""
    began = run.get("started_at") or ""
    return run["status"] != "completed" and not began, began, run["id"]


def _cut(text: str) -> str:
    return text if len(text) <= _DESCRIPTION else text[: _DESCRIPTION - 1] + "…"
