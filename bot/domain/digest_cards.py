"""A report of drift, by meaning: a digest, and what `/drift` answers. Lines are made of pieces, because a moment, a
person and a command look different wherever they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person


@dataclass(frozen=True)
class Strong:
    """What a line is about."""

    text: str


@dataclass(frozen=True)
class Moment:
    """A time, in seconds since the epoch."""

    at: float


@dataclass(frozen=True)
class Who:
    """Somebody who is named and not called: by the account that they linked, where they did."""

    person: Person
    login: str = ""


@dataclass(frozen=True)
class Linked:
    """Words that lead somewhere, where an address is known."""

    text: str
    url: str | None


@dataclass(frozen=True)
class Typed:
    """A command, as it is typed: `/drift MODEL`."""

    text: str


Piece = str | Strong | Moment | Who | Linked | Typed
Line = tuple[Piece, ...]


@dataclass(frozen=True)
class ReportPart:
    """Lines under a title. ``left`` counts those that were too many, ``more`` says where they are."""

    title: str
    lines: tuple[Line, ...]
    left: int = 0
    more: Line = ()


@dataclass(frozen=True)
class DriftReport:
    """``headline`` is the push text too, so the first words count; ``lead`` stands under it."""

    headline: str
    lead: tuple[Line, ...] = ()
    parts: tuple[ReportPart, ...] = ()
    foot: tuple[Line, ...] = ()
