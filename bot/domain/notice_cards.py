"""Short messages: answers to one person, what happened in a thread, news that needs somebody."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person


@dataclass(frozen=True)
class Receipt:
    """A short answer that only the person who asked sees."""

    text: str
    url: str | None = None
    url_text: str = "Open"


@dataclass(frozen=True)
class Refusal:
    """A no that only the person who asked sees: what, why, and what would unblock it."""

    title: str
    reason: str
    message: str
    unblock: str | None = None


@dataclass(frozen=True)
class ThreadEvent:
    """Something that happened to a change, told in the thread of its card. ``to`` are those who waited to hear it, and
    are mentioned; without them nobody is called."""

    text: str
    by: Person | None = None
    to: tuple[Person, ...] = ()


@dataclass(frozen=True)
class ThreadNews:
    """News that needs a person: a thread reply mentioning ``notify`` (`slack:U…`), broadcast where it matters."""

    headline: str
    text: str
    notify: tuple[str, ...]
    broadcast: bool = False
    change: str | None = None
    """A change that may be taken on, or back to ``back_to``, from here."""
    back_to: str | None = None
