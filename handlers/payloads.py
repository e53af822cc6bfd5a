"""Who and where, out of Slack's payloads (https://docs.slack.dev/reference/interaction-payloads)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.commands import Origin
from bot.domain.people import Person

Body = Mapping[str, Any]


def asker_of_command(body: Body) -> Person:
    """Who typed a slash command."""
    return Person(team=str(body.get("enterprise_id") or body.get("team_id") or ""), user=str(body["user_id"]))


def asker_of_action(body: Body) -> Person:
    """Who clicked or submitted. Somebody of another workspace (Slack Connect) is known by their own, never by ours."""
    user = _part(body, "user")
    home, here = str(user.get("team_id") or ""), str(_part(body, "team").get("id") or "")
    enterprise = _part(body, "enterprise").get("id")
    team = home if home and here and home != here else enterprise or here or home
    return Person(team=str(team), user=str(user.get("id", "")))


def origin_of_command(body: Body) -> Origin:
    """Where the answer to a slash command goes."""
    return Origin(channel=str(body.get("channel_id", "")), response_url=body.get("response_url"))


def origin_of_action(body: Body) -> Origin:
    """Where the answer to a click goes; a click in a modal has no channel, so the answer is a direct message."""
    container = _part(body, "container")
    channel = _part(body, "channel").get("id") or container.get("channel_id") or ""
    return Origin(channel=str(channel), thread_ts=container.get("thread_ts"), response_url=body.get("response_url"))


def delivery_of(body: Body) -> str:
    """The delivery key: one trigger is one click, however often it arrives."""
    return f"slack:trigger:{body.get('trigger_id', '')}"


def value_of(text: object) -> dict[str, str]:
    """A button's or view's JSON value; empty when it is not one of ours."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)}


def fields_of(view: Body) -> dict[str, str]:
    """The submitted values by field name, whatever kind of input each was."""
    found: dict[str, str] = {}
    for actions in _part(_part(view, "state"), "values").values():
        for name, state in actions.items() if isinstance(actions, Mapping) else ():
            chosen = state.get("selected_option") or {}
            said = str(state.get("value") or chosen.get("value") or "")
            found[str(name)] = said.encode(errors="replace").decode().strip()
    return found


def _part(body: Body, name: str) -> Body:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}
