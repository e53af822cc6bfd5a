"""As much of Go's text/template as our Argo CD template uses: toJson, if/else, and one form of range."""

from __future__ import annotations

import json
import re
from typing import Any

_TAG = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)


def render(template: str, data: dict[str, Any]) -> str:
    """The text; anything of the language that is not known here is an AssertionError."""
    parts = _TAG.split(template)
    text, rest = _block(parts, 0, {"": data}, on=True)
    assert rest == len(parts), "an end too many"
    return text


def _block(parts: list[str], at: int, known: dict[str, Any], *, on: bool) -> tuple[str, int]:
    """From the text at ``at`` up to the else or end that closes it; where that tag stands."""
    out = [parts[at]]
    at += 1
    while at < len(parts) and parts[at] not in ("else", "end"):
        word, _, rest = parts[at].partition(" ")
        if word == "if":
            text, at = _if(parts, at, rest, known, on=on)
        elif word == "range":
            text, at = _range(parts, at, rest, known, on=on)
        else:
            assert word == "toJson", f"not known: {parts[at]}"
            text = json.dumps(_value(rest, known)) if on else ""
        out += [text, parts[at + 1]]
        at += 2
    return "".join(out) if on else "", at


def _if(parts: list[str], at: int, path: str, known: dict[str, Any], *, on: bool) -> tuple[str, int]:
    true = on and bool(_value(path, known))
    yes, at = _block(parts, at + 1, known, on=true)
    no = ""
    if parts[at] == "else":
        no, at = _block(parts, at + 1, known, on=on and not true)
    assert parts[at] == "end"
    return yes + no, at


def _range(parts: list[str], at: int, rest: str, known: dict[str, Any], *, on: bool) -> tuple[str, int]:
    found = re.fullmatch(r"\$(\w+), \$(\w+) := (\S+)", rest)
    assert found, rest
    items = (_value(found[3], known) or []) if on else []
    bodies = [_block(parts, at + 1, {**known, found[1]: i, found[2]: one}, on=True)[0] for i, one in enumerate(items)]
    _, at = _block(parts, at + 1, known, on=False)
    return "".join(bodies), at


def _value(path: str, known: dict[str, Any]) -> Any:
    """A path that leads nowhere is nil, as in Go; a path through something that is no map is an error, as in Go."""
    name, *fields = path.removeprefix("$").split(".")
    value = known[name]
    for field in fields:
        assert value is None or isinstance(value, dict), path
        value = None if value is None else value.get(field)
    return value
