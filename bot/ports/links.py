"""Linked accounts: which Slack user is which account of the forge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.people import Person


@dataclass(frozen=True)
class LinkedAccount:
    """A GitHub account that a Slack user linked. ``token`` is the person's own; it never reaches a log or a card.

    ``account`` is the account's number, which a rename does not change; 0 where it is not known. ``expires_at`` and
    ``refresh_expires_at`` are in seconds since the epoch, None for a token that has no end. ``confirmed`` is False for
    a link by the device flow until a role confirms it: until then it stands for nobody.
    """

    person: Person
    login: str
    token: str
    account: int = 0
    refresh_token: str | None = None
    expires_at: float | None = None
    refresh_expires_at: float | None = None
    confirmed: bool = True

    def __repr__(self) -> str:
        return f"LinkedAccount({self.person}, {self.login})"


class Links(Protocol):
    """Linked accounts; tokens are encrypted at rest. Links that are not confirmed are not told of."""

    def of(self, person: Person) -> LinkedAccount | None: ...

    def login_of(self, person: Person) -> str | None:
        """The linked account's name, without opening its token."""
        ...

    def account_of(self, person: Person) -> int | None:
        """The linked account's number, without opening its token; None where none is linked, 0 where it is unknown."""
        ...

    def by_login(self, login: str, account: int = 0) -> Person | None:
        """Whose account it is: by its number where both know it, else by its name."""
        ...

    def by_user(self, user: str) -> Person | None:
        """The linked person with this Slack user id; None where there is none, or one in each of several workspaces."""
        ...

    def save(self, account: LinkedAccount) -> None:
        """Insert or replace by person. Raises Refused(NOT_ALLOWED) when another person has linked this account."""
        ...
