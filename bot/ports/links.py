"""Linked accounts: which Slack user is which account of the forge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.audit import AuditEntry
from bot.domain.commands import Command
from bot.domain.people import Person

Follow = tuple[str, Command]
"""A row of the inbox, by its key, that comes of an effect and is written with it."""


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


@dataclass(frozen=True)
class LinkLine:
    """One link without its token. ``member``: the account was seen to be of the organisation."""

    person: Person
    login: str
    account: int
    confirmed: bool = True
    member: bool = False


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

    def people_of(self, login: str, account: int = 0) -> frozenset[Person]:
        """Everybody for whom this account ever stood, today or before: told by number where both are known, else by
        name. Who unlinks an account is still the human behind it, so this can only take rights away."""
        ...

    def by_user(self, user: str) -> Person | None:
        """The linked person with this Slack user id; None where there is none, or one in each of several workspaces."""
        ...

    def save(self, account: LinkedAccount, *audit: AuditEntry, follow: Sequence[Follow] = ()) -> None:
        """Insert or replace by person, with the rows of ``audit`` and the ``follow`` rows of the inbox, all or none.

        A token that is replaced is put down for revocation, with the row that sees to it. A link that waits for its
        confirmation gives way to one that does not. Raises Refused(NOT_ALLOWED) when another person has linked this
        account.
        """
        ...

    def remove(self, person: Person, *audit: AuditEntry, follow: Sequence[Follow] = ()) -> LinkLine | None:
        """Take the link away, confirmed or not, and put its token down for revocation; what it was. Without one only
        the ``follow`` rows are written."""
        ...

    def waiting(self, person: Person) -> LinkLine | None:
        """The person's link that nobody has confirmed yet."""
        ...

    def confirm(self, person: Person, login: str, *audit: AuditEntry) -> bool:
        """From now on the link to this account stands; False when it does not wait, or another one does by now."""
        ...

    def everyone(self) -> list[LinkLine]:
        """Every link, confirmed or not, by person."""
        ...

    def seen(self, person: Person, login: str, *, account: int = 0, member: bool | None = None) -> None:
        """The account of this number has this name now; ``member`` None leaves what is known of that. A link that has
        no number yet learns it; one that is to another account by now is left alone. Raises Refused(NOT_ALLOWED) when
        somebody else has that account."""
        ...


class LinkTokens(Protocol):
    """The tokens of linked accounts over time. A refresh token can be used once: whoever uses it holds the lease."""

    def lease(self, person: Person, lease: str, until: float) -> LinkedAccount | None:
        """Take the lease and read the account as it is then; None when somebody has it, or there is nothing to lease.
        Until then a lease is not taken over: whoever had it may have used the token up."""
        ...

    def give_back(self, lease: str, account: LinkedAccount | None = None) -> bool:
        """End the lease, with the new tokens where there are some; False when it ended before."""
        ...

    def expire(self, now: float) -> int:
        """Whose lease ran out in the middle of a refresh must link again; how many."""
        ...

    def bury(self, person: Person, token: str) -> bool:
        """The forge does not take this token any more: the account still is that person's, but cannot act."""
        ...

    def revocation(self, ident: str) -> LinkedAccount | None:
        """A token that is to be revoked."""
        ...

    def keep_revocation(self, ident: str, account: LinkedAccount) -> None:
        """The same with other tokens."""
        ...

    def revoked(self, ident: str) -> None:
        """It is done, or cannot be."""
        ...
