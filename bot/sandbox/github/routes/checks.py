"""Commit statuses, check runs and check suites."""

from __future__ import annotations

from bot.sandbox.github import checks, statuses
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.routes.commits import resolve
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
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


def _suite(ctx: Ctx, suite: Doc) -> Doc:
    state = checks.suite_state(ctx.forge, ctx.repo, suite)
    return {**check_suite_shape(ctx.forge, ctx.repo, suite, *state), "repository": repository(ctx.forge, ctx.repo)}


def _wanted(ctx: Ctx, run: Doc) -> bool:
    pairs = (("check_name", run["name"]), ("status", run["status"]), ("app_id", str(run["app_id"])))
    return all(ctx.query.get(key) in (None, value) for key, value in pairs)


def _run(ctx: Ctx) -> Doc:
    number = ctx.number("id")
    at = ctx.forge.store.check_index(ctx.repo.full_name).get(number)
    found = ctx.forge.store.checks(ctx.repo.full_name, at["sha"]).get(number) if at else None
    if found is None:
        raise not_found()
    return found


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
    Route("GET", f"{_REF}/check-runs", runs, "read", "checks"),
    Route("GET", f"{_REF}/check-suites", suites, "read", "checks"),
]
