"""A value without an environment of its own: a base that several environments use, or the only declaration there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.discover import stages
from bot.discover.choosing import Choice
from bot.discover.facts import Found, LeftOut, Taker
from bot.discover.proposal import Entry, Proposed, Spot, entries_of
from bot.discover.survey import Survey
from bot.domain.policy.selectors import Key


@dataclass(frozen=True)
class Base:
    """``own``: what environments declare themselves, by name; ``order``: the environments in promotion order."""

    choice: Choice
    order: tuple[str, ...]
    own: Mapping[str, Choice]
    seen: Survey


def based(base: Base) -> tuple[list[Proposed], list[LeftOut]]:
    """The targets of the environments that do not declare the version themselves."""
    first = base.choice.first
    users, known = _users(base)
    rest = [name for name in users if name not in base.own]
    if not rest:
        return [], [_left(first, "the environments that use it declare their own")]
    if not first.guess.pinned:
        return [], [_left(first, first.guess.note)]
    if base.own and not known and not any(_taker(base, name) for name in rest):
        return [], [
            _left(first, f"nothing shows that {' or '.join(rest)} uses it; other environments declare their own")
        ]
    return _targets(base, rest, known), []


def _users(base: Base) -> tuple[list[str], bool]:
    """The environments that use the base, and whether the repo says so."""
    first = base.choice.first
    spelled = {*base.seen.reach.environments(first.file), *first.serves}
    users = [name for name in base.order if any(stages.same(name, one) for one in spelled)]
    return users or list(base.order), bool(users)


def _targets(base: Base, rest: list[str], known: bool) -> list[Proposed]:
    takers = {name: taker for name in rest if (taker := _taker(base, name))}
    if base.own:
        insert = [_taken(base, name, takers[name], "insert", _INSERT) for name in rest if name in takers]
        plain = [name for name in rest if name not in takers]
        return [*insert, *(_plain(base, name, plain, _REST) for name in plain)]
    followers = [name for name in rest[1:] if name in takers]
    holders = [name for name in rest if name not in followers]
    out = [_plain(base, name, rest, _why_shared(rest, known)) for name in holders]
    inherit = f"inherit:{rest[0]}"
    return [*out, *(_taken(base, name, takers[name], inherit, _INHERIT) for name in followers)]


_INSERT = "the base says a default; a promotion writes the version here, and until then this environment is not pinned"
_INHERIT = "the base holds here until a promotion writes a version into this file"
_REST = "the other environments override this base"


def _why_shared(rest: list[str], known: bool) -> str:
    if len(rest) == 1:
        return "" if known else f"nothing says its environment; {rest[0]} is assumed"
    which = "one value serves all of these environments: a change of it changes them together"
    return which if known else f"{which}; which environments use it is assumed"


def _plain(base: Base, name: str, sharing: list[str], why: str) -> Proposed:
    choice = base.choice
    shared = tuple(other for other in sharing if other != name)
    entries = tuple(replace(one, shared_with=shared) for one in entries_of(choice.bound, choice.companions))
    notes = [why, *(one.guess.note for one in (choice.first, *choice.companions))]
    return _proposed(choice.first, name, entries, notes, choice.first.guess.pinned)


def _taken(base: Base, name: str, taker: Taker, when_absent: str, why: str) -> Proposed:
    first = base.choice.first
    entry = Entry(taker.file, taker.doc, first.format, (Spot(first.at, first.guess.template),), when_absent)
    note = f"{why} ({first.file} says {first.value[:60]})"
    return replace(_proposed(first, name, (entry,), [note], pinned=False), value="")


def _proposed(first: Found, name: str, entries: tuple[Entry, ...], notes: list[str], pinned: bool) -> Proposed:
    said = tuple(dict.fromkeys(note for note in notes if note))
    return Proposed(first.model, name, name, entries, said, first.kind, first.value, pinned)


def _taker(base: Base, name: str) -> Taker | None:
    """The environment's own document of the kind and name, in which a key can be written."""
    first = base.choice.first
    if not all(isinstance(step, Key) for step in first.steps):
        return None
    takers = base.seen.takers.get((first.kind, first.model, first.name), ())
    return next((one for one in takers if one.file != first.file and stages.same(one.environment, name)), None)


def _left(one: Found, why: str) -> LeftOut:
    return LeftOut(one.file, one.line, f"{one.at}: {why}")
