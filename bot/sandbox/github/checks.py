"""Commit statuses and check runs: what is stored, and what they amount to."""

from __future__ import annotations

from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import not_found
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.rules import Check
from bot.sandbox.github.shapes.checks import branch_at, check_run_shape, check_suite_shape
from bot.sandbox.github.store import Doc, now

PASSING = {"success", "neutral", "skipped"}


def latest_statuses(forge: Forge, repo: Repo, sha: str) -> list[Doc]:
    """The newest status of every context, newest first."""
    newest = {status["context"]: status for status in forge.store.statuses(repo.full_name, sha).all()}
    return sorted(newest.values(), key=lambda status: -status["id"])


def latest_runs(forge: Forge, repo: Repo, sha: str) -> list[Doc]:
    """The newest check run of every name and App, newest first."""
    newest = {(run["name"], run["app_id"]): run for run in forge.store.checks(repo.full_name, sha).all()}
    return sorted(newest.values(), key=lambda run: -run["id"])


def combined(statuses: list[Doc]) -> str:
    """https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference"""
    states = {status["state"] for status in statuses}
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"


def state_of(forge: Forge, repo: Repo, sha: str) -> str:
    """Statuses and check runs of a commit together: none, success, pending or failure."""
    statuses, runs = latest_statuses(forge, repo, sha), latest_runs(forge, repo, sha)
    states = {combined([status]) for status in statuses} | {_run_state(run) for run in runs}
    for state in ("failure", "pending", "success"):
        if state in states:
            return state
    return "none"


def required_state(forge: Forge, repo: Repo, sha: str, check: Check) -> str:
    """How a required check stands: success, pending, failure, or expected when nothing reported it."""
    pinned = check.app_id if check.app_id not in (None, -1) else None
    reports = [(one["context"], one["app_id"], combined([one])) for one in latest_statuses(forge, repo, sha)]
    reports += [(run["name"], run["app_id"], _run_state(run)) for run in latest_runs(forge, repo, sha)]
    states = {state for name, app, state in reports if name == check.context and pinned in (None, app)}
    for state in ("failure", "pending", "success"):
        if state in states:
            return state
    return "expected"


def put_run(forge: Forge, repo: Repo, run: Doc, actor: str) -> Doc:
    """Store a check run and its suite, and send their webhooks."""
    suite = suite_of(forge, repo, run["head_sha"], run["app_id"])
    created = forge.store.checks(repo.full_name, run["head_sha"]).get(run["id"]) is None
    forge.store.checks(repo.full_name, run["head_sha"]).put(run["id"], run)
    forge.store.check_index(repo.full_name).put(run["id"], {"sha": run["head_sha"]})
    for pull in pulls_at(forge, repo, run["head_sha"]):
        details = {"name": run["name"], "status": run["status"], "conclusion": run["conclusion"]}
        forge.event(repo, pull["number"], "check_run", actor, sha=run["head_sha"], **details)
    action = "completed" if run["status"] == "completed" else "created" if created else "rerequested"
    emit(forge, repo, "check_run", actor, {"action": action, "check_run": check_run_shape(forge, repo, run)})
    forge.changes.announce({"type": "check", "repo": repo.full_name, "sha": run["head_sha"], "name": run["name"]})
    _finish_suite(forge, repo, suite, actor)
    return run


def find_run(forge: Forge, repo: Repo, number: int) -> Doc:
    """A check run by its id. Raises ApiError 404."""
    at = forge.store.check_index(repo.full_name).get(number)
    found = forge.store.checks(repo.full_name, at["sha"]).get(number) if at else None
    if found is None:
        raise not_found()
    return found


def find_suite(forge: Forge, repo: Repo, number: int) -> Doc:
    """A check suite by its id. Raises ApiError 404."""
    at = forge.store.suite_index(repo.full_name).get(number)
    found = forge.store.suites(repo.full_name, at["sha"]).get(at["app_id"]) if at else None
    if found is None:
        raise not_found()
    return found


def suite_of(forge: Forge, repo: Repo, sha: str, app_id: int) -> Doc:
    """The check suite of a commit and an App, made when it is absent."""
    suites = forge.store.suites(repo.full_name, sha)
    found = suites.get(app_id)
    if found:
        return found
    number, branch = forge.store.next_id("suite"), branch_at(repo, sha)  # a branch moves on, and its suites do not
    suite = {"id": number, "head_sha": sha, "head_branch": branch, "app_id": app_id, "created_at": now()}
    forge.store.suite_index(repo.full_name).put(number, {"sha": sha, "app_id": app_id})
    return suites.put(app_id, suite)


def suite_state(forge: Forge, repo: Repo, suite: Doc) -> tuple[str, str | None]:
    """(status, conclusion) of a suite from its runs."""
    runs = [run for run in latest_runs(forge, repo, suite["head_sha"]) if run["app_id"] == suite["app_id"]]
    if not runs or any(run["status"] != "completed" for run in runs):
        return ("queued" if not runs else "in_progress"), None
    return "completed", next((run["conclusion"] for run in runs if run["conclusion"] not in PASSING), "success")


def pulls_at(forge: Forge, repo: Repo, sha: str) -> list[Doc]:
    """Open pull requests whose head is this commit."""
    pulls = forge.store.pulls(repo.full_name).all()
    return [pull for pull in pulls if pull["state"] == "open" and pull["head_sha"] == sha]


def _finish_suite(forge: Forge, repo: Repo, suite: Doc, actor: str) -> None:
    if suite_state(forge, repo, suite)[0] == "completed":
        shown = check_suite_shape(forge, repo, suite, *suite_state(forge, repo, suite), hook=True)
        emit(forge, repo, "check_suite", actor, {"action": "completed", "check_suite": shown})


def _run_state(run: Doc) -> str:
    if run["status"] != "completed":
        return "pending"
    return "success" if run["conclusion"] in PASSING else "failure"
