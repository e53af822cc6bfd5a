"""What monitors say of models in use, to windows: one parser a tool, and an envelope that says what a report is about.

A report of Evidently, NannyML or whylogs names no model and no environment: the sender says them as parameters of the
URL, or in an envelope `{"source": …, "model": …, "environment": …, "monitor": …, "at": …, "report": {…}}`. The source
may be left out where the report's shape tells it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.drifting.windows import Window
from bot.signals.drift import evidently, nannyml, plain, whylogs
from bot.signals.drift.about import About, Given, given, told
from bot.signals.drift.distributions import with_shapes
from bot.signals.drift.mlflow import metrics
from bot.signals.reading import BadBody

__all__ = ["PARSERS", "About", "Given", "Parser", "given", "metrics", "parse", "read", "told"]

REPORT = "report"


@dataclass(frozen=True)
class Parser:
    """One tool's form. ``looks`` tells it from the others by its shape."""

    name: str
    looks: Callable[[object], bool]
    parse: Callable[[object, About], tuple[Window, ...]]


PARSERS = (
    Parser(evidently.SOURCE, evidently.looks, evidently.parse),
    Parser(nannyml.SOURCE, nannyml.looks, nannyml.parse),
    Parser(whylogs.SOURCE, whylogs.looks, whylogs.parse),
    Parser(plain.SOURCE, plain.looks, plain.parse),
)
"""In the order in which shapes are tried; the plain JSON is the last, and says best what is wrong with it."""


def read(raw: bytes, said: Given, received: float) -> tuple[Window, ...]:
    """As ``parse``, of a body as it came, with what was said beside it. Raises BadBody, also for what is no JSON."""
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadBody("the body is no JSON") from None
    return parse(said.source or "", payload, told(About(received=received), said))


def parse(source: str, payload: object, about: About) -> tuple[Window, ...]:
    """The windows of one body, in or out of an envelope; ``source`` "" is told by the shape. Raises BadBody."""
    if isinstance(payload, dict) and REPORT in payload:
        said = given({name: value for name, value in payload.items() if name != REPORT})
        source, payload, about = said.source or source, payload[REPORT], told(about, said)
    return with_shapes(_parser(source, payload).parse(payload, about), about)


def _parser(source: str, payload: object) -> Parser:
    if source:
        named = next((parser for parser in PARSERS if parser.name == source), None)
        if named is None:
            raise BadBody(f"source: one of {', '.join(parser.name for parser in PARSERS)} is needed")
        return named
    return next((parser for parser in PARSERS if parser.looks(payload)), PARSERS[-1])
