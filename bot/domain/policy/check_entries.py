"""What is wrong with targets and layouts beyond the shape of each key: selectors, templates, environments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.policy.entries import Entry, entries, items, mapping, no_environment
from bot.domain.policy.expressions import parse_expression
from bot.domain.policy.file_formats import format_of
from bot.domain.policy.load import Key
from bot.domain.policy.model import Declared
from bot.domain.policy.regions import every_name
from bot.domain.policy.selectors import Inside, Selector, parse_selector
from bot.domain.policy.selectors import Key as KeyStep
from bot.domain.policy.stepping import OWN
from bot.domain.policy.templates import IDENTIFYING, variables

Finding = tuple[Key, str]


def check_entries(data: Mapping[str, object]) -> Iterator[Finding]:
    """All targets and layouts. Looks at the file as it was read, so that it works beside other faults."""
    environments = every_name(mapping(data.get("environments")))
    telling = {entry.key[:-1] for entry in entries(data) if _primary(entry, "value")}
    for entry in entries(data):
        yield from _selectors(entry)
        yield from _templates(entry, only_companion=entry.model is not None and entry.key[:-1] in telling)
        yield from _stages(entry, environments)


def _selectors(entry: Entry) -> Iterator[Finding]:
    for key, place in entry.places():
        for check in _checks(entry):
            yield from _fault((*key, "at"), place.get("at"), check)
    yield from _scope(entry)


def _fault(key: Key, text: object, check: Callable[[str], object]) -> Iterator[Finding]:
    if isinstance(text, str):
        try:
            check(text)
        except ValueError as error:
            yield key, str(error)


def _checks(entry: Entry) -> list[Callable[[str], object]]:
    """What `at` must pass: one check for each format among the entry's files."""
    said = entry.data.get("format")
    files = [file for file in items(entry.data.get("files")) if isinstance(file, str)]
    formats = {said} if isinstance(said, str) else {format_of(file) for file in files}
    return [_CHECKS[name] for name in _CHECKS if name in formats] or [parse_selector]


def _flat(text: str) -> Selector:
    steps = parse_selector(text)
    if len(steps) != 1 or not isinstance(steps[0], KeyStep):
        raise ValueError("a dotenv file has no levels; expected one key, such as MODEL_VERSION")
    return steps


def _plain(text: str) -> Selector:
    steps = parse_selector(text)
    if any(isinstance(step, Inside) for step in steps):
        raise ValueError("|yaml| and |json| lead into the text of yaml and json files only")
    return steps


_CHECKS: dict[str, Callable[[str], object]] = {
    "yaml": parse_selector,
    "json": parse_selector,
    "toml": _plain,
    "dotenv": _flat,
    "regex": parse_expression,
}


def _scope(entry: Entry) -> Iterator[Finding]:
    scope = mapping(entry.data.get("rollback")).get("scope")
    if not isinstance(scope, str):
        return
    key = (*entry.key, "rollback", "scope")
    try:
        steps = parse_selector(scope)
        inside = [parse_selector(str(at)) for at in _primary(entry, "at")]
    except ValueError as error:
        yield key, str(error)
        return
    if not any(one[: len(steps)] == steps for one in inside):
        yield key, "no primary place stands under it, so a rollback would leave the version as it is"


def _primary(entry: Entry, what: str) -> list[object]:
    return [place.get(what) for _, place in entry.places() if place.get("role", "primary") == "primary"]


def _templates(entry: Entry, *, only_companion: bool) -> Iterator[Finding]:
    """``only_companion``: it may hold no primary place, because another entry of the same target does."""
    declared = entry.declared
    if declared is None:
        return
    faults = [
        fault
        for key, place in entry.places()
        for fault in _fault((*key, "value"), place.get("value"), _template_check(place.get("role"), entry, declared))
    ]
    yield from faults
    if only_companion and not _primary(entry, "value"):
        return
    if not faults and all(isinstance(value, str) for value in _primary(entry, "value")):
        held = (variables(str(value), declared) for value in _primary(entry, "value"))
        if not any(names & IDENTIFYING for names in held):
            yield entry.key, "expected {version}, {run_id} or {model_id} in the value of a primary place"


_STEPPED: dict[object, str] = {"percent": "percent", "rest": "rest", "switch": "slot"}


def _template_check(role: object, entry: Entry, declared: tuple[Declared, ...]) -> Callable[[str], None]:
    """A place of a ladder of steps holds its own variable and no other."""
    own = _STEPPED.get(role)

    def check(text: str) -> None:
        _variables(text, entry, declared if own is None else OWN)
        if own is not None and variables(text, OWN) != {own}:
            raise ValueError(f"expected {{{own}}} and no other variable in the value of role: {role}")

    return check


def _variables(text: str, entry: Entry, declared: tuple[Declared, ...]) -> None:
    try:
        variables(text, declared)
    except ValueError as error:
        unknown = str(error).startswith("unknown variable") and entry.model is None
        more = " (vars belong to one model; a layout holds none of them)" if unknown else ""
        raise ValueError(f"{error}{more}") from None


def _stages(entry: Entry, environments: Mapping[str, object]) -> Iterator[Finding]:
    for key, stage in _named(entry):
        if stage not in environments:
            yield key, no_environment(stage, environments)
        elif stage == entry.stage:
            yield key, f"{stage} is the environment of this target itself"


def _named(entry: Entry) -> Iterator[tuple[Key, str]]:
    for place, stage in enumerate(items(entry.data.get("shared_with"))):
        if isinstance(stage, str):
            yield (*entry.key, "shared_with", place), stage
    absent = entry.data.get("when_absent")
    if isinstance(absent, str) and absent.startswith("inherit:"):
        yield (*entry.key, "when_absent"), absent.removeprefix("inherit:")
