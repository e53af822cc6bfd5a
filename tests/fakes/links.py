"""Linked accounts in memory, and their tokens over time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.audit import AuditEntry
from bot.domain.commands import Command, RevokeToken
from bot.domain.people import Person
from bot.errors import Reason, Refused
from bot.ports.inbox import Inbox
from bot.ports.links import Follow, LinkedAccount, LinkLine
from tests.fakes.audit import FakeAudit


@dataclass
class Held:
    """One link as it is kept."""

    account: LinkedAccount
    dead: bool = False
    member: bool = False
    lease: str | None = None
    until: float = 0.0

    @property
    def line(self) -> LinkLine:
        one = self.account
        return LinkLine(one.person, one.login, one.account, one.confirmed, self.member)


class FakeLinks:
    """The ports Links and LinkTokens. ``inbox`` takes the rows that follow, where there is one."""

    def __init__(self, *accounts: LinkedAccount) -> None:
        self.accounts: dict[Person, Held] = {}
        self.revocations: dict[str, LinkedAccount] = {}
        self.ever: list[tuple[Person, str, int]] = []
        self.audit = FakeAudit()
        self.inbox: Inbox | None = None
        self._lock, self._count = threading.RLock(), 0
        for account in accounts:
            self.save(account)

    def of(self, person: Person) -> LinkedAccount | None:
        held = self.accounts.get(person)
        return held.account if held and held.account.confirmed and not held.dead else None

    def login_of(self, person: Person) -> str | None:
        held = self.accounts.get(person)
        return held.account.login if held and held.account.confirmed else None

    def account_of(self, person: Person) -> int | None:
        held = self.accounts.get(person)
        return held.account.account if held and held.account.confirmed else None

    def by_login(self, login: str, account: int = 0) -> Person | None:
        found = [h.account for h in self.accounts.values() if h.account.confirmed and _is(h.account, login, account)]
        return found[0].person if found else None

    def people_of(self, login: str, account: int = 0) -> frozenset[Person]:
        named = login.casefold()
        return frozenset(
            person for person, name, number in self.ever if (number == account if number and account else name == named)
        )

    def by_user(self, user: str) -> Person | None:
        found = [person for person, held in self.accounts.items() if person.user == user and held.account.confirmed]
        return found[0] if len(found) == 1 else None

    def save(self, account: LinkedAccount, *audit: AuditEntry, follow: Sequence[Follow] = ()) -> None:
        with self._lock:
            others = [h for p, h in self.accounts.items() if p != account.person]
            for other in [h for h in others if _is(h.account, account.login, account.account)]:
                if other.account.confirmed or not account.confirmed:
                    raise Refused(
                        Reason.NOT_ALLOWED, f"The GitHub account {account.login} is linked by another Slack user."
                    )
                del self.accounts[other.account.person]
            old = self.accounts.get(account.person)
            if old is not None and old.account.token != account.token:
                self._revoke(old.account)
            self.accounts[account.person] = Held(account)
            self._remember(account)
            self._with(audit, follow)

    def remove(self, person: Person, *audit: AuditEntry, follow: Sequence[Follow] = ()) -> LinkLine | None:
        with self._lock:
            old = self.accounts.pop(person, None)
            if old is not None:
                self._revoke(old.account)
            self._with(audit if old else (), follow)
            return old.line if old else None

    def waiting(self, person: Person) -> LinkLine | None:
        held = self.accounts.get(person)
        return held.line if held and not held.account.confirmed else None

    def confirm(self, person: Person, login: str, *audit: AuditEntry) -> bool:
        with self._lock:
            held = self.accounts.get(person)
            if held is None or held.account.confirmed or held.account.login != login:
                return False
            held.account = replace(held.account, confirmed=True)
            self._remember(held.account)
            self._with(audit, ())
            return True

    def everyone(self) -> list[LinkLine]:
        return sorted((held.line for held in self.accounts.values()), key=lambda line: str(line.person))

    def seen(self, person: Person, login: str, *, account: int = 0, member: bool | None = None) -> None:
        held = self.accounts.get(person)
        if held is not None and not (account and held.account.account not in (0, account)):
            held.account = replace(held.account, login=login, account=account or held.account.account)
            self._remember(held.account)
            held.member = held.member if member is None else member

    def lease(self, person: Person, lease: str, until: float) -> LinkedAccount | None:
        with self._lock:
            held = self.accounts.get(person)
            if held is None or held.lease is not None or held.dead or not held.account.confirmed:
                return None
            held.lease, held.until = lease, until
            return held.account

    def give_back(self, lease: str, account: LinkedAccount | None = None) -> bool:
        with self._lock:
            held = next((h for h in self.accounts.values() if h.lease == lease), None)
            if held is None:
                return False
            held.lease, held.account = None, account or held.account
            return True

    def expire(self, now: float) -> int:
        with self._lock:
            over = [h for h in self.accounts.values() if h.lease is not None and h.until < now]
            for held in over:
                held.lease, held.dead = None, True
            return len(over)

    def bury(self, person: Person, token: str) -> bool:
        with self._lock:
            held = self.accounts.get(person)
            if held is None or held.account.token != token:
                return False
            held.dead, held.lease = True, None
            return True

    def revocation(self, ident: str) -> LinkedAccount | None:
        return self.revocations.get(ident)

    def keep_revocation(self, ident: str, account: LinkedAccount) -> None:
        self.revocations[ident] = account

    def revoked(self, ident: str) -> None:
        self.revocations.pop(ident, None)

    def _remember(self, account: LinkedAccount) -> None:
        if account.confirmed:
            self.ever.append((account.person, account.login.casefold(), account.account))

    def _revoke(self, account: LinkedAccount) -> None:
        self._count += 1
        ident = f"revocation{self._count}"
        self.revocations[ident] = account
        self._put(f"revoke:{ident}", RevokeToken(ident=ident))

    def _with(self, audit: Sequence[AuditEntry], follow: Sequence[Follow]) -> None:
        self.audit.append(*audit)
        for key, command in follow:
            self._put(key, command)

    def _put(self, key: str, command: Command) -> None:
        if self.inbox is not None:
            self.inbox.put(key, command)


def _is(one: LinkedAccount, login: str, account: int) -> bool:
    return one.account == account if one.account and account else one.login.casefold() == login.casefold()
