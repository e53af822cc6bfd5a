"""Of all places that speak of one model in one environment: which declares its version, and which say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.discover.facts import Found, LeftOut, Rank
from bot.domain.policy.templates import IDENTIFYING, variables


@dataclass(frozen=True)
class Choice:
    """``bound``: places that say one version, the surest first; ``companions`` change with it; ``left_out`` do not."""

    bound: list[Found]
    companions: list[Found]
    left_out: list[LeftOut]

    @property
    def first(self) -> Found:
        """The place that the version is read from."""
        return self.bound[0]


def choose(found: Sequence[Found]) -> Choice | None:
    """The surest place, and those that agree with it. None where nothing says a version."""
    able = [one for one in found if one.place.part != "aside" and variables(one.guess.template) & IDENTIFYING]
    if not able:
        return None
    first = min(able, key=_certainty)
    bound, companions, left = [first], list[Found](), list[LeftOut]()
    for one in found:
        if one is first:
            continue
        if one.place.sort == "digest" and _beside(one, bound):
            companions.append(one)
        elif one in able and _agrees(one, first):
            bound.append(one)
        else:
            left.append(LeftOut(one.file, one.line, f"{one.at}: {why(one, first)}"))
    return Choice(bound, companions, left)


def _certainty(one: Found) -> tuple[int, bool, bool, bool]:
    """By rank, then what is pinned, then a place of the kind rather than a mere reference, then the container that is
    called as its model; then by the order of the text."""
    named = bool(one.item) and (one.item in (one.model, one.name) or one.item == "kserve-container")
    return one.place.rank, not one.guess.pinned, one.place.sort == "reference", not named


def _beside(digest: Found, bound: Iterable[Found]) -> bool:
    return any((one.file, one.doc, one.steps[:-1]) == (digest.file, digest.doc, digest.steps[:-1]) for one in bound)


def _agrees(one: Found, first: Found) -> bool:
    """The same values of all variables that both have, at least one of which names a version."""
    if not (one.guess.pinned and first.guess.pinned):
        return False
    both = one.guess.variables.keys() & first.guess.variables.keys()
    return bool(both & IDENTIFYING) and all(one.guess.variables[name] == first.guess.variables[name] for name in both)


def why(one: Found, first: Found | None = None) -> str:
    """Why a place is not bound; ``first`` is what was chosen instead."""
    said = _short(one.guess.variables.get("version") or one.value)
    if one.place.part == "aside":
        return f"{said} is of something that runs the model or stands beside it"
    if one.place.sort == "digest" or first is None:
        return "a digest names no version"
    if one.place.rank > first.place.rank or one.place.rank is Rank.NAME:
        return f"{said} changes apart from {first.at} of {first.file}"
    return f"{said} is another version than that of {first.at} of {first.file}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"
