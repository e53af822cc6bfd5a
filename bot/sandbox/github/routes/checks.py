"""Commit statuses, check runs and check suites."""

from __future__ import annotations

from bot.sandbox.github import actions, checks, statuses
from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.people import ACTIONS_APP_ID
from bot.sandbox.github.routes.commits import resolve
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.annotations import annotation_shape
from bot.sandbox.github.shapes.base import repo_api
from bot.sandbox.github.shapes.checks import check_run_shape, check_suite_shape, status_shape
from bot.sandbox.github.shapes.repos import repository
from bot.sandbox.github.store import Doc


def create_status(ctx: Ctx) -> Reply:
    """POST statuses/{sha}."""
    sha = ctx.params["sha"]
    status = statuses.create_status(ctx.forge, ctx.repo, sha, ctx.actor.login, ctx.app_id, ctx.fields)
    return Reply(status_shape(ctx.forge, ctx.repo, status), 201)


def list_statuses(ctx: Ctx) -> Reply:
    """GET commits/{ref}/statuses: newest first."""
    found = ctx.forge.store.statuses(ctx.repo.full_name, resolve(ctx, ctx.params["ref"])).all()
    return ctx.page(found[::-1], lambda status: status_shape(ctx.forge, ctx.repo, status))


def combined(ctx: Ctx) -> Reply:
    """GET commits/{ref}/status: the newest of every context."""
    sha = resolve(ctx, ctx.params["ref"])
    found = checks.latest_statuses(ctx.forge, ctx.repo, sha)
    url = repo_api(ctx.forge, ctx.repo.full_name, f"commits/{sha}")
    whole = {
        "state": checks.combined(found),
        "sha": sha,
        "total_count": len(found),
        "commit_url": url,
        "url": f"{url}/status",
    }
    whole["repository"] = repository(ctx.forge, ctx.repo)
    return ctx.page(
        found, lambda status: status_shape(ctx.forge, ctx.repo, status), lambda page: {**whole, "statuses": page}
    )


def create_run(ctx: Ctx) -> Reply:
    """POST check-runs: Apps only."""
    run = statuses.new_run(ctx.forge, ctx.repo, _app(ctx), ctx.actor.login, ctx.fields)
    return Reply(check_run_shape(ctx.forge, ctx.repo, run), 201)


def update_run(ctx: Ctx) -> Reply:
    """PATCH check-runs/{id}: the App's own."""
    run = _run(ctx)
    if run["app_id"] != _app(ctx):
        raise ApiError(
            403,
            "Invalid app_id `" + str(ctx.app_id) + "` - check run can only be modified by the GitHub App "
            "that created it.",
        )
    changed = statuses.change_run(ctx.forge, ctx.repo, run, ctx.actor.login, ctx.fields)
    return Reply(check_run_shape(ctx.forge, ctx.repo, changed))


def run(ctx: Ctx) -> Reply:
    """GET check-runs/{id}."""
    return Reply(check_run_shape(ctx.forge, ctx.repo, _run(ctx)))


def notes(ctx: Ctx) -> Reply:
    """GET check-runs/{id}/annotations."""
    found = _run(ctx)
    return ctx.page(
        found["output"].get("annotations") or [], lambda one: annotation_shape(ctx.forge, ctx.repo, found, one)
    )


def rerequest(ctx: Ctx) -> Reply:
    """POST check-runs/{id}/rerequest: a job runs again; another App is only told, and decides."""
    found = _run(ctx)
    if found["app_id"] == ACTIONS_APP_ID:
        whole = actions.run_of_job(ctx.forge, ctx.repo, found)
        actions.rerun(ctx.forge, ctx.repo, whole, ctx.actor.login, job=found["id"])
    else:
        told = {"action": "rerequested", "check_run": check_run_shape(ctx.forge, ctx.repo, found)}
        emit(ctx.forge, ctx.repo, "check_run", ctx.actor.login, told)
    return Reply({}, 201)


def runs(ctx: Ctx) -> Reply:
    """GET commits/{ref}/check-runs: filter latest or all, by check_name, status, app_id."""
    sha = resolve(ctx, ctx.params["ref"])
    scope = ctx.choice("filter", ("latest", "all"), "latest", "CheckRun")
    everything = ctx.forge.store.checks(ctx.repo.full_name, sha).all()[::-1]
    found = checks.latest_runs(ctx.forge, ctx.repo, sha) if scope == "latest" else everything
    found = [one for one in found if _wanted(ctx, one)]
    count = len(found)
    return ctx.page(
        found,
        lambda one: check_run_shape(ctx.forge, ctx.repo, one),
        lambda page: {"total_count": count, "check_runs": page},
    )


def suites(ctx: Ctx) -> Reply:
    """GET commits/{ref}/check-suites."""
    sha = resolve(ctx, ctx.params["ref"])
    found = ctx.forge.store.suites(ctx.repo.full_name, sha).all()
    if ctx.query.get("app_id"):
        found = [one for one in found if str(one["app_id"]) == ctx.query["app_id"]]
    return ctx.page(found, lambda one: _suite(ctx, one), lambda page: {"total_count": len(found), "check_suites": page})


def suite(ctx: Ctx) -> Reply:
    """GET check-suites/{id}."""
    return Reply(_suite(ctx, checks.find_suite(ctx.forge, ctx.repo, ctx.number("id"))))


def suite_runs(ctx: Ctx) -> Reply:
    """GET check-suites/{id}/check-runs: the newest of each name."""
    whole = checks.find_suite(ctx.forge, ctx.repo, ctx.number("id"))
    newest = checks.latest_runs(ctx.forge, ctx.repo, whole["head_sha"])
    found = [one for one in newest if one["app_id"] == whole["app_id"] and _wanted(ctx, one)]
    return ctx.page(
        found,
        lambda one: check_run_shape(ctx.forge, ctx.repo, one),
        lambda page: {"total_count": len(found), "check_runs": page},
    )


def rerequest_suite(ctx: Ctx) -> Reply:
    """POST check-suites/{id}/rerequest."""
    whole = checks.find_suite(ctx.forge, ctx.repo, ctx.number("id"))
    if whole["app_id"] == ACTIONS_APP_ID:
        actions.rerun(ctx.forge, ctx.repo, actions.find(ctx.forge, ctx.repo, whole["id"]), ctx.actor.login)
    else:
        shown = check_suite_shape(ctx.forge, ctx.repo, whole, "queued", None, hook=True)
        emit(ctx.forge, ctx.repo, "check_suite", ctx.actor.login, {"action": "rerequested", "check_suite": shown})
    return Reply({}, 201)


def _suite(ctx: Ctx, suite: Doc) -> Doc:
    state = checks.suite_state(ctx.forge, ctx.repo, suite)
    return {**check_suite_shape(ctx.forge, ctx.repo, suite, *state), "repository": repository(ctx.forge, ctx.repo)}


def _wanted(ctx: Ctx, run: Doc) -> bool:
    pairs = (("check_name", run["name"]), ("status", run["status"]), ("app_id", str(run["app_id"])))
    return all(ctx.query.get(key) in (None, value) for key, value in pairs)


def _run(ctx: Ctx) -> Doc:
    return checks.find_run(ctx.forge, ctx.repo, ctx.number("id"))


def _app(ctx: Ctx) -> int:
    if ctx.app_id is None:
        raise ApiError(403, "You must authenticate via a GitHub App.")
    return ctx.app_id


_REF = f"{REPO}/commits/{{ref+}}"
ROUTES = [
    Route("POST", f"{REPO}/statuses/{{sha}}", create_status, "write", "statuses"),
    Route("GET", f"{REPO}/statuses/{{ref}}", list_statuses, "read", "statuses"),
    Route("GET", f"{_REF}/statuses", list_statuses, "read", "statuses"),
    Route("GET", f"{_REF}/status", combined, "read", "statuses"),
    Route("POST", f"{REPO}/check-runs", create_run, "write", "checks"),
    Route("GET", f"{REPO}/check-runs/{{id}}", run, "read", "checks"),
    Route("PATCH", f"{REPO}/check-runs/{{id}}", update_run, "write", "checks"),
    Route("GET", f"{REPO}/check-runs/{{id}}/annotations", notes, "read", "checks"),
    Route("POST", f"{REPO}/check-runs/{{id}}/rerequest", rerequest, "write", "checks"),
    Route("GET", f"{REPO}/check-suites/{{id}}", suite, "read", "checks"),
    Route("GET", f"{REPO}/check-suites/{{id}}/check-runs", suite_runs, "read", "checks"),
    Route("POST", f"{REPO}/check-suites/{{id}}/rerequest", rerequest_suite, "write", "checks"),
    Route("GET", f"{_REF}/check-runs", runs, "read", "checks"),
    Route("GET", f"{_REF}/check-suites", suites, "read", "checks"),
]
