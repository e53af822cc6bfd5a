"""What a caller of a model would notice when one version takes another's place.

Rules: https://mlflow.org/docs/latest/ml/model/signatures/ (a missing required input is refused, an input that is not
named in the signature is dropped, a number is widened where nothing is lost).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.facts import Column, Signature
from bot.domain.wording import one_line

UNKNOWN = "What callers would notice is not known: not both versions say what they take and give."
_TENSOR = re.compile(r"(\w+)\(([-\d, ]*)\)")
SHOWN, NAME_LIMIT, TYPE_LIMIT = 5, 60, 80
_WIDENED = {("integer", "long"), ("integer", "double"), ("float", "double")}  # from what is sent to what is taken


@dataclass(frozen=True)
class Difference:
    """One kind of difference, as a sentence. ``breaks``: a caller of the old version may fail with the new one; else
    it may only notice. None: not both say, so nobody knows."""

    words: str
    breaks: bool | None


def differences(old: Signature | None, new: Signature | None) -> tuple[str, ...]:
    """Sentences, one a kind of difference; empty where a caller of ``old`` would notice nothing of ``new``."""
    return tuple(one.words for one in noticed(old, new))


def noticed(old: Signature | None, new: Signature | None) -> tuple[Difference, ...]:
    """What differs for a caller of ``old``, inputs first."""
    if old is None or new is None:
        return (Difference(UNKNOWN, None),)
    return (*_inputs(old.inputs, new.inputs), *_outputs(old.outputs, new.outputs))


def same(old: Signature, new: Signature) -> bool:
    """The very same columns, whatever their order where they have names."""
    return (_by_name(old.inputs), _by_name(old.outputs)) == (_by_name(new.inputs), _by_name(new.outputs))


def _inputs(old: Sequence[Column], new: Sequence[Column]) -> list[Difference]:
    if bool(old) != bool(new):
        return [Difference("Only one of the two versions says what it takes.", None)]
    before, after = _by_name(old), _by_name(new)
    both = [name for name in before if name in after]
    needed = [name for name, one in after.items() if one.required and (name not in before or not before[name].required)]
    retyped = [name for name in both if not _takes(before[name].type, after[name].type)]
    return [
        *_told("Now required", needed, [_typed(name, after) for name in needed]),
        *_told("No longer used", [name for name in before if name not in after], breaks=False),
        *_told("Takes another type", retyped, [_moved(name, before, after) for name in retyped]),
    ]


def _outputs(old: Sequence[Column], new: Sequence[Column]) -> list[Difference]:
    if bool(old) != bool(new):
        return [Difference("Only one of the two versions says what it gives.", None)]
    before, after = _by_name(old), _by_name(new)
    both = [name for name in before if name in after]
    retyped = [name for name in both if before[name].type != after[name].type]
    more = [name for name in after if name not in before] if not all(one.name for one in new) else []
    return [
        *_told("No longer given", [name for name in before if name not in after], what="output"),
        *_told("Gives another type", retyped, [_moved(name, before, after) for name in retyped], what="output"),
        *_told("May be left out now", [n for n in both if before[n].required and not after[n].required], what="output"),
        *_told("Given as well", more, what="output", breaks=False),
    ]


def _by_name(columns: Iterable[Column]) -> dict[str, Column]:
    """A column without a name is known by its place."""
    return {one.name or f"#{place}": one for place, one in enumerate(columns, 1)}


def _takes(sent: str, taken: str) -> bool:
    return taken in {sent, "any"} or (sent, taken) in _WIDENED or _fits(sent, taken)


def _fits(sent: str, taken: str) -> bool:
    """A tensor of the same type, whose every dimension is the same or may be any (-1)."""
    one, other = _TENSOR.fullmatch(sent), _TENSOR.fullmatch(taken)
    if one is None or other is None or one[1] != other[1]:
        return False
    dims, allowed = one[2].split(","), other[2].split(",")
    return len(dims) == len(allowed) and all(a.strip() in {d.strip(), "-1"} for d, a in zip(dims, allowed, strict=True))


def _typed(name: str, columns: Mapping[str, Column]) -> str:
    return f"{_name(name)} ({_short(columns[name].type, TYPE_LIMIT)})"


def _moved(name: str, before: Mapping[str, Column], after: Mapping[str, Column]) -> str:
    return f"{_name(name)} ({_short(before[name].type, TYPE_LIMIT)} → {_short(after[name].type, TYPE_LIMIT)})"


def _told(
    says: str, names: Sequence[str], shown: Sequence[str] | None = None, what: str = "input", *, breaks: bool = True
) -> list[Difference]:
    """`Now required, 7 inputs: a (long), b (long), … and 2 more.`; nothing where there is none."""
    if not names:
        return []
    told = list(shown if shown is not None else [_name(name) for name in names])[:SHOWN]
    left = len(names) - len(told)
    count = f"{len(names)} {what}{'' if len(names) == 1 else 's'}"
    words = f"{says}, {count}: {', '.join(told)}{f' and {left} more' if left else ''}."
    return [Difference(words, breaks)]


def _name(name: str) -> str:
    return _short(name, NAME_LIMIT)


def _short(text: str, limit: int) -> str:
    line = one_line(text)
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
