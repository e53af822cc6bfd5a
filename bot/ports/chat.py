"""Slack, seen from the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.cards import Message
from bot.domain.forms import Form
from bot.domain.people import Person, Standing


@dataclass(frozen=True)
class Posted:
    """One message in the chat."""

    channel: str
    ts: str


class Chat(Protocol):
    """Slack, seen from the worker."""

    def post(
        self, channel: str, message: Message, mark: str, *, thread: str | None = None, broadcast: bool = False
    ) -> Posted:
        """Post a message that carries ``mark`` as metadata. ``channel`` is an id or ``#name``."""
        ...

    def find(self, channel: str, mark: str, since: float, thread: str | None = None) -> Posted | None:
        """The bot's message with this mark, no older than ``since``."""
        ...

    def update(self, posted: Posted, message: Message, mark: str) -> bool:
        """Replace the message in place; False when it is gone."""
        ...

    def whisper(
        self,
        person: Person,
        channel: str,
        message: Message,
        response_url: str | None = None,
        thread: str | None = None,
    ) -> None:
        """Say it to one person: by the response URL while it holds, else an ephemeral message, else directly.

        ``thread``: where they asked in a thread, so that an ephemeral message appears there.
        """
        ...

    def fill(self, view_id: str, view_hash: str | None, form: Form) -> None:
        """Fill an open view; nothing happens when the person has closed or changed it."""
        ...

    def team(self) -> str:
        """The id of the workspace, or of its enterprise: whom `slack:U…` in the policy belongs to."""
        ...

    def user_group(self, group_id: str) -> frozenset[str]:
        """User ids of a user group."""
        ...

    def member(self, person: Person) -> Standing:
        """What somebody is in the workspace: a member, a guest, deactivated … Minutes old at most."""
        ...

    def upload(self, name: str, content: bytes, alt: str) -> str:
        """The id of a file with these bytes; ``alt`` says in words what a picture shows. Nobody sees it yet. Raises
        Fatal where the chat takes no files from the bot."""
        ...

    def share(self, file: str, title: str, channel: str, thread: str) -> None:
        """Show an uploaded file in a thread. It carries no mark, so after an unknown outcome it cannot be found."""
        ...

    def fingerprint(self, message: Message) -> str:
        """Equal for two messages that look the same: an update between them is not worth a call."""
        ...
