"""What `slackops doctor` asks, and nothing else does."""

from __future__ import annotations

from typing import Protocol

from bot.domain.doctor.github import AppSelf, Hook
from bot.domain.doctor.slack import Seat, SlackSelf


class SlackProbe(Protocol):
    """Slack, asked with the tokens that are configured. Raises ChatUnavailable, Fatal."""

    def myself(self) -> SlackSelf:
        """Who the bot token is, and what it may."""
        ...

    def socket(self) -> None:
        """Raises where Slack does not take the app token."""
        ...

    def channel(self, name: str) -> Seat:
        """The bot's place in a channel, by its id or ``#name``."""
        ...

    def group(self, name: str) -> tuple[str, ...] | None:
        """User ids of a user group, by its id or ``@handle``; None where there is none."""
        ...


class ForgeProbe(Protocol):
    """The forge, asked about the bot itself. Raises ForgeUnavailable, Fatal, Refused."""

    def app(self) -> AppSelf | None:
        """The App; None where the bot is a token."""
        ...

    def hook(self) -> Hook | None:
        """Where webhooks go; None where there are none."""
        ...

    def skew(self) -> float | None:
        """By how many seconds our clock is ahead; None where that was not told."""
        ...


class StoreProbe(Protocol):
    """The database. Raises StoreUnavailable, Fatal."""

    def revision(self) -> tuple[str | None, str]:
        """The schema's revision, None for an empty database; and the newest that this release knows."""
        ...

    def write(self) -> None:
        """Raises where nothing can be written. Nothing stays behind."""
        ...

    def links(self) -> tuple[int, tuple[str, ...]]:
        """How many links there are, and the accounts of those that no key opens."""
        ...

    @property
    def where(self) -> str:
        """Which database it is, with no password."""
        ...
