"""views.*"""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.slack.arguments import Args, structure
from bot.sandbox.slack.blockkit import view_faults
from bot.sandbox.slack.content import invalid
from bot.sandbox.slack.method import Method
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.views import wire_view

Out = dict[str, Any]
VIEW_BYTES = 250_000


def checked_view(view: Any, kind: str) -> Out:
    """A sound view of this type. Raises SlackError invalid_arguments with pointers, or view_too_large."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", "[ERROR] must provide an object [json-pointer:/view]")
    if view.get("type") != kind:
        raise SlackError("invalid_arguments", f"[ERROR] value must be one of: {kind} [json-pointer:/view/type]")
    if faults := view_faults(view):
        raise invalid("invalid_arguments", faults)
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return view


def payload(args: Args, kind: str = "modal") -> Out:
    """The view argument."""
    return checked_view(structure(args, "view", "invalid_arguments"), kind)


def trigger_of(args: Args) -> str | None:
    """The trigger, under either of its names. Raises SlackError invalid_arguments."""
    key = args.get("trigger_id") or args.get("interactivity_pointer")
    if not key:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: trigger_id")
    return str(key)


def open_view(s: Services, args: Args) -> Out:
    """views.open"""
    view = payload(args)
    trigger = s.triggers.exchange(trigger_of(args))
    return {"view": wire_view(s.views.open(trigger.user, view))}


def push_view(s: Services, args: Args) -> Out:
    """views.push: only on a trigger that came from inside an open modal."""
    view = payload(args)
    trigger = s.triggers.exchange(trigger_of(args))
    if not any(v["id"] == trigger.view_id for v in s.views.stack(trigger.user)):
        raise SlackError("not_found")
    return {"view": wire_view(s.views.push(trigger.user, view))}


def update_view(s: Services, args: Args) -> Out:
    """views.update"""
    if not args.get("view_id") and not args.get("external_id"):
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view_id")
    key = str(args.get("view_id") or "")
    view = s.views.get(key) if key else s.views.by_external_id(str(args["external_id"]))
    if view is None:
        raise SlackError("not_found")
    fresh = payload(args, view["type"])
    return {"view": wire_view(s.views.replace(view, fresh, expected(args)))}


def publish_view(s: Services, args: Args) -> Out:
    """views.publish"""
    user = str(args["user_id"])
    if user not in s.directory.users:
        raise SlackError("invalid_arguments", "[ERROR] invalid `user_id` [json-pointer:/user_id]")
    view, old = payload(args, "home"), s.views.home(user)
    if old and expected(args) not in (None, old["hash"]):
        raise SlackError("hash_conflict")
    return {"view": wire_view(s.views.publish(user, view))}


def expected(args: Args) -> str | None:
    """The hash that the caller believes to be the present one."""
    return str(args["hash"]) if args.get("hash") else None


METHODS = (
    Method("views.open", open_view, 4, ("view",)),
    Method("views.push", push_view, 4, ("view",)),
    Method("views.update", update_view, 4, ("view",)),
    Method("views.publish", publish_view, 4, ("user_id", "view")),
)
