"""The targets and layouts of a policy file as it was read, before its shape is known to be right.

So what is wrong with a selector or a template is told beside other faults, each with its own line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.policy.declared import alphabet_of
from bot.domain.policy.load import Key
from bot.domain.policy.model import Declared
from bot.domain.policy.shown import nearest


@dataclass(frozen=True)
class Entry:
    """One item of `layouts` or of a model's `targets`. ``model`` and ``stage`` are None in a layout.

    ``declared`` is None where the model's variables are wrong themselves.
    """

    key: Key
    data: Mapping[str, object] = field(hash=False)
    model: str | None
    stage: str | None
    declared: tuple[Declared, ...] | None

    def places(self) -> Iterator[tuple[Key, Mapping[str, object]]]:
        """What holds `at`, `value` and `role`: the entry itself, or each item of its `set`."""
        inner = items(self.data.get("set"))
        if not inner:
            yield self.key, self.data
        for number, place in enumerate(inner):
            if isinstance(place, dict):
                yield (*self.key, "set", number), place


def entries(data: Mapping[str, object]) -> Iterator[Entry]:
    """All of them, in the order of the file."""
    for number, entry in enumerate(items(data.get("layouts"))):
        if isinstance(entry, dict):
            yield Entry(("layouts", number), entry, None, None, ())
    for model, rule in mapping(data.get("models")).items():
        declared = _declared(mapping(mapping(rule).get("vars")))
        for stage, listed in mapping(mapping(rule).get("targets")).items():
            for number, entry in enumerate(items(listed)):
                if isinstance(entry, dict):
                    yield Entry(("models", model, "targets", stage, number), entry, model, stage, declared)


def _declared(rules: Mapping[str, object]) -> tuple[Declared, ...] | None:
    try:
        return tuple(_one(name, mapping(rule)) for name, rule in rules.items())
    except ValueError:
        return None


def _one(name: str, rule: Mapping[str, object]) -> Declared:
    pattern, source = rule.get("pattern"), rule.get("from")
    if not isinstance(pattern, str) or not isinstance(source, str):
        raise ValueError(name)
    alphabet_of(pattern)
    return Declared(name, pattern, source)


def mapping(value: object) -> Mapping[str, object]:
    """The mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> tuple[object, ...]:
    """The list, or an empty one."""
    return value if isinstance(value, tuple) else ()


def no_environment(stage: str, environments: Mapping[str, object]) -> str:
    """What to say of an environment that is not there."""
    near = nearest(stage, environments)
    known = ", ".join(environments) or "none"
    return f"no such environment; {f'did you mean {near}?' if near else f'expected one of {known}'}"
