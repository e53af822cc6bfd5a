"""auth.*, api.test, team.*, bots.*, users.*, usergroups.* and apps.connections.open"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.arguments import Args, flag
from bot.sandbox.slack.method import Method
from bot.sandbox.slack.paging import page
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.shapes import bot_wire, email, user_wire

Out = dict[str, Any]


def api_test(_s: Services, args: Args) -> Out:
    """api.test: echoes, and fails when asked to."""
    if args.get("error"):
        raise SlackError(str(args["error"]), extra={"args": args})
    return {"args": args}


def auth_test(s: Services, _args: Args) -> Out:
    """auth.test"""
    c = s.config
    ids = {"team_id": c.team_id, "user_id": c.bot_user_id, "bot_id": c.bot_id, "app_id": c.app_id}
    return {"url": f"{c.base_url}/", "team": c.team_name, "user": c.bot_name, **ids, "is_enterprise_install": False}


def team_info(s: Services, args: Args) -> Out:
    """team.info"""
    c = s.config
    if args.get("team") not in (None, c.team_id):
        raise SlackError("team_not_found")
    return {
        "team": {"id": c.team_id, "name": c.team_name, "domain": c.team_domain, "url": f"{c.base_url}/", "icon": {}}
    }


def bots_info(s: Services, args: Args) -> Out:
    """bots.info"""
    c = s.config
    if args.get("bot") not in (None, c.bot_id):
        raise SlackError("bot_not_found")
    ids = {"id": c.bot_id, "app_id": c.app_id, "user_id": c.bot_user_id, "name": c.bot_name}
    return {"bot": {**ids, "deleted": False, "updated": 0, "icons": {}}}


def users_info(s: Services, args: Args) -> Out:
    """users.info"""
    if args["user"] == s.config.bot_user_id:
        return {"user": bot_wire(s.config)}
    if args["user"] not in s.directory.users:
        raise SlackError("user_not_found")
    return {"user": user_wire(s.config, s.directory.user(args["user"]))}


def users_list(s: Services, args: Args) -> Out:
    """users.list"""
    everyone = [*(user_wire(s.config, u) for u in s.directory.users.values()), bot_wire(s.config)]
    found, more = page(everyone, args, default=1000, most=1000)
    return {"members": found, "cache_ts": 0, **more}


def lookup(s: Services, args: Args) -> Out:
    """users.lookupByEmail"""
    wanted = str(args["email"]).lower()
    found = next((u for u in s.directory.users.values() if email(s.config, u).lower() == wanted), None)
    if found is None:
        raise SlackError("users_not_found")
    return {"user": user_wire(s.config, found)}


def groups(s: Services, args: Args) -> Out:
    """usergroups.list"""
    out = []
    for key, handle, members in s.config.usergroups:
        group: Out = {"id": key, "team_id": s.config.team_id, "is_usergroup": True, "name": handle, "handle": handle}
        group |= {"description": "", "date_delete": 0, "prefs": {"channels": [], "groups": []}}
        group |= {"users": list(members)} if flag(args, "include_users") else {}
        out.append({**group, **({"user_count": len(members)} if flag(args, "include_count") else {})})
    return {"usergroups": out}


def group_users(s: Services, args: Args) -> Out:
    """usergroups.users.list"""
    members = next((m for key, _, m in s.config.usergroups if key == args["usergroup"]), None)
    if members is None:
        raise SlackError("no_such_subteam")
    return {"users": list(members)}


def connect(s: Services, _args: Args) -> Out:
    """apps.connections.open"""
    return {"url": s.sockets.url()}


METHODS = (
    Method("api.test", api_test, 4, auth="none"),
    Method("auth.test", auth_test, 5, auth="any"),
    Method("team.info", team_info, 3),
    Method("bots.info", bots_info, 3, json=False),
    Method("users.info", users_info, 4, ("user",), json=False),
    Method("users.list", users_list, 2, json=False),
    Method("users.lookupByEmail", lookup, 3, ("email",), json=False),
    Method("usergroups.list", groups, 2, json=False),
    Method("usergroups.users.list", group_users, 2, ("usergroup",), json=False),
    Method("apps.connections.open", connect, 3, auth="app"),
)
