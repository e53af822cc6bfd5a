"""What pydantic found, in the policy's own words: the key, what stands there, and what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from bot.domain.policy.base import Section
from bot.domain.policy.faults import Fault
from bot.domain.policy.load import Key, Loaded, dotted
from bot.domain.policy.schema import PolicyFile
from bot.domain.policy.shown import nearest

_EXPECTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def explain(error: ValidationError, loaded: Loaded, root: type[Section] = PolicyFile) -> Iterator[Fault]:
    """One fault for each thing that pydantic found. ``root`` is what the whole file was read as."""
    for detail in error.errors(include_url=False):
        key: Key = tuple(part for part in detail["loc"] if part != "[key]")
        file, line = loaded.place(key)
        yield Fault(file, line, dotted(key), _message(key, detail, root))


def _message(key: Key, detail: Mapping[str, Any], root: type[Section]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "syntax":
        return str(context["message"])
    if kind == "extra_forbidden":
        return _unknown(key, root)
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        expected = _one_of(context["expected"])
    elif kind == "too_long":
        expected = f"at most {context['max_length']} {key[-1]}"
    elif kind in _BOUNDS:
        expected = f"{_BOUNDS[kind][1]} {context[_BOUNDS[kind][0]]}"
    else:
        expected = _EXPECTED.get(kind) or context.get("expected") or str(detail["msg"])
    if kind == "expected" and isinstance(detail.get("input"), Mapping):
        return f"expected {expected}"
    return f"found {_found(detail.get('input'))}; expected {expected}"


def _one_of(known: str) -> str:
    return f"one of {known.replace(' or ', ', ')}" if " or " in known else known


def _unknown(key: Key, root: type[Section]) -> str:
    known = known_keys(key[:-1], root)
    near = nearest(str(key[-1]), known, cutoff=0.5)
    return f"unknown key; did you mean {near}?" if near else f"unknown key; expected one of {', '.join(known)}"


def _found(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 80 else text[:80] + "…"


def known_keys(key: Key, root: type[Section] = PolicyFile) -> list[str]:
    """The keys that the section at this place of the policy, or of another file, may have."""
    here: Any = root
    for part in key:
        here = _inside(here, part)
    section = _section(here)
    return [] if section is None else [field.alias or name for name, field in section.model_fields.items()]


def _inside(here: Any, part: str | int) -> Any:
    section = _section(here)
    if section is not None:
        fields = {field.alias or name: field for name, field in section.model_fields.items()}
        return fields[str(part)].annotation if str(part) in fields else None
    arguments = get_args(here)
    return arguments[-1] if isinstance(part, str) and arguments else next(iter(arguments), None)


def _section(here: Any) -> type[Section] | None:
    candidates = (here, *get_args(here))
    if getattr(here, "__origin__", None) in (dict, tuple):
        return None
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, Section)), None)
