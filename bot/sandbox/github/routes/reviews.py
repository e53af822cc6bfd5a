"""Reviews of a pull request."""

from __future__ import annotations

from bot.sandbox.github import pulls, reviews
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.pulls import review_shape
from bot.sandbox.github.store import Doc


def listing(ctx: Ctx) -> Reply:
    """GET reviews: oldest first; a pending one is its author's to see."""
    number = ctx.number("number")
    pulls.find(ctx.forge, ctx.repo, number)
    found = ctx.forge.store.reviews(ctx.repo.full_name, number).all()
    shown = [one for one in found if one["state"] != "PENDING" or one["user"] == ctx.actor.login]
    return ctx.page(shown, lambda review: _shape(ctx, review))


def create(ctx: Ctx) -> Reply:
    """POST reviews."""
    return Reply(_shape(ctx, reviews.create(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, ctx.fields)))


def get(ctx: Ctx) -> Reply:
    """GET reviews/{id}."""
    return Reply(_shape(ctx, _find(ctx)))


def submit(ctx: Ctx) -> Reply:
    """POST reviews/{id}/events."""
    number, review = ctx.number("number"), ctx.number("review")
    return Reply(_shape(ctx, reviews.submit(ctx.forge, ctx.repo, number, review, ctx.actor.login, ctx.fields)))


def delete(ctx: Ctx) -> Reply:
    """DELETE reviews/{id}: pending ones."""
    number, review = ctx.number("number"), ctx.number("review")
    return Reply(_shape(ctx, reviews.delete_pending(ctx.forge, ctx.repo, number, review, ctx.actor.login)))


def edit(ctx: Ctx) -> Reply:
    """PUT reviews/{id}: its author changes the text."""
    review = {**_find(ctx), "body": str(ctx.fields.get("body") or "")}
    ctx.forge.store.reviews(ctx.repo.full_name, ctx.number("number")).put(review["id"], review)
    return Reply(_shape(ctx, review))


def dismiss(ctx: Ctx) -> Reply:
    """PUT reviews/{id}/dismissals."""
    number, review, message = ctx.number("number"), ctx.number("review"), ctx.fields.get("message")
    return Reply(_shape(ctx, reviews.dismiss(ctx.forge, ctx.repo, number, review, ctx.actor.login, message)))


def _find(ctx: Ctx) -> Doc:
    number = ctx.number("number")
    pulls.find(ctx.forge, ctx.repo, number)
    return reviews.find_review(ctx.forge, ctx.repo, number, ctx.number("review"), ctx.actor.login)


def _shape(ctx: Ctx, review: Doc) -> Doc:
    pull = pulls.find(ctx.forge, ctx.repo, ctx.number("number"))
    return review_shape(ctx.forge, ctx.repo, pull, review)


_ALL, _SCOPE = f"{REPO}/pulls/{{number}}/reviews", "pull_requests"
ROUTES = [
    Route("GET", _ALL, listing, "read", _SCOPE),
    Route("POST", _ALL, create, "read", _SCOPE, content=True),
    Route("GET", f"{_ALL}/{{review}}", get, "read", _SCOPE),
    Route("PUT", f"{_ALL}/{{review}}", edit, "read", _SCOPE),
    Route("DELETE", f"{_ALL}/{{review}}", delete, "read", _SCOPE),
    Route("POST", f"{_ALL}/{{review}}/events", submit, "read", _SCOPE, content=True),
    Route("PUT", f"{_ALL}/{{review}}/dismissals", dismiss, "write", _SCOPE),
]
