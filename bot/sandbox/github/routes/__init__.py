"""Every route of the REST API: one line a resource group."""

from bot.sandbox.github.routes import (
    actions,
    applications,
    apps,
    branches,
    checks,
    commits,
    contents,
    deployments,
    gitdata,
    hooks,
    issues,
    orgs,
    pulls,
    repos,
    reviews,
    search,
    workflows,
)
from bot.sandbox.github.routing import Route

ROUTES: list[Route] = [
    *repos.ROUTES,
    *branches.ROUTES,
    *contents.ROUTES,
    *checks.ROUTES,
    *actions.ROUTES,
    *workflows.ROUTES,
    *commits.ROUTES,
    *gitdata.ROUTES,
    *pulls.ROUTES,
    *reviews.ROUTES,
    *issues.ROUTES,
    *deployments.ROUTES,
    *hooks.ROUTES,
    *orgs.ROUTES,
    *apps.ROUTES,
    *applications.ROUTES,
    *search.ROUTES,
]
