"""Who is who in a policy test: Slack without Slack, GitHub without GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from bot.domain.branch_rules import BranchRules
from bot.domain.people import Person, Standing
from bot.errors import Fatal

TEAM = "T0TEST"


class GivenPeople:
    """Who is who, as the file says: Slack, GitHub and the links between them."""

    def __init__(self, people: Mapping[str, str], groups: Mapping[str, tuple[str, ...]], native: int = 0) -> None:
        self._native = native
        self._users = {login.casefold(): user for login, user in people.items()}
        self._logins = {user: login for login, user in people.items()}
        self._groups = {name.casefold(): members for name, members in groups.items()}

    def team(self) -> str:
        """One workspace."""
        return TEAM

    def user_group(self, group: str) -> frozenset[str]:
        """User ids; nobody where the file does not name the group."""
        members = self._groups.get(f"slack:{group}".casefold(), ())
        return frozenset(self._users.get(one.casefold(), one) for one in members)

    def member(self, person: Person) -> Standing:  # noqa: ARG002
        """A review says what its author is; everybody else is a member."""
        return Standing.MEMBER

    def team_members(self, organisation: str, team: str) -> frozenset[str]:
        """Logins; nobody where the file does not name the team."""
        return frozenset(self._groups.get(f"github:{organisation}/{team}".casefold(), ()))

    def rules(self) -> BranchRules:
        """How many reviews the forge demands itself."""
        return BranchRules(reviews=self._native)

    def login_of(self, person: Person) -> str | None:
        """The linked account."""
        return self._logins.get(person.user)

    def account_of(self, person: Person) -> int | None:
        """Accounts have no numbers here: 0 is one that is not known."""
        return None if self.login_of(person) is None else 0

    def by_login(self, login: str, account: int = 0) -> Person | None:  # noqa: ARG002
        """The linked Slack user."""
        user = self._users.get(login.casefold())
        return Person(team=TEAM, user=user) if user else None

    def people_of(self, login: str, account: int = 0) -> frozenset[Person]:
        """The linked Slack user: nobody ever had another account."""
        person = self.by_login(login, account)
        return frozenset({person} if person else ())

    def get(self, change_id: str) -> None:  # noqa: ARG002
        """No other change is known."""
        return

    def in_debt(self, model: str) -> tuple[()]:  # noqa: ARG002
        """Nobody broke the glass."""
        return ()

    def __getattr__(self, name: str) -> NoReturn:
        raise Fatal(f"A policy test gives nothing that answers {name}.")


class At:
    """A clock that stands still."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        """In seconds since the epoch."""
        return self._now
