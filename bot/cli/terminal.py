"""Slack as a command sees it that must go on without Slack: what it cannot say now, the bot says later."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from bot.domain.cards import Message, Receipt
from bot.domain.forms import Form
from bot.domain.people import Person, Standing
from bot.errors import ChatUnavailable, SlackOpsError
from bot.ports import Chat, Posted

T = TypeVar("T")
LEFT_ALONE = 30.0
"""Seconds for which a Slack that did not answer is not asked again: nobody at a terminal waits for every timeout."""


class GroupUnknown(ChatUnavailable):
    """Only Slack knows who is in a group, and it does not answer: waiting is all that helps."""


class Standby:
    """The Chat port over a Slack that may be down.

    ``home`` is the workspace of whoever asks: an installation has one, so it stands in for Slack's own answer.
    """

    def __init__(self, slack: Chat, home: str, now: Callable[[], float] = time.monotonic) -> None:
        self._slack, self._home, self._now = slack, home, now
        self._silent_until = 0.0

    def post(
        self, channel: str, message: Message, mark: str, *, thread: str | None = None, broadcast: bool = False
    ) -> Posted:
        """As the port says."""
        return self._ask(lambda: self._slack.post(channel, message, mark, thread=thread, broadcast=broadcast))

    def find(self, channel: str, mark: str, since: float, thread: str | None = None) -> Posted | None:
        """As the port says."""
        return self._ask(lambda: self._slack.find(channel, mark, since, thread))

    def update(self, posted: Posted, message: Message, mark: str) -> bool:
        """As the port says."""
        return self._ask(lambda: self._slack.update(posted, message, mark))

    def whisper(
        self,
        person: Person,
        channel: str,
        message: Message,
        response_url: str | None = None,
        thread: str | None = None,
    ) -> None:
        """As the port says."""
        self._ask(lambda: self._slack.whisper(person, channel, message, response_url, thread))

    def fill(self, view_id: str, view_hash: str | None, form: Form) -> None:
        """As the port says."""
        self._ask(lambda: self._slack.fill(view_id, view_hash, form))

    def team(self) -> str:
        """Slack's own answer where it gives one, else ``home``."""
        try:
            return self._ask(self._slack.team)
        except SlackOpsError:
            return self._home

    def user_group(self, group_id: str) -> frozenset[str]:
        """As the port says. Raises GroupUnknown, for who is in it must not be guessed."""
        try:
            return self._ask(lambda: self._slack.user_group(group_id))
        except ChatUnavailable as why:
            raise GroupUnknown(f"Only Slack knows who is in slack:{group_id}, and it does not answer.") from why

    def member(self, person: Person) -> Standing:
        """As the port says."""
        return self._ask(lambda: self._slack.member(person))

    def upload(self, name: str, content: bytes, alt: str) -> str:
        """As the port says."""
        return self._ask(lambda: self._slack.upload(name, content, alt))

    def share(self, file: str, title: str, channel: str, thread: str) -> None:
        """As the port says."""
        self._ask(lambda: self._slack.share(file, title, channel, thread))

    def fingerprint(self, message: Message) -> str:
        """As the port says."""
        return self._slack.fingerprint(message)

    def _ask(self, call: Callable[[], T]) -> T:
        if self._now() < self._silent_until:
            raise ChatUnavailable("Slack did not answer a moment ago.")
        try:
            return call()
        except ChatUnavailable:
            self._silent_until = self._now() + LEFT_ALONE
            raise


class Terminal(Standby):
    """The same, with whoever asks at a terminal: what is said to them is shown there and kept in ``told``.

    A group that cannot be looked up has nobody, so a role that needs it is refused; ``unknown`` names it.
    """

    def __init__(self, slack: Chat, asker: Person, show: Callable[[Message], None]) -> None:
        super().__init__(slack, asker.team)
        self._asker, self._show = asker, show
        self.told: list[Message] = []
        self.unknown: set[str] = set()

    def whisper(
        self,
        person: Person,
        channel: str,
        message: Message,
        response_url: str | None = None,
        thread: str | None = None,
    ) -> None:
        """Show it, when it is for whoever asks."""
        if person != self._asker:
            super().whisper(person, channel, message, response_url, thread)
            return
        self.told.append(message)
        self._show(message)

    @property
    def urls(self) -> frozenset[str]:
        """The addresses that were said."""
        return frozenset(told.url for told in self.told if isinstance(told, Receipt) and told.url)

    def user_group(self, group_id: str) -> frozenset[str]:
        """As the port says; nobody where Slack does not answer."""
        try:
            return super().user_group(group_id)
        except ChatUnavailable:
            self.unknown.add(f"slack:{group_id}")
            return frozenset()
