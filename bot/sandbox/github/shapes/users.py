"""Accounts as GitHub shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.sandbox.github.shapes.base import api, html, node_id

if TYPE_CHECKING:
    from bot.sandbox.github.config import Account
    from bot.sandbox.github.forge import Forge
    from bot.sandbox.github.store import Doc

_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def user(forge: Forge, login: str) -> Doc:
    """The short form, by login; an organisation has its own type, an unknown login is the ghost."""
    org = forge.people.org(login)
    if org:
        return _short(forge, org.login, org.id, "Organization")
    account = forge.people.account(login)
    if account is None:
        return _short(forge, "ghost", 10137, "User")
    return _short(forge, forge.people.display(account.login), account.id, account.kind)


def full_user(forge: Forge, account: Account) -> Doc:
    """The long form of /users/{login} and /user."""
    details = {
        "name": account.name or None,
        "company": None,
        "blog": "",
        "location": None,
        "email": account.email or None,
    }
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    dates = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z"}
    return {**user(forge, account.login), **details, "hireable": None, "bio": None, **counts, **dates}


def _short(forge: Forge, login: str, number: int, kind: str) -> Doc:
    url = api(forge, f"users/{quote(login)}")
    return {
        "login": login,
        "id": number,
        "node_id": node_id("User", number),
        "avatar_url": html(forge, f"avatars/{number}.png"),
        "gravatar_id": "",
        "url": url,
        "html_url": html(forge, f"apps/{login[:-5]}" if kind == "Bot" else login),
        **{name: url + tail for name, tail in _LINKS.items()},
        "type": kind,
        "site_admin": False,
    }
