"""What the reconciler may ask to be done. Applied by the use case, in the order in which they are given."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.cards import ChangeCard, ThreadEvent, ThreadNews
from bot.domain.change import ChangeState, Intent
from bot.domain.comparison_card import ComparisonCard
from bot.domain.facts import Status


@dataclass(frozen=True)
class Settle:
    """Record the end of the change."""

    state: ChangeState
    merge_commit: str | None
    merged_at: float | None = None


@dataclass(frozen=True)
class SetStatus:
    """Set a commit status on the head."""

    sha: str
    status: Status


@dataclass(frozen=True)
class ShowCard:
    """Bring the card up to date; the first time, post it."""

    card: ChangeCard


@dataclass(frozen=True)
class EditPull:
    """Bring the pull request's title and body up to date."""

    title: str
    body: str


@dataclass(frozen=True)
class Say:
    """Post into the thread, once for each mark."""

    mark: str
    message: ThreadEvent | ThreadNews | ComparisonCard
    broadcast: bool = False
    gather: bool = False
    """Where many are due in one channel at once, they are told together."""


@dataclass(frozen=True)
class Draw:
    """Put a chart under the card, once for each mark, where one says more than the table."""

    mark: str


@dataclass(frozen=True)
class Dequeue:
    """Take it out of the forge's merge queue: something came that keeps it from merging."""

    why: str


@dataclass(frozen=True)
class LeftQueue:
    """Record that the forge has taken it out of its merge queue unmerged."""


@dataclass(frozen=True)
class Comment:
    """Say it on a pull request by hand, in one comment that is edited in place."""

    body: str


@dataclass(frozen=True)
class ClosePull:
    """Close the pull request with a comment."""

    comment: str


@dataclass(frozen=True)
class Expire:
    """Give the change up because nobody cares for it; the next look closes its pull request."""

    why: str


@dataclass(frozen=True)
class DropBranch:
    """Delete the change's branch."""

    branch: str


@dataclass(frozen=True)
class Rebuild:
    """Push the intent, rendered on the base as it is now, as a commit with two parents: old head, new base."""

    intent: Intent


@dataclass(frozen=True)
class Merge:
    """Merge the head that was judged, and no other."""

    head: str
    method: str
    title: str
    message: str


Action = (
    Settle
    | SetStatus
    | ShowCard
    | EditPull
    | Say
    | Draw
    | Comment
    | Dequeue
    | LeftQueue
    | ClosePull
    | Expire
    | DropBranch
    | Rebuild
    | Merge
)
