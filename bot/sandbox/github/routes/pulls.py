"""Pull requests: lists, one, changing, files, commits, merging, requested reviewers."""

from __future__ import annotations

from bot.sandbox.github import merges, pulls
from bot.sandbox.github.compare import diff_base, pull_commits, pull_files
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.mergeability import mergeability
from bot.sandbox.github.requests import request_reviewers
from bot.sandbox.github.routes.commits import as_text
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import repo_api
from bot.sandbox.github.shapes.commits import commit_shape, file_shape
from bot.sandbox.github.shapes.pulls import full_pull, pull_shape
from bot.sandbox.github.shapes.repos import repository, team_shape
from bot.sandbox.github.shapes.users import user
from bot.sandbox.github.store import Doc

_SORTS = {"created": "created_at", "updated": "updated_at", "popularity": "number", "long-running": "created_at"}


def listing(ctx: Ctx) -> Reply:
    """GET pulls: by state, head (owner:branch), base; sorted by created (newest first unless sorted otherwise)."""
    state = ctx.choice("state", ("open", "closed", "all"), "open", "PullRequest")
    sort = ctx.choice("sort", _SORTS, "created", "PullRequest")
    usual = "desc" if sort == "created" else "asc"
    direction = ctx.choice("direction", ("asc", "desc"), usual, "PullRequest")
    found = [pull for pull in ctx.forge.store.pulls(ctx.repo.full_name).all() if _wanted(ctx, pull, state)]
    found.sort(key=lambda pull: (pull[_SORTS[sort]], pull["number"]), reverse=direction == "desc")
    shown = repository(ctx.forge, ctx.repo)
    return ctx.page(found, lambda pull: pull_shape(ctx.forge, ctx.repo, pull, shown))


def create(ctx: Ctx) -> Reply:
    """POST pulls."""
    pull = pulls.create(ctx.forge, ctx.repo, ctx.actor.login, ctx.fields)
    return Reply(
        _full(ctx, pull), 201, {"Location": repo_api(ctx.forge, ctx.repo.full_name, f"pulls/{pull['number']}")}
    )


def get(ctx: Ctx) -> Reply:
    """GET pulls/{n}: JSON, diff or patch."""
    pull = _pull(ctx)
    text = as_text(ctx, diff_base(ctx.repo, pull), pull["head_sha"])
    return text or Reply(_full(ctx, pull))


def update(ctx: Ctx) -> Reply:
    """PATCH pulls/{n}: for its author and those who may write."""
    pull, login = _pull(ctx), ctx.actor.login
    have = ctx.forge.people.allowed(ctx.actor, ctx.repo.full_name)
    if pull["user"] != login and not ctx.forge.people.at_least(have, "write"):
        raise ApiError(403, "Must have push access to repository.")
    fields = {key: value for key, value in ctx.fields.items() if not (key == "title" and value is None)}
    return Reply(_full(ctx, pulls.update(ctx.forge, ctx.repo, pull["number"], login, fields)))


def files(ctx: Ctx) -> Reply:
    """GET pulls/{n}/files."""
    pull = _pull(ctx)
    return ctx.page(pull_files(ctx.repo, pull), lambda file: file_shape(ctx.forge, ctx.repo, file, pull["head_sha"]))


def commits(ctx: Ctx) -> Reply:
    """GET pulls/{n}/commits: oldest first, 250 at most."""
    found = pull_commits(ctx.repo, _pull(ctx))[:250]
    return ctx.page(found, lambda commit: commit_shape(ctx.forge, ctx.repo, commit))


def is_merged(ctx: Ctx) -> Reply:
    """GET pulls/{n}/merge: 204 or 404."""
    if _pull(ctx)["merged_at"] is None:
        raise not_found()
    return Reply(status=204)


def merge(ctx: Ctx) -> Reply:
    """PUT pulls/{n}/merge."""
    sha = merges.merge(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, ctx.fields)
    return Reply({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def update_branch(ctx: Ctx) -> Reply:
    """PUT pulls/{n}/update-branch."""
    expected, number = ctx.fields.get("expected_head_sha"), ctx.number("number")
    merges.update_branch(ctx.forge, ctx.repo, number, ctx.actor.login, expected)
    url = repo_api(ctx.forge, ctx.repo.full_name, f"pulls/{number}")
    return Reply({"message": "Updating pull request branch.", "url": url}, 202)


def requested(ctx: Ctx) -> Reply:
    """GET requested_reviewers."""
    pull, org = _pull(ctx), ctx.forge.people.org(ctx.repo.owner)
    teams = [team for team in org.teams if team.slug in pull["requested_teams"]] if org else []
    shown = [team_shape(ctx.forge, org, team) for team in teams if org]
    return Reply({"users": [user(ctx.forge, login) for login in pull["requested_reviewers"]], "teams": shown})


def request(ctx: Ctx) -> Reply:
    """POST requested_reviewers."""
    pull = request_reviewers(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, ctx.fields, wanted=True)
    return Reply(pull_shape(ctx.forge, ctx.repo, pull), 201)


def unrequest(ctx: Ctx) -> Reply:
    """DELETE requested_reviewers."""
    pull = request_reviewers(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, ctx.fields, wanted=False)
    return Reply(pull_shape(ctx.forge, ctx.repo, pull))


def _pull(ctx: Ctx) -> Doc:
    return pulls.find(ctx.forge, ctx.repo, ctx.number("number"))


def _full(ctx: Ctx, pull: Doc) -> Doc:
    return full_pull(ctx.forge, ctx.repo, pull, mergeability(ctx.forge, ctx.repo, pull))


def _wanted(ctx: Ctx, pull: Doc, state: str) -> bool:
    head, base = ctx.query.get("head"), ctx.query.get("base")
    label = f"{ctx.repo.owner}:{pull['head_ref']}"
    return (
        state in ("all", pull["state"])
        and (not head or ":" not in head or head == label)
        and (not base or base == pull["base_ref"])
    )


_ONE, _SCOPE = f"{REPO}/pulls/{{number}}", "pull_requests"
ROUTES = [
    Route("GET", f"{REPO}/pulls", listing, "read", _SCOPE),
    Route("POST", f"{REPO}/pulls", create, "read", _SCOPE, content=True),
    Route("GET", _ONE, get, "read", _SCOPE),
    Route("PATCH", _ONE, update, "read", _SCOPE),
    Route("GET", f"{_ONE}/files", files, "read", _SCOPE),
    Route("GET", f"{_ONE}/commits", commits, "read", _SCOPE),
    Route("GET", f"{_ONE}/merge", is_merged, "read", _SCOPE),
    Route("PUT", f"{_ONE}/merge", merge, "write", "contents", content=True),
    Route("PUT", f"{_ONE}/update-branch", update_branch, "write", _SCOPE),
    Route("GET", f"{_ONE}/requested_reviewers", requested, "read", _SCOPE),
    Route("POST", f"{_ONE}/requested_reviewers", request, "write", _SCOPE),
    Route("DELETE", f"{_ONE}/requested_reviewers", unrequest, "write", _SCOPE),
]
