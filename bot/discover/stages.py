"""Environments, as paths, names and selectors of deployment repos write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from bot.domain.policy.model import DocSelector
from bot.domain.policy.selectors import Key, Match, Selector

# In the order in which versions usually go through them. Spellings of one stage stand in one line.
_ORDER: Final = (
    ("local", "sandbox", "playground"),
    ("dev", "develop", "development"),
    ("ci", "test", "testing", "tst"),
    ("qa", "int", "integration", "sit"),
    ("staging", "stage", "stg"),
    ("uat", "acceptance"),
    ("preprod", "pre-prod", "preproduction", "pre-production", "ppd"),
    ("prod", "production", "prd", "live"),
)
_PLACE: Final = {word: place for place, words in enumerate(_ORDER) for word in words}
# Words that are common in other names: an environment only where they stand alone.
_WEAK: Final = frozenset({"local", "sandbox", "playground", "ci", "int", "sit", "live", "integration", "acceptance"})


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_CLOUD: Final = r"(?:eu|us|ap|ca|sa|me|af)-[a-z]{2,12}-?\d?"
_AREA: Final = r"(?:eu|us|ap|ca|sa|me|af|uk|de|fr|emea|apac|amer|global|asia|north|south|east|west|central|blue|green)"
_REGION: Final = rf"(?:{_CLOUD}|{_AREA}\d?|[a-z]|\d{{1,3}})"
_STRONG: Final = _any(set(_PLACE) - _WEAK)
_WHOLE: Final = re.compile(rf"(?P<word>{_any(_PLACE)})(?:[-_](?P<region>{_REGION}))?", re.IGNORECASE)
_LAST: Final = re.compile(rf"(?P<rest>.+?)[-_.](?P<env>(?:{_STRONG})(?:[-_]{_REGION})?)", re.IGNORECASE)
_FIRST: Final = re.compile(rf"(?P<env>(?:{_STRONG})(?:[-_]{_REGION})?)[-_.](?P<rest>.+)", re.IGNORECASE)
_KEYS: Final = frozenset({"stage", "env", "environment", "cluster", "name", "metadata", "region"})


@dataclass(frozen=True)
class Split:
    """A name without its environment, and that environment as it is spelled; either may be missing."""

    rest: str
    environment: str | None


def split(name: str) -> Split:
    """`fraud-staging`, `staging-fraud`, `staging`, `prod-eu`, or a name without any environment."""
    if len(name) > 200:
        return Split(name, None)
    whole = _WHOLE.fullmatch(name)
    if whole:
        return Split("", name)
    hit = _LAST.fullmatch(name) or _FIRST.fullmatch(name)
    return Split(hit["rest"], hit["env"]) if hit else Split(name, None)


def of_path(path: PurePosixPath) -> str | None:
    """The environment of a file: its name or the nearest folder that is one, else a part of a name."""
    stem = path.name.rpartition(".")[0] or path.name
    parts = [
        re.sub(r"^(?:values|env|environment|cluster)[-_.]", "", part) for part in (stem, *reversed(path.parts[:-1]))
    ]
    whole = next((part for part in parts if is_stage(part)), None)
    return whole or next((found for part in parts if (found := split(part).environment)), None)


def of_selector(steps: Selector) -> str | None:
    """The environment that a selector goes through: `targets.prod`, `elements[stage=prod]`."""
    for step in steps:
        if isinstance(step, Key) and _WHOLE.fullmatch(step.name):
            return step.name
        if isinstance(step, Match) and step.path[-1] in _KEYS and _WHOLE.fullmatch(step.value):
            return step.value
    return None


def of_document(doc: DocSelector | None, namespace: str | None) -> str | None:
    """The environment in the document's name or namespace."""
    named = split(doc.name).environment if doc and doc.name else None
    return named or (split(namespace).environment if namespace else None)


def is_stage(text: str) -> bool:
    """Whether the text is an environment and nothing else."""
    return _WHOLE.fullmatch(text) is not None


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """The environments in a guessed promotion order."""
    return tuple(sorted(set(names), key=lambda name: (_rank(name), name)))


def same(one: str, other: str) -> bool:
    """Whether two spellings mean one stage of one region: `prod` and `production`."""
    return _key(one) == _key(other)


def _key(name: str) -> tuple[int, str]:
    hit = _WHOLE.fullmatch(name)
    return (_rank(name), (hit["region"] or "").lower().replace("_", "-") if hit else name)


def _rank(name: str) -> int:
    hit = _WHOLE.fullmatch(name)
    return _PLACE[hit["word"].lower()] if hit else len(_ORDER)
