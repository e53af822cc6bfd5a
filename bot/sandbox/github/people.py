"""Accounts, permissions, organisations and teams; what was changed at run time is durable."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.auth import Actor
from bot.sandbox.github.config import Account, GitHubConfig, Org, Permission, Team
from bot.sandbox.github.objects import Identity
from bot.sandbox.state import State

ACTIONS = Account("github-actions[bot]", 41898282, "GitHub Actions", kind="Bot")
ACTIONS_APP_ID = 15368
WEB_FLOW = ("GitHub", "noreply@github.com")
_RANK = {"none": 0, "read": 1, "write": 2, "admin": 3}


class People:
    """Who exists and who may do what."""

    def __init__(self, state: State, config: GitHubConfig) -> None:
        self._state, self._config = state, config
        bots = [Account(app.login, 100_000_000 + app.app_id, app.slug, kind="Bot") for app in config.apps]
        known = [ACTIONS, *bots, *config.accounts]
        self._accounts = {account.login.lower(): account for account in known}
        self._by_id = {account.id: account for account in known}
        self._by_mail = {account.address.lower(): account for account in known}

    def account(self, login: str) -> Account | None:
        """An account by its login, letters' case ignored."""
        return self._accounts.get(login.lower())

    def by_id(self, number: int) -> Account | None:
        """An account by its number, which a rename does not change."""
        return self._by_id.get(number)

    def rename(self, login: str, name: str) -> None:
        """Give an account another name. Raises ValueError for a name that somebody has.

        Inside the forge an account stays known by the login that it had at the start; what it shows is the new one.
        """
        if self.account(login) is None or self.canonical(name):
            raise ValueError(f"{login} cannot be renamed to {name}")
        self._state.put("github:renames", login, name)

    def display(self, login: str) -> str:
        """The name that an account goes by now."""
        return str(self._state.get("github:renames", login) or login)

    def canonical(self, name: str) -> str:
        """The login at the start of whoever has this name now; "" for a name that nobody has."""
        renamed: dict[str, str] = dict(self._state.items("github:renames"))
        taken = next((login for login, now in renamed.items() if now.lower() == name.lower()), None)
        if taken:
            return taken
        account = self.account(name)
        return account.login if account and account.login not in renamed else ""

    def by_email(self, email: str) -> Account | None:
        """The account whose commits carry this address."""
        return self._by_mail.get(email.lower())

    def identity(self, login: str, when: int) -> Identity:
        """How an account signs commits."""
        account = self.account(login)
        return (
            Identity(account.name or account.login, account.address, when) if account else Identity(login, login, when)
        )

    def set_permission(self, full_name: str, login: str, permission: Permission) -> None:
        """Grant or take away what an account may do."""
        granted = self._state.get("github:permissions", full_name) or {}
        self._state.put("github:permissions", full_name, {**granted, login: permission})

    def permission(self, full_name: str, login: str) -> str:
        """admin, write, read or none: as collaborator, or as an installed App."""
        changed = (self._state.get("github:permissions", full_name) or {}).get(login)
        if changed:
            return str(changed)
        for grant in self._config.collaborators:
            if (grant.full_name, grant.login) == (full_name, login):
                return grant.permission
        installed = any(app.login == login and full_name in app.repos for app in self._config.apps)
        return "write" if installed or login == ACTIONS.login else "none"

    def allowed(self, actor: Actor, full_name: str) -> str:
        """What the caller may do, its token's own limits included."""
        if not actor.known or actor.as_app:
            return "none"
        if actor.repos is not None and full_name not in actor.repos:
            return "none"
        return self.permission(full_name, actor.login)

    def at_least(self, have: str, need: str) -> bool:
        """Whether a permission reaches another."""
        return _RANK[have] >= _RANK[need]

    def collaborators(self, full_name: str) -> list[str]:
        """Logins that can at least read."""
        logins = [account.login for account in self._accounts.values()]
        return [login for login in logins if self.permission(full_name, login) != "none"]

    def org(self, login: str) -> Org | None:
        """An organisation."""
        return next((org for org in self._config.orgs if org.login.lower() == login.lower()), None)

    def team(self, org: Org, slug: str) -> Team | None:
        """A team with its members of today."""
        team = next((team for team in org.teams if team.slug == slug), None)
        members = self._state.get("github:teams", f"{org.login}/{slug}")
        return Team(team.slug, team.name, tuple(members), team.id) if team and members is not None else team

    def set_team(self, org: str, slug: str, members: list[str]) -> None:
        """Replace a team's members."""
        self._state.put("github:teams", f"{org}/{slug}", members)

    def set_member(self, org: str, login: str, member: bool) -> None:
        """Let somebody join or leave an organisation."""
        left: list[Any] = self._state.get("github:left", org) or []
        kept = [one for one in left if one != login]
        self._state.put("github:left", org, kept if member else [*kept, login])

    def members(self, org: Org) -> list[str]:
        """Logins of an organisation, its teams' members included."""
        left = self._state.get("github:left", org.login) or []
        teams = [login for team in org.teams for login in (self.team(org, team.slug) or team).members]
        return [login for login in dict.fromkeys([*org.members, *teams]) if login not in left]
