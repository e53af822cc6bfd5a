"""Secrets at rest. A token is sealed together with whose it is, so that a swapped or copied row opens for nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Row as SqlRow

from bot.domain.people import Person
from bot.errors import Reason, Refused
from bot.ports.links import LinkedAccount


class Sealer:
    """``keys`` are Fernet keys (https://cryptography.io/en/latest/fernet/): the first seals, all open."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._box = MultiFernet([Fernet(key) for key in keys])

    def seal(self, account: LinkedAccount) -> str:
        """The account's tokens, and whose they are."""
        whose = [account.person.team, account.person.user, account.login, account.account]
        ends = [account.expires_at, account.refresh_expires_at]
        return self.seal_text(json.dumps([whose, account.token, account.refresh_token, *ends]))

    def open(self, row: SqlRow[Any]) -> LinkedAccount:
        """What a row of links or revocations holds. Raises Refused(NOT_LINKED) when no key opens it, or when it was
        sealed for somebody else."""
        found = self._found(row.sealed)
        if found is None or found[0] not in ([row.team, row.user, row.login, row.account], _unnumbered(row)):
            raise Refused(
                Reason.NOT_LINKED,
                f"The stored GitHub token of {row.login} cannot be opened with the keys that the bot has.",
                "Link the account again, or put the key back that sealed it.",
            )
        _, token, refresh, expires, refresh_expires = found
        return LinkedAccount(
            Person(team=row.team, user=row.user),
            row.login,
            str(token),
            account=row.account,
            refresh_token=refresh,
            expires_at=expires,
            refresh_expires_at=refresh_expires,
            confirmed=bool(getattr(row, "confirmed", True)),
        )

    def seal_text(self, text: str) -> str:
        """Any text."""
        return self._box.encrypt(text.encode()).decode()

    def open_text(self, sealed: str) -> str | None:
        """The text; None when no key opens it."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def again(self, sealed: str) -> str | None:
        """The same under the first key; None when no key opens it."""
        try:
            return self._box.rotate(sealed).decode()
        except InvalidToken:
            return None

    def _found(self, sealed: str) -> list[Any] | None:
        text = self.open_text(sealed)
        found = None if text is None else json.loads(text)
        if isinstance(found, list) and len(found) == 4:  # as the first releases sealed them
            return [found[:3], found[3], None, None, None]
        return found if isinstance(found, list) and len(found) == 5 else None


def _unnumbered(row: SqlRow[Any]) -> list[Any] | None:
    """How the first releases said whose a token is. It names no number, so it must not open a row that has one."""
    return [row.team, row.user, row.login] if row.account == 0 else None
