"""What is said of freezes and bans, by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person


@dataclass(frozen=True)
class StopLine:
    """One freeze or ban: what it stops, who set it, when, why; ``until`` None where it has no end of its own."""

    what: str
    by: Person
    since: float
    until: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class StopList:
    """`/slackops freezes` and `/slackops bans`. ``empty`` is said where there is none; ``fault`` where nobody knows."""

    title: str
    lines: tuple[StopLine, ...]
    empty: str
    fault: str = ""


@dataclass(frozen=True)
class StopNews:
    """A freeze or a ban was set or lifted, told in a channel. ``effect`` says what that means from now on; ``lift`` is
    the command that takes it back."""

    headline: str
    by: Person
    reason: str | None
    until: float | None
    effect: str
    lift: str = ""
