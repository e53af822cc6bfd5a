"""A line that a person typed into Slack, taken apart: Slack's escapes undone, quotes and options understood."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import Reason, Refused

# Opening quotes, as keyboards and phones make them, each with what may close it.
_QUOTES = {'"': '"“”', "“": '”“"', "„": '“”"', "«": "»", "'": "'’", "‘": "’'"}
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_REPEATED = frozenset({"--waive"})
_SPACE, _LETTERS = re.compile(r"\s*"), re.compile(r"\S*")
_DASHES = re.compile(r"(?:--|[—–])(?=[A-Za-z])")


@dataclass
class Words:
    """Arguments in order, options by name; a flag's value is empty."""

    command: str
    arguments: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    repeated: dict[str, list[str]] = field(default_factory=dict)
    """All values of the options that may be given more than once."""


def from_slack(text: str) -> str:
    """Slack's `&lt;`, `<@U1|ana>`, `<#C1|ops>`, `<https://x|label>` as the person typed them. `<!channel>` stays.
    Half a character, which JSON can hold and no database can, becomes a question mark.

    Source: https://docs.slack.dev/messaging/formatting-message-text
    """
    text = text.encode(errors="replace").decode()
    typed = re.sub(r"<([@#]|!subteam\^|(?:https?|mailto|ftp|tel):)([^<>|]*)(?:\|([^<>]*))?>", _typed, text)
    return re.sub("|".join(_ESCAPES), lambda hit: _ESCAPES[hit[0]], typed)


def _typed(hit: re.Match[str]) -> str:
    sigil, target, label = hit[1], hit[2], hit[3]
    if sigil in ("@", "#"):
        return sigil + (label or target).removeprefix(sigil)
    return label or ("@" if sigil.startswith("!") else sigil) + target


def split_words(text: str, command: str, options: Mapping[str, bool], usage: str) -> Words:
    """Arguments and options; ``options`` says of each whether it takes a value. Raises Refused(BAD_USAGE)."""
    return _Splitter(text, Words(command), options, usage).run()


class _Splitter:
    def __init__(self, text: str, words: Words, options: Mapping[str, bool], usage: str) -> None:
        self._text, self._words, self._options, self._usage = text, words, options, usage
        self._place = 0

    def run(self) -> Words:
        while self._skip_space():
            word, quoted = self._word()
            dashes = None if quoted else _DASHES.match(word)
            if dashes:
                self._option("--" + word[dashes.end() :])
            elif word.startswith("-") and not quoted:
                raise self._unknown(word)
            else:
                self._words.arguments.append(word)
        return self._words

    def _skip_space(self) -> bool:
        self._place = _SPACE.match(self._text, self._place).end()  # type: ignore[union-attr]  # it may match nothing
        return self._place < len(self._text)

    def _word(self) -> tuple[str, bool]:
        """The next word, and whether it was quoted. A quote inside a word, as in don't, is a letter."""
        start, closers = self._place, _QUOTES.get(self._text[self._place])
        if closers is None:
            self._place = _LETTERS.match(self._text, start).end()  # type: ignore[union-attr]
            return self._text[start : self._place], False
        for end in range(start + 1, len(self._text)):
            if self._text[end] in closers and (end + 1 == len(self._text) or self._text[end + 1].isspace()):
                self._place = end + 1
                return self._text[start + 1 : end], True
        raise self._refused(f"The quote before {self._text[start + 1 : start + 21]!a} is not closed.")

    def _option(self, word: str) -> None:
        name, equals, value = word.partition("=")
        name = name.lower()
        if name not in self._options:
            raise self._unknown(name)
        if name in self._words.options and name not in _REPEATED:
            raise self._refused(f"`{name}` is given twice.")
        if not self._options[name]:
            if equals:
                raise self._refused(f"`{name}` takes no value.")
            self._words.options[name] = ""
            return
        if equals:
            self._place -= len(value)
        self._words.options[name] = self._value(name)
        if name in _REPEATED:
            self._words.repeated.setdefault(name, []).append(self._words.options[name])

    def _value(self, name: str) -> str:
        """The value after an option: a word, or for `--reason` a quoted text or the rest of the line."""
        if not self._skip_space():
            raise self._refused(f"`{name}` needs a value.")
        if name == "--reason" and self._text[self._place] not in _QUOTES:
            value, self._place = self._text[self._place :], len(self._text)
        else:
            value, _ = self._word()
        value = "".join(ch for ch in " ".join(value.split()) if ch.isprintable())
        if not value:
            raise self._refused(f"`{name}` needs a value.")
        return value

    def _unknown(self, word: str) -> Refused:
        near = difflib.get_close_matches(word[:60], self._options, n=1, cutoff=0.5)
        hint = f"; did you mean `{near[0]}`?" if near else "."
        return self._refused(f"There is no option {word[:60]!a}{hint}")

    def _refused(self, message: str) -> Refused:
        return Refused(Reason.BAD_USAGE, message, self._usage)
