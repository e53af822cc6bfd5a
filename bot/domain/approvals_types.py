"""What the decision about approvals looks at, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.approvals_meeting import Members, Need
from bot.domain.cards import ReviewLine
from bot.domain.facts import Verdict
from bot.domain.people import Person, Standing
from bot.domain.policy.approval_rules import Rule


@dataclass(frozen=True)
class ApprovalRule:
    """Who may approve and how many must. ``logins`` are in lower case; ``anyone``: everybody with write access may."""

    required: int
    people: frozenset[Person] = frozenset()
    logins: frozenset[str] = frozenset()
    anyone: bool = False
    requester_counts: bool = False
    requester_unlisted: bool = False
    """The requester counts without being on the list: a rollback to the version before."""
    incomplete: bool = False
    """Not everybody on the list is known now, so whoever may write may object."""
    refs: tuple[str, ...] = ()
    """The list, as the policy writes it."""
    rules: tuple[Rule, ...] = ()
    """Rules that must be met besides, each by itself."""
    members: Mapping[str, Members] = field(default_factory=dict, hash=False)
    """Who is in each group that ``rules`` name, now."""
    listed: Mapping[str, Members] = field(default_factory=dict, hash=False)
    """Who is in each group of the list, now."""
    named: frozenset[Person] = frozenset()
    """People whom the policy names one by one: they may be guests, or of another workspace."""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What people call those whom the policy names one by one: `@login`, where they linked an account."""
    native: int = 0
    """How many reviews the forge itself demands of every merge."""
    recorded: bool = False
    """The bot may record the word of somebody who has no account."""


@dataclass(frozen=True)
class Askers:
    """Who asked for a change, and who wrote to its branch. ``unlinked``: one of them has no account that is known, so
    it may be any. ``unknown``: nobody can tell who made it."""

    people: tuple[Person, ...]
    logins: tuple[str, ...] = ()
    unlinked: bool = False
    accounts: tuple[int, ...] = ()
    editors: tuple[str, ...] = ()
    """The names of the accounts that wrote commits on the branch, the bot's aside."""
    editor_accounts: tuple[int, ...] = ()
    editor_people: tuple[Person, ...] = ()
    unknown: bool = False
    strangers: bool = False
    """An account of which nobody knows whose it is made it on the forge, or wrote to it: whoever has no account that is
    known may be the one behind it."""

    def include(self, person: Person | None, login: str, account: int = 0) -> bool:
        """Is this account one of theirs? Numbers and people outlast a rename, and a new link."""
        known = person in self.people or (account != 0 and account in self.accounts)
        return known or login.casefold() in {one.casefold() for one in self.logins}

    def edited(self, person: Person | None, login: str, account: int = 0) -> bool:
        """Did this account write to the branch?"""
        known = person in self.editor_people or (account != 0 and account in self.editor_accounts)
        return known or login.casefold() in {one.casefold() for one in self.editors}

    def may_include(self, person: Person | None) -> bool:
        """Could it be, for all that is known?"""
        return self.unlinked and person is None


@dataclass(frozen=True)
class SeenReview:
    """A review and what was looked up about it. ``same_change``: its head means what the change means today."""

    login: str
    person: Person | None
    verdict: Verdict
    same_change: bool
    may_write: bool
    comment: str = ""
    id: int = 0
    account: int = 0
    robot: bool = False
    standing: Standing = Standing.MEMBER
    """What the person is in the workspace."""
    voided: bool = False
    """Whoever gave it has left since."""
    stale: bool = False
    """The forge dismissed it because of a push: it wants another one, and we count this one on."""
    recorded: bool = False
    """The bot wrote it for ``person``, who has no account, and its attestation holds."""

    former: frozenset[Person] = frozenset()
    """For whom the account ever stood. It can only take away."""

    @property
    def humans(self) -> tuple[Person | None, ...]:
        """Whose it is, or was; None alone where nobody ever linked the account."""
        known = self.former | ({self.person} if self.person else frozenset())
        return tuple(sorted(known, key=str)) or (None,)

    @property
    def whose(self) -> object:
        """Equal for two reviews of one human, as far as is known."""
        one = self.person or (self.humans[0] if len(self.humans) == 1 else None)
        return one or self.source

    @property
    def source(self) -> object:
        """Equal for two reviews by one account, or recorded for one person."""
        return (self.person if self.recorded else None) or self.account or self.login.casefold()


@dataclass(frozen=True)
class Tally:
    """How far the approvals are. ``objections`` are the accounts whose last word is a request for changes."""

    approvals: int
    required: int
    objections: tuple[str, ...]
    lines: tuple[ReviewLine, ...]
    missing: tuple[Need, ...] = ()
    """What is still wanted, of whom."""

    @property
    def complete(self) -> bool:
        """Enough approvals, and nobody whose word counts objects."""
        return self.approvals >= self.required and not self.objections and not self.missing

    @property
    def words(self) -> str:
        """What is still wanted: `1 more of github:acme/ml-leads (ben, kim)`; empty where nothing is."""
        return "; ".join(need.words for need in self.missing if need.refs)
