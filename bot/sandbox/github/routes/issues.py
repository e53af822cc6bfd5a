"""Labels and comments; a pull request is an issue here."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github import labels, pulls
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import api, node_id
from bot.sandbox.github.shapes.pulls import comment_shape, issue_shape, label_shape, labels_of
from bot.sandbox.github.shapes.users import user
from bot.sandbox.github.store import Doc


def issue(ctx: Ctx) -> Reply:
    """GET issues/{n}."""
    return Reply(issue_shape(ctx.forge, ctx.repo, _pull(ctx)))


def edit_issue(ctx: Ctx) -> Reply:
    """PATCH issues/{n}: title, body, state and labels."""
    fields: Doc = {key: ctx.fields[key] for key in ("title", "body", "state") if key in ctx.fields}
    pulls.update(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, fields)
    if "labels" in ctx.fields:
        names = [one["name"] if isinstance(one, dict) else one for one in ctx.fields["labels"]]
        labels.replace(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, names)
    return issue(ctx)


def issue_labels(ctx: Ctx) -> Reply:
    """GET issues/{n}/labels."""
    return ctx.page(labels_of(ctx.forge, ctx.repo, _pull(ctx)), lambda label: label)


def add_labels(ctx: Ctx) -> Reply:
    """POST issues/{n}/labels."""
    pull = labels.add(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, _names(ctx))
    return Reply(labels_of(ctx.forge, ctx.repo, pull))


def set_labels(ctx: Ctx) -> Reply:
    """PUT issues/{n}/labels."""
    pull = labels.replace(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, _names(ctx))
    return Reply(labels_of(ctx.forge, ctx.repo, pull))


def clear_labels(ctx: Ctx) -> Reply:
    """DELETE issues/{n}/labels."""
    labels.replace(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, [])
    return Reply(status=204)


def remove_label(ctx: Ctx) -> Reply:
    """DELETE issues/{n}/labels/{name}."""
    pull = labels.remove(ctx.forge, ctx.repo, ctx.number("number"), ctx.actor.login, ctx.params["name"])
    return Reply(labels_of(ctx.forge, ctx.repo, pull))


def comments(ctx: Ctx) -> Reply:
    """GET issues/{n}/comments."""
    number = _pull(ctx)["number"]
    found = ctx.forge.store.comments(ctx.repo.full_name, number).all()
    return ctx.page(found, lambda comment: comment_shape(ctx.forge, ctx.repo, number, comment))


def comment(ctx: Ctx) -> Reply:
    """POST issues/{n}/comments."""
    number = ctx.number("number")
    doc = labels.comment(ctx.forge, ctx.repo, number, ctx.actor.login, ctx.fields.get("body"))
    return Reply(comment_shape(ctx.forge, ctx.repo, number, doc), 201)


def one_comment(ctx: Ctx) -> Reply:
    """GET issues/comments/{id}."""
    number, doc = labels.find_comment(ctx.forge, ctx.repo, ctx.number("id"))
    return Reply(comment_shape(ctx.forge, ctx.repo, number, doc))


def edit_comment(ctx: Ctx) -> Reply:
    """PATCH issues/comments/{id}: its author's."""
    _own(ctx)
    body = ctx.fields.get("body")
    if not isinstance(body, str) or not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    number, doc = labels.change_comment(ctx.forge, ctx.repo, ctx.number("id"), ctx.actor.login, body)
    return Reply(comment_shape(ctx.forge, ctx.repo, number, doc))


def delete_comment(ctx: Ctx) -> Reply:
    """DELETE issues/comments/{id}: its author's."""
    _own(ctx)
    labels.change_comment(ctx.forge, ctx.repo, ctx.number("id"), ctx.actor.login, None)
    return Reply(status=204)


def repo_labels(ctx: Ctx) -> Reply:
    """GET labels."""
    found = sorted(ctx.forge.store.labels(ctx.repo.full_name).all(), key=lambda label: str(label["name"]))
    return ctx.page(found, lambda label: label_shape(ctx.forge, ctx.repo, label))


def create_label(ctx: Ctx) -> Reply:
    """POST labels."""
    return Reply(label_shape(ctx.forge, ctx.repo, labels.create_label(ctx.forge, ctx.repo, ctx.fields)), 201)


def label(ctx: Ctx) -> Reply:
    """GET labels/{name}."""
    found = ctx.forge.store.labels(ctx.repo.full_name).get(ctx.params["name"].lower())
    if found is None:
        raise not_found()
    return Reply(label_shape(ctx.forge, ctx.repo, found))


def _pull(ctx: Ctx) -> Doc:
    return pulls.find(ctx.forge, ctx.repo, ctx.number("number"))


def _own(ctx: Ctx) -> None:
    doc = labels.find_comment(ctx.forge, ctx.repo, ctx.number("id"))[1]
    have = ctx.forge.people.allowed(ctx.actor, ctx.repo.full_name)
    if doc["user"] != ctx.actor.login and not ctx.forge.people.at_least(have, "write"):
        raise ApiError(403, "Must have admin rights to Repository.")


def events(ctx: Ctx) -> Reply:
    """GET issues/{n}/events, oldest first: of all kinds that there are, the reviews that were dismissed."""
    _pull(ctx)
    every = ctx.forge.store.events(ctx.repo.full_name, ctx.number("number")).all()
    return ctx.page([one for one in every if one["event"] == "review_dismissed"], lambda one: _event(ctx, one))


def _event(ctx: Ctx, event: Doc) -> Doc:
    """https://docs.github.com/rest/using-the-rest-api/issue-event-types#review_dismissed"""
    by_push = {"dismissal_commit_id": event["commit"]} if event.get("commit") else {}
    review = {"state": str(event.get("was", "approved")).lower(), "review_id": event["review_id"]}
    return {
        "id": event["id"],
        "node_id": node_id("ReviewDismissedEvent", event["id"]),
        "url": api(ctx.forge, f"repos/{ctx.repo.full_name}/issues/events/{event['id']}"),
        "actor": user(ctx.forge, event["actor"]),
        "event": event["event"],
        "commit_id": None,
        "commit_url": None,
        "created_at": event["created_at"],
        "dismissed_review": {**review, "dismissal_message": event["message"] or None, **by_push},
    }


def _names(ctx: Ctx) -> list[str]:
    given: Any = ctx.body.get("labels") if isinstance(ctx.body, dict) else ctx.body
    if not isinstance(given, list):
        raise invalid("Label", "labels")
    return [str(one.get("name") if isinstance(one, dict) else one) for one in given]


_ONE, _SCOPE = f"{REPO}/issues/{{number}}", "pull_requests"
ROUTES = [
    Route("GET", f"{REPO}/labels", repo_labels, "read", _SCOPE),
    Route("POST", f"{REPO}/labels", create_label, "write", _SCOPE),
    Route("GET", f"{REPO}/labels/{{name+}}", label, "read", _SCOPE),
    Route("GET", f"{REPO}/issues/comments/{{id}}", one_comment, "read", _SCOPE),
    Route("PATCH", f"{REPO}/issues/comments/{{id}}", edit_comment, "read", _SCOPE),
    Route("DELETE", f"{REPO}/issues/comments/{{id}}", delete_comment, "read", _SCOPE),
    Route("GET", _ONE, issue, "read", _SCOPE),
    Route("PATCH", _ONE, edit_issue, "write", _SCOPE),
    Route("GET", f"{_ONE}/labels", issue_labels, "read", _SCOPE),
    Route("POST", f"{_ONE}/labels", add_labels, "write", _SCOPE),
    Route("PUT", f"{_ONE}/labels", set_labels, "write", _SCOPE),
    Route("DELETE", f"{_ONE}/labels", clear_labels, "write", _SCOPE),
    Route("DELETE", f"{_ONE}/labels/{{name+}}", remove_label, "write", _SCOPE),
    Route("GET", f"{_ONE}/events", events, "read", _SCOPE),
    Route("GET", f"{_ONE}/comments", comments, "read", _SCOPE),
    Route("POST", f"{_ONE}/comments", comment, "read", _SCOPE, content=True),
]
