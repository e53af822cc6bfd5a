"""The selector language: `a.b`, `"quoted.key"`, `[k=v]` and `[0]`, each step narrowing down to one scalar; and `|yaml|`
or `|json|`, which goes on inside the text of a scalar."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Key:
    """The value of this key of a mapping."""

    name: str

    def __str__(self) -> str:
        return self.name if _BARE.fullmatch(self.name) else _quoted(self.name)


@dataclass(frozen=True)
class Index:
    """The item at this place of a list, counting from 0."""

    number: int

    def __str__(self) -> str:
        return f"[{self.number}]"


@dataclass(frozen=True)
class Match:
    """The items of a list in which the scalar at ``path`` (keys) reads ``value``."""

    path: tuple[str, ...]
    value: str

    def __str__(self) -> str:
        value = self.value if _BARE_VALUE.fullmatch(self.value) else _quoted(self.value)
        return f"[{'.'.join(str(Key(key)) for key in self.path)}={value}]"


@dataclass(frozen=True)
class Inside:
    """Into the scalar's own text, read as this format."""

    format: str

    def __str__(self) -> str:
        return f" |{self.format}| "


Step = Key | Index | Match | Inside
Selector = tuple[Step, ...]

_KEY = r'"(?:[^"\\]|\\["\\])*"|[^\s.\[\]"|=]+'
_BARE = re.compile(r'[^\s.\[\]"|={}]+')
_BARE_VALUE = re.compile(r'[^\s\[\]"][^\[\]"]*(?<!\s)')
_STEP = re.compile(
    rf"\[(?P<index>\d{{1,6}})\]"
    rf'|\[(?P<path>(?:{_KEY})(?:\.(?:{_KEY}))*)=(?P<value>"(?:[^"\\]|\\["\\])*"|[^\[\]"]+)\]'
    rf"|\s*\|(?P<inside>yaml|json)\|\s*"
    rf"|(?P<dot>\.?)(?P<key>{_KEY})"
)
_KEYS = re.compile(_KEY)
LIMIT = 1000
MAX_STEPS = 64


@lru_cache(maxsize=4096)
def parse_selector(text: str) -> Selector:
    """The steps of a selector. Raises ValueError saying where it goes wrong and what was expected."""
    if not text.strip() or len(text) > LIMIT:
        raise ValueError(f"a selector has 1 to {LIMIT} characters, such as spec.predictor.model.storageUri")
    steps: list[Step] = []
    place = 0
    while place < len(text):
        hit = _STEP.match(text, place)
        if hit is None or not _follows(hit, steps):
            raise ValueError(_complaint(text, place))
        steps.append(_step(hit))
        place = hit.end()
    if isinstance(steps[-1], Inside):
        raise ValueError(f"after |{steps[-1].format}| a key or a place is expected")
    if len(steps) > MAX_STEPS:
        raise ValueError(f"a selector has at most {MAX_STEPS} steps")
    return tuple(steps)


def _follows(hit: re.Match[str], before: list[Step]) -> bool:
    """A key stands behind a dot, unless it is the first of its text; `|yaml|` stands behind something."""
    first = not before or isinstance(before[-1], Inside)
    if hit["inside"] is not None:
        return not first
    return hit["key"] is None or bool(hit["dot"]) is not first


def _step(hit: re.Match[str]) -> Step:
    if hit["index"] is not None:
        return Index(int(hit["index"]))
    if hit["inside"] is not None:
        return Inside(hit["inside"])
    if hit["key"] is not None:
        return Key(_unquoted(hit["key"]))
    return Match(tuple(_unquoted(key) for key in _KEYS.findall(hit["path"])), _unquoted(hit["value"]))


def _complaint(text: str, place: int) -> str:
    return f'at {text[place : place + 20]!r} expected a key (a.b or "quoted.key"), [key=value], [0] or |yaml|'


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def selector_text(steps: Selector) -> str:
    """The one way in which the bot writes a selector."""
    text = ""
    for step in steps:
        starts = not text or text.endswith("| ")
        text += ("." if isinstance(step, Key) and not starts else "") + str(step)
    return text


def map_selector(text: str, change: Callable[[str], str]) -> str:
    """The selector with ``change`` applied to its keys and values, so that no value can act as syntax."""
    return selector_text(tuple(_mapped(step, change) for step in parse_selector(text)))


def _mapped(step: Step, change: Callable[[str], str]) -> Step:
    match step:
        case Key(name):
            return Key(change(name))
        case Match(path, value):
            return Match(tuple(change(key) for key in path), change(value))
        case _:
            return step
