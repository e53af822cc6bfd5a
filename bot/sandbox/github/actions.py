"""GitHub Actions as far as others see it: one workflow run a commit, whose jobs are the check runs of its suite."""

from __future__ import annotations

from bot.sandbox.github.checks import PASSING, latest_runs, put_run, suite_of, suite_state
from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.people import ACTIONS_APP_ID
from bot.sandbox.github.shapes.actions import workflow_run_shape, workflow_shape
from bot.sandbox.github.store import Doc, now


def find(forge: Forge, repo: Repo, number: int) -> Doc:
    """A workflow run. Raises ApiError 404."""
    found = forge.store.workflow_runs(repo.full_name).get(number)
    if found is None:
        raise not_found()
    return found


def jobs_of(forge: Forge, repo: Repo, run: Doc) -> list[Doc]:
    """The newest check run of each of its jobs, in the order of their ids; none of a run that was dispatched, whose
    jobs report to no commit here."""
    if "event" in run:
        return []
    found = [one for one in latest_runs(forge, repo, run["head_sha"]) if one["app_id"] == ACTIONS_APP_ID]
    return found[::-1]


def follow(forge: Forge, repo: Repo, check: Doc, actor: str) -> None:
    """Bring the workflow run of a job up to date, and tell when it moved."""
    if check["app_id"] != ACTIONS_APP_ID:
        return
    suite = suite_of(forge, repo, check["head_sha"], ACTIONS_APP_ID)
    run = forge.store.workflow_runs(repo.full_name).get(suite["id"])
    if run is None:
        run = _save(forge, repo, _new(forge, repo, suite, actor))
        _tell(forge, repo, run, "requested", actor)
    status, conclusion = suite_state(forge, repo, suite)
    if (run["status"], run["conclusion"]) != (status, conclusion):
        run = _save(forge, repo, {**run, "status": status, "conclusion": conclusion, "updated_at": now()})
        _tell(forge, repo, run, "completed" if status == "completed" else "in_progress", actor)


def rerun(forge: Forge, repo: Repo, run: Doc, login: str, *, failed: bool = False, job: int | None = None) -> None:
    """Run all jobs again, the failed ones, or one: each as a new check run. Raises ApiError 403 where none may be."""
    if run["status"] != "completed":
        raise ApiError(403, "This workflow is already running")
    jobs = jobs_of(forge, repo, run)
    again = [one for one in jobs if job in (None, one["id"]) and not (failed and one["conclusion"] in PASSING)]
    if not again:
        raise ApiError(403, "This workflow run cannot be retried")
    _save(forge, repo, {**run, "attempt": run["attempt"] + 1, "status": "queued", "conclusion": None, "actor": login})
    for one in again:
        put_run(forge, repo, _queued(forge, one), login)
    names = [one["name"] for one in again]
    _tell(forge, repo, find(forge, repo, run["id"]), "requested", login)
    forge.changes.announce({"type": "rerun", "repo": repo.full_name, "sha": run["head_sha"], "names": names})
    forge.settle(repo)


def run_of_job(forge: Forge, repo: Repo, check: Doc) -> Doc:
    """The workflow run that a job belongs to. Raises ApiError 404."""
    if check["app_id"] != ACTIONS_APP_ID:
        raise not_found()
    return find(forge, repo, suite_of(forge, repo, check["head_sha"], ACTIONS_APP_ID)["id"])


def _queued(forge: Forge, check: Doc) -> Doc:
    fresh = {"id": forge.store.next_id("check"), "status": "queued", "conclusion": None, "completed_at": None}
    return {**check, **fresh, "started_at": now(), "output": {}, "log": ""}


def _new(forge: Forge, repo: Repo, suite: Doc, actor: str) -> Doc:
    return {
        "id": suite["id"],
        "head_sha": suite["head_sha"],
        "head_branch": suite.get("head_branch"),
        "number": len(forge.store.workflow_runs(repo.full_name).all()) + 1,
        "attempt": 1,
        "status": "queued",
        "conclusion": None,
        "actor": actor,
        "created_at": now(),
        "updated_at": now(),
    }


def _save(forge: Forge, repo: Repo, run: Doc) -> Doc:
    return forge.store.workflow_runs(repo.full_name).put(run["id"], run)


def _tell(forge: Forge, repo: Repo, run: Doc, action: str, actor: str) -> None:
    shown = {"workflow_run": workflow_run_shape(forge, repo, run), "workflow": workflow_shape(forge, repo)}
    emit(forge, repo, "workflow_run", actor, {"action": action, **shown})
