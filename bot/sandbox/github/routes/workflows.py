"""Workflows: starting one, and listing its runs."""

from __future__ import annotations

from datetime import datetime

from bot.sandbox.github import workflows
from bot.sandbox.github.errors import invalid
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.actions import workflow_run_shape
from bot.sandbox.github.shapes.base import html, repo_api
from bot.sandbox.github.store import Doc


def dispatch(ctx: Ctx) -> Reply:
    """POST actions/workflows/{id}/dispatches: 204; with ``return_run_details`` 200 and the run."""
    run = workflows.dispatch(ctx.forge, ctx.repo, ctx.params["id"], ctx.fields, ctx.actor.login)
    if ctx.fields.get("return_run_details") is not True:
        return Reply(status=204)
    name = ctx.repo.full_name
    told = {"workflow_run_id": run["id"], "run_url": repo_api(ctx.forge, name, f"actions/runs/{run['id']}")}
    return Reply({**told, "html_url": html(ctx.forge, f"{name}/actions/runs/{run['id']}")})


def runs(ctx: Ctx) -> Reply:
    """GET actions/workflows/{id}/runs: newest first, by event, actor, branch, status, ``created`` (``>=`` a time)."""
    path = workflows.find(ctx.repo, ctx.params["id"]).path
    since = _since(ctx.query.get("created", ""))
    everything = ctx.forge.store.workflow_runs(ctx.repo.full_name).all()[::-1]
    found = [run for run in everything if run.get("path") == path and run["created_at"] >= since and _wanted(ctx, run)]
    count = len(found)
    return ctx.page(
        found,
        lambda one: workflow_run_shape(ctx.forge, ctx.repo, one),
        lambda page: {"total_count": count, "workflow_runs": page},
    )


def _since(said: str) -> str:
    """Of the forms of https://docs.github.com/search-github/getting-started-with-searching-on-github that one alone."""
    if not said:
        return ""
    try:
        return datetime.fromisoformat(said.removeprefix(">=")).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise invalid("WorkflowRun", "created") from None


def _wanted(ctx: Ctx, run: Doc) -> bool:
    query = ctx.query
    pairs = (("event", run["event"]), ("actor", run["actor"]), ("branch", run["head_branch"]))
    state = query.get("status") in (None, run["status"], run["conclusion"])
    return state and all(query.get(key) in (None, value) for key, value in pairs)


_WORKFLOW = f"{REPO}/actions/workflows/{{id}}"
ROUTES = [
    Route("POST", f"{_WORKFLOW}/dispatches", dispatch, "write", "actions"),
    Route("GET", f"{_WORKFLOW}/runs", runs, "read", "actions"),
]
