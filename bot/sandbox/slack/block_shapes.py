"""A small language for the shape of JSON: rules that yield faults with JSON pointers, in Slack's wording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: ``pointer`` is an RFC 6901 pointer from the request's root."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Rule = Callable[[Any, str], Iterator[Fault]]


def anything(_value: Any, _at: str) -> Iterator[Fault]:
    """Accept whatever stands there."""
    yield from ()


def typed(kinds: type | tuple[type, ...], name: str) -> Rule:
    """A value of one JSON type; a boolean is not a number."""

    def rule(value: Any, at: str) -> Iterator[Fault]:
        wanted_bool = kinds is bool
        if not isinstance(value, kinds) or (isinstance(value, bool) and not wanted_bool):
            yield Fault(at, f"must provide a {name}")

    return rule


boolean = typed(bool, "boolean")
number = typed((int, float), "number")


def string(most: int, least: int = 1) -> Rule:
    """A string of ``least`` to ``most`` characters."""

    def rule(value: Any, at: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(at, "must provide a string")
        elif len(value) < least:
            yield Fault(at, f"must be more than {least - 1} characters")
        elif len(value) > most:
            yield Fault(at, f"must be less than {most + 1} characters")

    return rule


def enum(*values: str) -> Rule:
    """One of a closed list of strings."""

    def rule(value: Any, at: str) -> Iterator[Fault]:
        if value not in values:
            yield Fault(at, f"value must be one of: {', '.join(values)}")

    return rule


def array(of: Rule, most: int, least: int = 1) -> Rule:
    """A list of ``least`` to ``most`` items that each obey ``of``."""

    def rule(value: Any, at: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(at, "must provide an array")
            return
        if len(value) > most:
            yield Fault(at, f"no more than {most} items allowed")
        if len(value) < least:
            yield Fault(at, f"no fewer than {least} items allowed")
        for index, item in enumerate(value):
            yield from of(item, f"{at}/{index}")

    return rule


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, check: Rule = anything) -> Rule:
    """An object with these fields and no others; ``check`` sees it once its fields are sound."""
    known = {**required, **(optional or {})}

    def fields(value: dict[str, Any], at: str) -> Iterator[Fault]:
        for name in required:
            if value.get(name) is None:
                yield Fault(at, f"missing required field: {name}")
        for name, item in value.items():
            if name not in known:
                yield Fault(at, f"invalid additional property: {name}")
            elif item is not None or name not in required:
                yield from known[name](item, f"{at}/{name}")

    def rule(value: Any, at: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(at, "must provide an object")
            return
        faults = list(fields(value, at))
        yield from faults or check(value, at)

    return rule


def by_type(table: Mapping[str, Rule]) -> Rule:
    """An object whose ``type`` picks its rule."""

    def rule(value: Any, at: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(at, "must provide an object")
        elif not isinstance(value.get("type"), str):
            yield Fault(at, "missing required field: type")
        elif value["type"] not in table:
            yield Fault(f"{at}/type", f"unsupported type: {value['type']}")
        else:
            yield from table[value["type"]](value, at)

    return rule


def exactly_one(*names: str) -> Rule:
    """Exactly one of these fields is present."""

    def rule(value: dict[str, Any], at: str) -> Iterator[Fault]:
        if sum(value.get(name) is not None for name in names) != 1:
            yield Fault(at, f"exactly one of these fields is required: {', '.join(names)}")

    return rule


def any_of(*names: str) -> Rule:
    """At least one of these fields is present and not empty."""

    def rule(value: dict[str, Any], at: str) -> Iterator[Fault]:
        if not any(value.get(name) for name in names):
            yield Fault(at, f"must provide one of: {', '.join(names)}")

    return rule
