"""Organisations, teams and members."""

from __future__ import annotations

from bot.sandbox.github.config import Org, Team
from bot.sandbox.github.errors import not_found
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import api, html
from bot.sandbox.github.shapes.repos import organization, team_shape
from bot.sandbox.github.shapes.users import user


def org(ctx: Ctx) -> Reply:
    """GET orgs/{org}."""
    found = _org(ctx)
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    dates = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z"}
    page = {"html_url": html(ctx.forge, found.login), "type": "Organization", "name": found.login}
    return Reply({**organization(ctx.forge, found), **page, **counts, **dates})


def teams(ctx: Ctx) -> Reply:
    """GET orgs/{org}/teams."""
    found = _org(ctx)
    return ctx.page(
        found.teams, lambda team: team_shape(ctx.forge, found, ctx.forge.people.team(found, team.slug) or team)
    )


def team(ctx: Ctx) -> Reply:
    """GET orgs/{org}/teams/{team_slug}."""
    return Reply(team_shape(ctx.forge, _org(ctx), _team(ctx)))


def team_members(ctx: Ctx) -> Reply:
    """GET orgs/{org}/teams/{team_slug}/members."""
    return ctx.page(_team(ctx).members, lambda login: user(ctx.forge, login))


def membership(ctx: Ctx) -> Reply:
    """GET orgs/{org}/teams/{team_slug}/memberships/{username}."""
    found, login = _team(ctx), ctx.params["username"]
    if login not in found.members:
        raise not_found()
    url = api(ctx.forge, f"orgs/{_org(ctx).login}/teams/{found.slug}/memberships/{login}")
    return Reply({"url": url, "role": "member", "state": "active"})


def members(ctx: Ctx) -> Reply:
    """GET orgs/{org}/members."""
    return ctx.page(ctx.forge.people.members(_org(ctx)), lambda login: user(ctx.forge, login))


def member(ctx: Ctx) -> Reply:
    """GET orgs/{org}/members/{username}: 204 or 404."""
    if ctx.params["username"] not in ctx.forge.people.members(_org(ctx)):
        raise not_found()
    return Reply(status=204)


def _org(ctx: Ctx) -> Org:
    found = ctx.forge.people.org(ctx.params["org"])
    if found is None:
        raise not_found()
    return found


def _team(ctx: Ctx) -> Team:
    """Teams are seen by members of the organisation and by its Apps; a stranger gets 404."""
    organisation = _org(ctx)
    inside = ctx.actor.app is not None or ctx.actor.login in ctx.forge.people.members(organisation)
    found = ctx.forge.people.team(organisation, ctx.params["slug"]) if inside else None
    if found is None:
        raise not_found()
    return found


_TEAM = "orgs/{org}/teams/{slug}"
ROUTES = [
    Route("GET", "orgs/{org}", org, "token"),
    Route("GET", "orgs/{org}/teams", teams, "token", "members"),
    Route("GET", _TEAM, team, "token", "members"),
    Route("GET", f"{_TEAM}/members", team_members, "token", "members"),
    Route("GET", f"{_TEAM}/memberships/{{username}}", membership, "token", "members"),
    Route("GET", "orgs/{org}/members", members, "token", "members"),
    Route("GET", "orgs/{org}/members/{username}", member, "token", "members"),
]
