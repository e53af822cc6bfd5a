"""What the forge itself demands of every merge to the default branch, as far as the bot may read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReviewMode(StrEnum):
    """``ours``: the forge requires our two statuses, and SlackOps alone says who may approve. ``native``: it requires
    reviews of its own as well, which only people with write access can give."""

    OURS = "ours"
    NATIVE = "native"


@dataclass(frozen=True)
class RequiredCheck:
    """A status or check that a merge needs. ``app``: the number of the App that must set it; None: anybody's do."""

    context: str
    app: int | None = None


@dataclass(frozen=True)
class Bypass:
    """Who may pass a rule by: ``kind`` is app, team, user, role or key; ``who`` its name or number."""

    kind: str
    who: str


@dataclass(frozen=True)
class BranchRules:
    """The rules of a branch, rulesets and classic protection together: the stricter of the two.

    ``reviews``: how many native reviews; ``code_owners``: one of each file's owners among them; ``dismiss_stale``: a
    push dismisses approvals; ``last_push``: whoever pushed last does not count; ``strict``: the branch must hold its
    whole base; ``merge_queue``, ``signed``: merges go through a queue, commits must be signed. ``we_bypass``: the bot
    may pass a rule by; None where that cannot be told. ``unread`` names what could not be read.
    """

    reviews: int = 0
    code_owners: bool = False
    dismiss_stale: bool = False
    last_push: bool = False
    checks: tuple[RequiredCheck, ...] = ()
    strict: bool = False
    merge_queue: bool = False
    signed: bool = False
    bypass: tuple[Bypass, ...] = ()
    we_bypass: bool | None = None
    unread: tuple[str, ...] = ()

    @property
    def mode(self) -> ReviewMode:
        """Which of the two review modes holds."""
        return ReviewMode.NATIVE if self.reviews > 0 else ReviewMode.OURS

    def requires(self, context: str) -> bool:
        """Whether a merge needs this status."""
        return any(check.context == context for check in self.checks)

    def with_(self, other: BranchRules) -> BranchRules:
        """Both at once."""
        told = [one.we_bypass for one in (self, other) if one.we_bypass is not None]
        return BranchRules(
            reviews=max(self.reviews, other.reviews),
            code_owners=self.code_owners or other.code_owners,
            dismiss_stale=self.dismiss_stale or other.dismiss_stale,
            last_push=self.last_push or other.last_push,
            checks=tuple(dict.fromkeys((*self.checks, *other.checks))),
            strict=self.strict or other.strict,
            merge_queue=self.merge_queue or other.merge_queue,
            signed=self.signed or other.signed,
            bypass=tuple(dict.fromkeys((*self.bypass, *other.bypass))),
            we_bypass=any(told) if told else None,
            unread=tuple(dict.fromkeys((*self.unread, *other.unread))),
        )
