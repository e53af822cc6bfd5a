"""What the bot must remember: changes, its own messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.audit import AuditEntry
from bot.domain.change import Change
from bot.errors import SlackOpsError


class ChangeExists(SlackOpsError):  # noqa: N818  (an answer that the caller acts on)
    """The target has a change that is proposing or open already, or the id is taken: look again with ``open_for``."""

    def __init__(self, model: str, environment: str) -> None:
        super().__init__(f"{model} in {environment} has an open change already")
        self.model, self.environment = model, environment


class Changes(Protocol):
    """Records of changes."""

    def add(self, change: Change, *audit: AuditEntry) -> None:
        """Keep a new change; ``audit`` goes into the same transaction.

        Raises ChangeExists when the target has a change that is proposing or open.
        """
        ...

    def get(self, change_id: str) -> Change | None: ...

    def by_number(self, number: int) -> Change | None: ...

    def open_for(self, model: str, environment: str) -> Change | None:
        """The change of this target that is proposing or open, if any: there is at most one."""
        ...

    def all_open(self) -> list[Change]:
        """Every change that is proposing, open, or open by hand, oldest first."""
        ...

    def all_watching(self) -> list[Change]:
        """Every merged change whose rollout is still followed, oldest first."""
        ...

    def merged_for(self, model: str, environment: str, limit: int = 100) -> list[Change]:
        """The merged changes of this target, the newest merge first."""
        ...

    def closed_for(self, model: str, environment: str, limit: int = 100) -> list[Change]:
        """The changes of this target that were closed unmerged, by people or because nobody cared, newest first."""
        ...

    def merged_since(self, since: float) -> list[Change]:
        """Every change that was created at or after this time and merged, oldest first."""
        ...

    def in_debt(self, model: str) -> list[Change]:
        """The merged changes of the model that broke the glass and that no second person has reviewed, oldest first."""
        ...

    def update(self, change_id: str, edit: Callable[[Change], Change], *audit: AuditEntry) -> Change:
        """Apply ``edit`` to the record as it is now; the new record. Where that changes it, the rows of ``audit`` go
        into the same transaction; where it does not, nothing was done, and they are left out.

        Raises Fatal when there is no such id, and ChangeExists when the edit would open a second change of the target.
        """
        ...


@dataclass(frozen=True)
class PostRecord:
    """One message about ``subject`` (a change id). ``ts`` is None between the intent to post and the answer."""

    subject: str
    mark: str
    channel: str
    since: float
    ts: str | None = None
    fingerprint: str = ""


class Posts(Protocol):
    """Which messages were posted about what: the bot's memory of its own voice."""

    def get(self, subject: str, mark: str) -> PostRecord | None: ...

    def of(self, subject: str) -> list[PostRecord]: ...

    def save(self, record: PostRecord) -> None:
        """Insert or replace by (subject, mark)."""
        ...
