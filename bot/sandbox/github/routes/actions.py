"""Workflow runs, their jobs and logs, and running them again."""

from __future__ import annotations

import secrets

from bot.sandbox.github import actions
from bot.sandbox.github.checks import find_run
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.people import ACTIONS_APP_ID
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.actions import job_shape, workflow_run_shape
from bot.sandbox.github.store import Doc


def runs(ctx: Ctx) -> Reply:
    """GET actions/runs: newest first, by head_sha, branch, status (or conclusion)."""
    found = [one for one in ctx.forge.store.workflow_runs(ctx.repo.full_name).all()[::-1] if _wanted(ctx, one)]
    count = len(found)
    return ctx.page(
        found,
        lambda one: workflow_run_shape(ctx.forge, ctx.repo, one),
        lambda page: {"total_count": count, "workflow_runs": page},
    )


def run(ctx: Ctx) -> Reply:
    """GET actions/runs/{id}."""
    return Reply(workflow_run_shape(ctx.forge, ctx.repo, _run(ctx)))


def jobs(ctx: Ctx) -> Reply:
    """GET actions/runs/{id}/jobs: those of the newest attempt."""
    found, whole = actions.jobs_of(ctx.forge, ctx.repo, _run(ctx)), _run(ctx)
    count = len(found)
    return ctx.page(
        found,
        lambda one: job_shape(ctx.forge, ctx.repo, whole, one),
        lambda page: {"total_count": count, "jobs": page},
    )


def job(ctx: Ctx) -> Reply:
    """GET actions/jobs/{id}."""
    check = _job(ctx)
    return Reply(job_shape(ctx.forge, ctx.repo, actions.run_of_job(ctx.forge, ctx.repo, check), check))


def logs(ctx: Ctx) -> Reply:
    """GET actions/jobs/{id}/logs: a redirect to an address that needs no token and lives for a minute."""
    check = _job(ctx)
    if check["status"] != "completed":
        raise ApiError(404, "Not Found")
    key = secrets.token_urlsafe(24)
    link = {"text": check.get("log") or "", "until": ctx.forge.config.clock() + 60}
    ctx.forge.store.log_links().put(key, link)
    return Reply({}, 302, {"Location": f"{ctx.forge.config.root}/job-logs/{key}"})


def rerun(ctx: Ctx) -> Reply:
    """POST actions/runs/{id}/rerun."""
    actions.rerun(ctx.forge, ctx.repo, _run(ctx), ctx.actor.login)
    return Reply({}, 201)


def rerun_failed(ctx: Ctx) -> Reply:
    """POST actions/runs/{id}/rerun-failed-jobs."""
    actions.rerun(ctx.forge, ctx.repo, _run(ctx), ctx.actor.login, failed=True)
    return Reply({}, 201)


def rerun_job(ctx: Ctx) -> Reply:
    """POST actions/jobs/{id}/rerun."""
    check = _job(ctx)
    whole = actions.run_of_job(ctx.forge, ctx.repo, check)
    actions.rerun(ctx.forge, ctx.repo, whole, ctx.actor.login, job=check["id"])
    return Reply({}, 201)


def _run(ctx: Ctx) -> Doc:
    return actions.find(ctx.forge, ctx.repo, ctx.number("id"))


def _job(ctx: Ctx) -> Doc:
    check = find_run(ctx.forge, ctx.repo, ctx.number("id"))
    if check["app_id"] != ACTIONS_APP_ID:
        raise ApiError(404, "Not Found")
    return check


def _wanted(ctx: Ctx, run: Doc) -> bool:
    query = ctx.query
    pairs = (("head_sha", run["head_sha"]), ("branch", run["head_branch"]))
    state = query.get("status") in (None, run["status"], run["conclusion"])
    return state and all(query.get(key) in (None, value) for key, value in pairs)


_RUN, _JOB = f"{REPO}/actions/runs/{{id}}", f"{REPO}/actions/jobs/{{id}}"
ROUTES = [
    Route("GET", f"{REPO}/actions/runs", runs, "read", "actions"),
    Route("GET", _RUN, run, "read", "actions"),
    Route("GET", f"{_RUN}/jobs", jobs, "read", "actions"),
    Route("POST", f"{_RUN}/rerun", rerun, "write", "actions"),
    Route("POST", f"{_RUN}/rerun-failed-jobs", rerun_failed, "write", "actions"),
    Route("GET", _JOB, job, "read", "actions"),
    Route("GET", f"{_JOB}/logs", logs, "read", "actions"),
    Route("POST", f"{_JOB}/rerun", rerun_job, "write", "actions"),
]
