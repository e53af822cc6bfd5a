"""What a survey of a deployment repo brings to light."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from bot.domain.policy.model import DocSelector, Format
from bot.domain.policy.selectors import Selector, selector_text

Sort = Literal["uri", "image", "tag", "digest", "version", "name", "chart", "reference"]
Part = Literal["main", "split", "aside"]


class Rank(IntEnum):
    """How surely a place is the model's own version; the lower, the surer."""

    MODEL = 0
    OVERLAY = 1
    IMAGE = 2
    CHART = 3
    NAME = 4


@dataclass(frozen=True)
class Place:
    """Where a kind of document may say a version.

    ``at`` is a pattern (bot.discover.patterns). ``part``: `main` places of a document say one version, and the surest
    is taken; `split` places may each be a model of their own; `aside` is never a model's version, only mentioned.
    """

    at: str
    sort: Sort
    rank: Rank
    part: Part = "main"


@dataclass(frozen=True)
class Kind:
    """One kind of document. ``named`` are patterns of what names the model, tried before `metadata.name`; ``nothing``
    says why there is nothing to pin; ``bound_name``: the document's own name holds the version."""

    name: str
    places: tuple[Place, ...] = ()
    named: tuple[str, ...] = ()
    nothing: str | None = None
    bound_name: bool = False


@dataclass(frozen=True)
class Guess:
    """A value template and what the value says by it. ``note`` is for the comment. ``pinned`` is False for a range or
    a name that moves."""

    template: str
    variables: dict[str, str] = field(hash=False)
    note: str = ""
    pinned: bool = True


@dataclass(frozen=True)
class Found:
    """One scalar that declares a version.

    ``environment`` None: none of its own; ``serves`` then lists those that the document itself names. ``item`` is the
    list item or key that the scalar stands in. ``doc`` is set where the file has several documents; ``identity``
    always.
    """

    file: str
    format: Format
    kind: str
    name: str | None
    doc: DocSelector | None
    steps: Selector
    line: int
    value: str
    place: Place
    guess: Guess
    model: str
    environment: str | None
    identity: DocSelector | None = None
    item: str | None = None
    serves: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """The selector as the policy writes it."""
        return selector_text(self.steps)


@dataclass(frozen=True)
class LeftOut:
    """Something that might have been a version, and why it is not proposed. ``line`` 0: the whole file."""

    file: str
    line: int
    why: str


@dataclass(frozen=True)
class Taker:
    """A document of an environment that may say what a base says: a patch of the same kind, or a values file."""

    file: str
    doc: DocSelector | None
    environment: str
