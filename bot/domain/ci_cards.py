"""What is said of CI, by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person


@dataclass(frozen=True)
class CiGateLine:
    """One gate of a card: its state on the commit ``sha``, which is ``since`` commits after the card's own."""

    gate: str
    failing: bool
    sha: str
    since: int = 0
    summary: str = ""
    excerpt: str = ""
    url: str = ""
    flapping: bool = False
    snoozed: float | None = None
    """Until when nothing is said of it, in seconds since the epoch."""


@dataclass(frozen=True)
class CiSuspectLine:
    """A commit since the last one that passed; ``person`` where its author's account is linked."""

    sha: str
    subject: str
    author: str
    person: Person | None = None


@dataclass(frozen=True)
class CiCard:
    """`CI failed: acme/fraud-training main abc1234: unit-tests, lint (2)`. ``gates`` has at least one. ``notify`` are
    the owners (`slack:U…`), ``people`` those who asked for the change whose head this is."""

    repo: str
    branch: str
    sha: str
    gates: tuple[CiGateLine, ...]
    suspects: tuple[CiSuspectLine, ...] = ()
    more: int = 0
    green: str = ""
    compare: str = ""
    models: tuple[str, ...] = ()
    every: bool = False
    """It is the deployment repo: it concerns every model."""
    notify: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()

    @property
    def failing(self) -> tuple[CiGateLine, ...]:
        """Those that fail still."""
        return tuple(one for one in self.gates if one.failing)


@dataclass(frozen=True)
class CiDigestLine:
    """One commit of a digest, with its gates that fail still, or, where none does, those that did."""

    repo: str
    branch: str
    sha: str
    gates: tuple[str, ...]
    failing: bool
    url: str = ""


@dataclass(frozen=True)
class CiDigest:
    """Failures of a channel that were kept back because there were many. ``since`` in seconds since the epoch."""

    lines: tuple[CiDigestLine, ...]
    since: float
    notify: tuple[str, ...] = ()
