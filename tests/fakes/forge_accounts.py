"""The part of the forge in memory that knows its accounts: what they may, where they belong, what they are called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Accounts:
    """``permissions`` are a login's: admin, write, read; ``members`` of the organisation, None where it cannot be told;
    ``logins`` are accounts by their number, as they are called now."""

    permissions: dict[str, str] = field(default_factory=dict)
    members: set[str] | None = None
    logins: dict[int, str] = field(default_factory=dict)

    def may_write(self: Any, login: str) -> bool:
        self._answer()
        return self.permissions.get(login) in {"admin", "maintain", "write"}

    def is_member(self: Any, login: str) -> bool | None:
        self._answer()
        return None if self.members is None else login in self.members

    def login_of(self: Any, account: int) -> str | None:
        self._answer()
        found: str | None = self.logins.get(account)
        return found
