"""Files of a fleet differ in the names of their model and environment: hidden behind marks, look-alikes are equal."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.domain.policy.selectors import Index, Inside, Key, Match, Step, parse_selector
from bot.domain.policy.templates import Variable, parse_template

MODEL, ENVIRONMENT = "\N{CIRCLED LATIN SMALL LETTER M}", "\N{CIRCLED LATIN SMALL LETTER E}"
MODEL_BYTES, ENVIRONMENT_BYTES = MODEL.encode(), ENVIRONMENT.encode()
LONGEST: Final = 100
_MARK, _MARK_BYTES = re.compile(f"[{MODEL}{ENVIRONMENT}]"), MODEL_BYTES[:2]
# Names that mean nothing to YAML or JSON wherever they stand in a scalar: no space, no sign …
_HARMLESS: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")


@lru_cache(maxsize=8192)
def is_harmless(name: str) -> bool:
    """… and no part of the word that says that there is nothing."""
    return _HARMLESS.fullmatch(name) is not None and name.lower() not in "null"


class Names:
    """A model's and an environment's name. ``hide`` and ``show`` are each other's inverse for text without marks.

    Both work piece by piece: cut a text at characters that no name has, and the pieces come out the same.
    """

    def __init__(self, model: str, environment: str) -> None:
        self.model, self.environment = model, environment
        self.harmless = is_harmless(model) and is_harmless(environment)
        self._model, self._environment = model.encode("utf-8", "replace"), environment.encode("utf-8", "replace")

    def hide(self, text: str) -> str:
        """The text with marks for names."""
        return text.replace(self.model, MODEL).replace(self.environment, ENVIRONMENT)

    def hide_bytes(self, data: bytes) -> bytes | None:
        """The same for UTF-8; None where it holds marks of its own."""
        if not data.isascii() and _MARK_BYTES in data:
            return None
        return data.replace(self._model, MODEL_BYTES).replace(self._environment, ENVIRONMENT_BYTES)

    def show(self, text: str) -> str:
        """The text with names for marks."""
        return text.replace(ENVIRONMENT, self.environment).replace(MODEL, self.model)

    def within(self, text: str) -> bool:
        """Whether a name stands somewhere in the text."""
        return self.model in text or self.environment in text

    def hide_selector(self, text: str) -> object:
        """A selector with the names hidden in its keys and values, where they are no syntax. Raises ValueError."""
        return tuple(self._hide_step(step) for step in parse_selector(text)) if self.within(text) else text

    def hide_template(self, text: str) -> str:
        """A value template with the names hidden in what is literal. Raises ValueError."""
        pieces = parse_template(text)
        return "".join(f"{{{one.name}}}" if isinstance(one, Variable) else self.hide(one) for one in pieces)

    def _hide_step(self, step: Step) -> Step:
        match step:
            case Key(name):
                return Key(self.hide(name))
            case Match(path, value):
                return Match(tuple(self.hide(key) for key in path), self.hide(value))
            case Index() | Inside():
                return step


def marked(*texts: str | None) -> bool:
    """Whether any of the texts holds a mark of its own."""
    return _MARK.search("".join([text for text in texts if text])) is not None
