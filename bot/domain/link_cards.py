"""What is said of links and of people who left, by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person


@dataclass(frozen=True)
class LinkOffer:
    """A button that leads to where an account is linked; only the person who asked sees it. ``code`` is what is to be
    typed there in the device flow."""

    text: str
    url: str
    button: str = "Link GitHub account"
    code: str = ""


@dataclass(frozen=True)
class LinkWaits:
    """A link by the device flow waits for somebody with the role `admin` to say that it is true."""

    person: Person
    login: str


@dataclass(frozen=True)
class LeaverNews:
    """Somebody left: what was done, and what nobody looks after any more, in lines."""

    person: Person | None
    login: str | None
    why: str
    lines: tuple[str, ...]


LinkMessage = LinkOffer | LinkWaits | LeaverNews
