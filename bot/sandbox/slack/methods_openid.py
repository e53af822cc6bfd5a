"""openid.connect.token and openid.connect.userInfo"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.method import Method
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.shapes import email

Out = dict[str, Any]


def token(s: Services, args: Args) -> Out:
    """openid.connect.token"""
    return s.openid.exchange(args)


def user_info(s: Services, args: Args) -> Out:
    """openid.connect.userInfo: of the person whose token it is; the scopes profile and email say more."""
    holder = s.openid.holder(args.get("token"))
    if holder is None:
        raise SlackError("invalid_auth")
    user, scopes = s.directory.user(holder["user"]), holder["scope"].replace(",", " ").split()
    out = s.openid.claims(user.id)
    if "profile" in scopes:
        out |= {"name": user.real_name, "given_name": user.real_name.partition(" ")[0], "locale": "en-US"}
    if "email" in scopes:
        out |= {"email": email(s.config, user), "email_verified": True}
    return out


METHODS = (
    Method("openid.connect.token", token, 5, ("code",), auth="none"),
    Method("openid.connect.userInfo", user_info, 4, auth="person"),
)
