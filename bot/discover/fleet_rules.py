"""One layout in place of many targets that differ only in the model's and the environment's name."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from bot.discover.proposal import Entry, Proposal, Proposed, ProposedLayout, Spot
from bot.domain.policy.model import DocSelector
from bot.domain.policy.selectors import map_selector

LEAST = 2


def laid_out(proposal: Proposal) -> None:
    """Move the targets of at least LEAST models that follow one pattern into a layout."""
    groups: dict[tuple[Entry, ...], list[tuple[Proposed, tuple[Entry, ...]]]] = defaultdict(list)
    for target in proposal.targets:
        pattern = _pattern(target, len(proposal.stages) > 1)
        if pattern:
            groups[tuple(replace(one, doc=None, identity=None) for one in pattern)].append((target, pattern))
    for entries, members in groups.items():
        if all(one.doc is None for target, _ in members for one in target.entries):
            _lay_out(proposal, entries, [target for target, _ in members])
        else:
            _by_document(proposal, members)


def _by_document(proposal: Proposal, members: list[tuple[Proposed, tuple[Entry, ...]]]) -> None:
    """Some of the files have several documents: the layout names the document, for all."""
    groups: dict[tuple[Entry, ...], list[Proposed]] = defaultdict(list)
    for target, pattern in members:
        groups[tuple(replace(one, doc=one.identity) for one in pattern)].append(target)
    for entries, covers in groups.items():
        _lay_out(proposal, entries, covers)


def _lay_out(proposal: Proposal, entries: tuple[Entry, ...], covers: list[Proposed]) -> None:
    if len({one.model for one in covers}) >= LEAST:
        proposal.layouts.append(ProposedLayout(entries, tuple(covers)))
        covered = {id(one) for one in covers}
        proposal.targets = [one for one in proposal.targets if id(one) not in covered]


def _pattern(target: Proposed, several: bool) -> tuple[Entry, ...] | None:
    """The entries with the names left open; None where that cannot be a layout."""
    if target.spelled != target.environment or any(one.shared_with or ":" in one.when_absent for one in target.entries):
        return None
    entries = tuple(_open(entry, target) for entry in target.entries)
    whole = all("{model}" in one.file and ("{environment}" in one.file or not several) for one in entries)
    return entries if whole else None


def _open(entry: Entry, target: Proposed) -> Entry:
    def fill(text: str) -> str:
        return _replaced(_replaced(text, target.model, "{model}"), target.environment, "{environment}")

    known = entry.identity
    identity = known and DocSelector(known.kind, fill(known.name) if known.name else None)
    spots = tuple(
        Spot(map_selector(one.at, fill), _replaced(one.template, target.model, "{model}"), one.role)
        for one in entry.spots
    )
    return replace(entry, file=fill(entry.file), identity=identity, spots=spots)


def _replaced(text: str, name: str, variable: str) -> str:
    """The name as a whole word, outside of other variables."""
    word = rf"(?<![A-Za-z0-9_{{]){re.escape(name)}(?![A-Za-z0-9_}}])"
    return re.sub(word, lambda _: variable, text)


def demoted(proposal: Proposal, place: int) -> None:
    """Write a layout's targets out again."""
    proposal.targets += proposal.layouts.pop(place).covers
