"""The typed values of a policy's own tests: versions and moments."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.domain.policy.names import validate_name
from bot.domain.policy.values import expected
from bot.errors import Refused


def _version(value: object) -> object:
    """A version in quotes or not: `42` is `"42"`. A number with a point would lose its zeros, so it wants quotes."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise expected("a version such as 42; put it in quotes" if isinstance(text, float) else "a version such as 42")
    try:
        return validate_name("version", text)
    except Refused as refused:
        raise expected(f"a version; {refused.message}") from None


def moment_of(text: str) -> float:
    """`2026-12-24T18:00Z` in seconds since the epoch; in UTC where no offset is written. Raises ValueError."""
    found = dt.datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()


def _moment(value: object) -> object:
    try:
        if isinstance(value, str) and "T" in value and moment_of(value):
            return value
    except (ValueError, OverflowError):
        pass
    raise expected("a moment such as 2026-12-24T18:00Z, in UTC unless an offset is written")


def _metric(value: object) -> object:
    """YAML's `.nan`, `.inf` and `-.inf` are what a run may have logged; the files' loader leaves them as text."""
    return float(value.replace(".", "")) if value in (".nan", ".inf", "-.inf") and isinstance(value, str) else value


Version = Annotated[str, BeforeValidator(_version)]
Moment = Annotated[str, BeforeValidator(_moment)]
Metric = Annotated[float, Field(allow_inf_nan=True), BeforeValidator(_metric)]
"""What was logged, which may be no number."""
