"""Files of environment variables (`.env`), read by python-dotenv and edited byte for byte.

Source: https://saurabh-kumar.com/python-dotenv/#file-format
"""

from __future__ import annotations

import io
import re
from itertools import accumulate

from bot.domain.change import Scalar
from bot.domain.policy.model import Binding
from bot.domain.policy.selectors import Key
from bot.domain.policy.shown import nearest
from bot.manifests.plain_text import PlainText, Spot
from bot.manifests.refusals import Absent, short, unreadable
from bot.manifests.shapes import refuse_language, template

_HEAD = re.compile(r"\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=#\s]+)[^\S\r\n]*=[^\S\r\n]*")
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_FILLED_IN = re.compile(r"\$[A-Za-z_{(]|`")
# What every reader, shells among them, takes as it stands.
_PLAIN = re.compile(r"[A-Za-z0-9_./:@+=,%-]+")
# The quotes, and what they cannot hold for every reader.
_QUOTES = {"'": re.compile(r"['\\]"), '"': re.compile(r"[\"\\$`!]")}
# python-dotenv takes quadratic time for a run of blanks.
_LONG_BLANK = re.compile(r"\s{256}")


class DotenvFile(PlainText):
    """One file, parsed once. A selector is one key."""

    max_bytes = 256 * 1024

    def parse(self) -> None:
        """Raises Refused for a line that is no `KEY=value`, and for a template."""
        from dotenv.parser import parse_stream

        refuse_language(self.file)
        if _LONG_BLANK.search(self.text):
            raise unreadable(self.file, "has 256 blanks in a row")
        self._lines = list(parse_stream(io.StringIO(self.text)))
        self._starts = [0, *accumulate(len(line.original.string) for line in self._lines)]
        for line, start in zip(self._lines, self._starts, strict=False):
            if line.error:
                raise unreadable(self.file, f"line {self.line(start)} is not KEY=value")
            self._refuse_template(line.original.string, start)
        if self._starts[-1] != len(self.text):
            raise unreadable(self.file, "is no dotenv file")

    def _refuse_template(self, text: str, start: int) -> None:
        """`{{` between quotes is somebody's value; elsewhere it is a template's."""
        place = _value_start(text)
        if not text[place:].startswith(("'", '"')) and ("{{" in text or "{%" in text):
            raise template(self.file, f"line {self.line(start)} holds {{{{ }}}} or {{% %}}")

    def spot(self, binding: Binding) -> Spot:
        """The value of the key, with its quotes."""
        number = self._number(self._key(binding))
        text, value = self._lines[number].original.string, self._lines[number].value
        if value is None:
            raise Absent(self.file, f"{self.at(binding)} has no value; write a version there first")
        place = _value_start(text)
        quoted = _QUOTED.match(text, place)
        source = quoted[0] if quoted else value
        self._refuse_filled_in(self.at(binding), source)
        start = self._starts[number] + place
        return Spot(start, start + len(source), Scalar("str", value))

    def _refuse_filled_in(self, at: str, source: str) -> None:
        if not source.startswith("'") and _FILLED_IN.search(source):
            raise template(self.file, f"{at} holds {short(source)}, which a shell fills in")
        if "\\" in source:
            raise unreadable(self.file, f"{at} holds a backslash, which readers do not take alike")

    def _key(self, binding: Binding) -> str:
        steps = self.steps(binding)
        if len(steps) == 1 and isinstance(steps[0], Key):
            return steps[0].name
        raise unreadable(self.file, f"{short(binding.at)} is no single key, and a dotenv file has no levels")

    def _number(self, key: str) -> int:
        hits = [number for number, line in enumerate(self._lines) if line.key == key]
        if not hits:
            near = nearest(key, (line.key for line in self._lines if line.key))
            raise Absent(self.file, f"{short(key)} is not there{f', did you mean {near}?' if near else ''}")
        if len(hits) > 1:
            raise unreadable(self.file, f"{short(key)} is repeated {len(hits)} times")
        return hits[0]

    def source(self, spot: Spot, text: str) -> tuple[str, str]:
        """Quotes stay what they were; a plain value gets them where it needs them."""
        old = self.text[spot.start]
        if old not in _QUOTES and _PLAIN.fullmatch(text):
            return text, "str"
        for quote in sorted(_QUOTES, key=lambda one: one != (old if old in _QUOTES else '"')):
            if not _QUOTES[quote].search(text):
                return f"{quote}{text}{quote}", "str"
        raise unreadable(self.file, f"{short(text)} cannot be written so that every reader takes it alike")

    def rest(self, bindings: tuple[Binding, ...]) -> object:
        """Every other key with its value and source, in order."""
        bound = {self._key(binding) for binding in bindings}
        return [line.key if line.key in bound else (line.key, line.value, line.original.string) for line in self._lines]


def _value_start(text: str) -> int:
    head = _HEAD.match(text)
    return head.end() if head else 0
