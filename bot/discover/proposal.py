"""What is proposed: targets with what is to be said about each, before they become the text of a policy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from bot.discover.facts import Found, LeftOut
from bot.domain.policy.model import DocSelector, Format


@dataclass(frozen=True)
class Spot:
    """One bound scalar of an entry."""

    at: str
    template: str
    role: Literal["primary", "companion"] = "primary"


@dataclass(frozen=True)
class Entry:
    """The bound scalars of one document of one file. ``identity`` would tell it from others; ``doc`` is what must."""

    file: str
    doc: DocSelector | None
    format: Format
    spots: tuple[Spot, ...]
    when_absent: str = "refuse"
    shared_with: tuple[str, ...] = ()
    identity: DocSelector | None = None


@dataclass(frozen=True)
class Proposed:
    """A target. ``spelled``: the environment as its files write it. ``notes`` explain the guess, a sentence each."""

    model: str
    environment: str
    spelled: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
    kind: str
    value: str
    pinned: bool


@dataclass(frozen=True)
class ProposedLayout:
    """One rule for several models; ``covers`` are the targets that it stands for."""

    entries: tuple[Entry, ...]
    covers: tuple[Proposed, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """An environment of the proposal. ``assumed``: nothing in the repo names it."""

    name: str
    aliases: tuple[str, ...] = ()
    assumed: bool = False


@dataclass
class Proposal:
    """The whole. ``registered``: the registry's name of a model, where the policy calls it otherwise."""

    stages: tuple[Stage, ...] = ()
    layouts: list[ProposedLayout] = field(default_factory=list)
    targets: list[Proposed] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    registered: dict[str, str] = field(default_factory=dict)
    considered: int = 0

    @property
    def every(self) -> list[Proposed]:
        """All targets, those of layouts too, by model and environment."""
        order = {stage.name: place for place, stage in enumerate(self.stages)}
        every = [*self.targets, *(target for layout in self.layouts for target in layout.covers)]
        return sorted(every, key=lambda one: (one.model, order.get(one.environment, 99)))


def entries_of(found: list[Found], companions: list[Found], when_absent: str = "refuse") -> tuple[Entry, ...]:
    """Entries by file and document, in the order of the finds."""
    out: dict[tuple[str, DocSelector | None], Entry] = {}
    for one in (*found, *companions):
        key = (one.file, one.doc)
        spot = Spot(one.at, one.guess.template, "companion" if one in companions else "primary")
        before = out.get(key) or Entry(one.file, one.doc, one.format, (), when_absent, (), one.identity)
        out[key] = replace(before, spots=(*before.spots, spot))
    return tuple(out.values())
