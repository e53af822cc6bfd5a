"""Types of the policy's values that are about data sets and what is measured of them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.domain.drifting.templates import NAMES, open_names
from bot.domain.policy.values import Text, _parsed, expected, matching

DATABASES = "SLACKOPS_DRIFT_"
"""How the environment variables begin that a policy may name: no query is asked of the bot's own database."""
MAX_PLACE = 1000
MAX_QUERY = 10_000
_QUOTED = re.compile(r"'\{(?:model|environment)\}'")
_LITERAL = re.compile(r"\{(?:model|environment)\}")


def parse_fraction(value: object) -> float:
    """`50%` or `0.5`: a part of a whole, more than nothing and at most all of it."""
    hit = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)\s?%", value) if isinstance(value, str) else None
    found = float(hit[1]) / 100 if hit else value
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= 1:
        raise expected("a part such as 50% or 0.5, more than 0 and at most all")
    return float(found)


def parse_allowance(value: object) -> float:
    """The same, or nothing; `false`: everything is allowed."""
    if value is False:
        return 1.0
    if not isinstance(value, bool) and value in (0, "0%"):
        return 0.0
    return parse_fraction(value)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _limits(value: object) -> object:
    return dict.fromkeys(value) if isinstance(value, tuple) and all(isinstance(one, str) for one in value) else value


def parse_place(text: str) -> str:
    """A path or a URI; `*` within a name, `**` for any folders, {model} and {environment} where they stand."""
    if not text or len(text) > MAX_PLACE or not text.isprintable() or "\\" in text:
        raise expected(f"a path or URI of 1 to {MAX_PLACE} characters on one line")
    if set(open_names(text)) - NAMES or text.count("{") != len(open_names(text)) or text.count("{") != text.count("}"):
        raise expected("a path in which only {model} and {environment} are left open")
    scheme, apart, _ = text.partition("://")
    if apart and scheme not in ("s3", "gs", "file"):
        raise expected("a path, or a URI that begins with s3://, gs:// or file://")
    if ".." in text.split("/"):
        raise expected("a path without ..")
    return text


def parse_query(text: str) -> str:
    """SQL. The names of models come from the repo's paths, so they stand in quotes, where nothing in them acts."""
    odd = any(not (one.isprintable() or one in "\n\t") for one in text)
    if not text.strip() or len(text) > MAX_QUERY or odd:
        raise expected(f"SQL of at most {MAX_QUERY} characters")
    if _LITERAL.search(_QUOTED.sub("", text)):
        raise expected("{model} and {environment} alone in single quotes, such as WHERE model = '{model}'")
    return text


Fraction = Annotated[float, BeforeValidator(parse_fraction)]
Allowance = Annotated[float, BeforeValidator(parse_allowance)]
Names = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Limits = Annotated[dict[Text, Annotated[float, Field(gt=0, le=1e9)] | None], BeforeValidator(_limits)]
"""Patterns of metrics, with a limit each or without; a list of them has none."""
Place = Annotated[str, _parsed(parse_place)]
Query = Annotated[str, _parsed(parse_query)]
DatabaseName = Annotated[
    str,
    matching(
        rf"{DATABASES}[A-Z0-9_]{{1,80}}",
        f"the name of an environment variable of the bot that begins with {DATABASES}, such as {DATABASES}SCORES",
    ),
]
