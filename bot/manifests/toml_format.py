"""TOML, read by tomllib and edited byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.change import Scalar
from bot.domain.policy.model import Binding
from bot.domain.policy.selectors import Index, Key, Match, Selector, Step, selector_text
from bot.domain.policy.shown import nearest
from bot.manifests.plain_text import PlainText, Spot
from bot.manifests.refusals import Absent, short, unreadable
from bot.manifests.scalars import is_integer, is_number
from bot.manifests.shapes import refuse_broken_template, refuse_language
from bot.manifests.toml_places import Path, TomlError, places, values

Found = tuple[Path, object]


class TomlFile(PlainText):
    """One file, parsed once."""

    def parse(self) -> None:
        """Raises Refused for what is not TOML, and for a template."""
        import tomllib

        refuse_language(self.file)
        try:
            found = places(self.text)
            self._data = tomllib.loads(self.text)
        except TomlError as error:
            refuse_broken_template(self.file, self.text)
            raise unreadable(self.file, f"line {self.line(error.place)}: {error.message}") from None
        except (ValueError, RecursionError) as error:
            refuse_broken_template(self.file, self.text)
            raise unreadable(self.file, f"not TOML: {short(str(error), 200)}") from None
        self._places = found.values
        for start, end in found.comments:
            self.refuse_control(self.text[start:end], start)

    def spot(self, binding: Binding) -> Spot:
        """The value that the selector leads to."""
        path, value = self._only(binding)
        at = self.at(binding)
        if isinstance(value, dict | list):
            raise unreadable(self.file, f"{at} selects a {'table' if isinstance(value, dict) else 'list'}")
        kind = {str: "str", bool: "bool", int: "int", float: "float"}.get(type(value))
        if kind is None:
            raise unreadable(self.file, f"{at} is a date or a time; write the version as a string")
        start, end = self._place(at, path)
        return Spot(start, end, Scalar(kind, value if isinstance(value, str) else self.text[start:end]))

    def _place(self, at: str, path: Path) -> tuple[int, int]:
        if path not in self._places:
            raise unreadable(self.file, f"{at} stands where its place is not certain")
        return self._places[path]

    def _only(self, binding: Binding) -> Found:
        steps = self.steps(binding)
        hits = _select(self._data, steps)
        if len(hits) == 1:
            return hits[0]
        message = f"{self.at(binding)} selects {len(hits)} values, expected 1"
        if hits:
            raise unreadable(self.file, message)
        raise Absent(self.file, f"{message}{_hint(self._data, steps)}")

    def source(self, spot: Spot, text: str) -> tuple[str, str]:
        """A number stays one where every reader writes the new one back as it stands; all else is a string, whose
        quotes stay what they were where they can hold it."""
        old = self.text[spot.start : spot.end]
        if spot.scalar.type in ("int", "float") and is_number(text):
            return text, "int" if is_integer(text) else "float"
        quote = next((q for q in ('"""', "'''", '"', "'") if old.startswith(q)), '"')
        if quote[0] == "'" and "'" not in text:
            return f"{quote}{text}{quote}", "str"
        quote = quote.replace("'", '"')
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f"{quote}{escaped}{quote}", "str"

    def rest(self, bindings: tuple[Binding, ...]) -> object:
        """Every other value by its path, with its type: 1 is not 1.0. Only nan differs from itself."""
        bound = {self._only(binding)[0] for binding in bindings}
        others = ((path, value) for path, value in values(self._data) if path not in bound)
        return {path: (type(value), value if value == value else "nan") for path, value in others}  # noqa: PLR0124


def _select(data: object, steps: Selector) -> list[Found]:
    found: list[Found] = [((), data)]
    for step in steps:
        found = [inner for path, value in found for inner in _inside(path, value, step)]
    return found


def _inside(path: Path, value: object, step: Step) -> Iterator[Found]:
    match step:
        case Key(name) if isinstance(value, dict) and name in value:
            yield (*path, name), value[name]
        case Index(number) if isinstance(value, list) and number < len(value):
            yield (*path, number), value[number]
        case Match(keys, wanted) if isinstance(value, list):
            inner = tuple(Key(key) for key in keys)
            for number, item in enumerate(value):
                if any(_says(end, wanted) for _, end in _select(item, inner)):
                    yield (*path, number), item


def _says(value: object, wanted: str) -> bool:
    """Whether a string or a whole number reads so. Python writes no number of more than 4300 digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 10**18 and str(value) == wanted
    return value == wanted


def _hint(data: object, steps: Selector) -> str:
    for length in range(len(steps) - 1, -1, -1):
        for _, value in _select(data, steps[:length])[:1]:
            step, missing = steps[length], selector_text(steps[: length + 1])
            known = value if isinstance(value, dict) else ()
            near = nearest(step.name, known) if isinstance(step, Key) else None
            return f"; {missing} is not there{f', did you mean {near}?' if near else ''}"
    return ""
