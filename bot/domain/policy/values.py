"""The typed values of a policy: durations, percentages, spans of dates, people, channels, paths.

Each parser takes what YAML held and raises PydanticCustomError("expected", …) saying what was expected.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from bot.domain.policy.crontab import parse_crontab
from bot.domain.policy.declared import alphabet_of, check_source, is_variable_name
from bot.domain.policy.model import Regression
from bot.domain.policy.names import validate_name
from bot.domain.policy.templates import BUILT_IN
from bot.errors import Refused

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class DateRange:
    """Days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Share:
    """``hits`` out of ``tries``, written `2 of 3`."""

    hits: int
    tries: int


def expected(what: str) -> PydanticCustomError:
    """The error that every parser raises."""
    return PydanticCustomError("expected", "{expected}", {"expected": what})


def _parsed(parse: Callable[[str], Any], ready: type = str) -> BeforeValidator:
    def run(value: object) -> Any:
        if isinstance(value, str):
            return parse(value)
        if isinstance(value, ready):
            return value
        if value is None:
            raise expected("text; what starts with # must stand in quotes")
        raise expected("text; put it in quotes" if isinstance(value, int | float) else "text")

    return BeforeValidator(run)


def parse_duration(text: str) -> dt.timedelta:
    """`15m`, `24h`, `7d`, `1h30m`: whole numbers with s, m, h, d or w; at most ten years."""
    parts = re.findall(r"(\d{1,6})([smhdw])", text)
    if not parts or "".join(n + u for n, u in parts) != text:
        raise expected("a duration such as 15m, 24h or 7d")
    total = sum((dt.timedelta(**{_UNITS[unit]: int(n)}) for n, unit in parts), dt.timedelta())
    if total > dt.timedelta(days=3660):
        raise expected("a duration of at most ten years")
    return total


def parse_regression(text: str) -> Regression:
    """`1%` or `0.5%` of the old value, or a plain number in the metric's own unit; never negative."""
    hit = re.fullmatch(r"(\d{1,12}(?:\.\d{1,12})?)\s?(%?)", text)
    if hit is None:
        raise expected("a percentage such as 1%, or a number in the metric's own unit, such as 0.005")
    return Regression(float(hit[1]), bool(hit[2]))


def _regression(value: object) -> Regression:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12:
        return Regression(float(value), False)
    return value if isinstance(value, Regression) else parse_regression(value if isinstance(value, str) else "")


def parse_dates(text: str) -> DateRange:
    """`2026-12-20/2027-01-02`, or one day."""
    first, _, last = text.partition("/")
    try:
        span = DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))
    except ValueError:
        span = None
    if span is None or span.last < span.first:
        raise expected("a day or a span of days such as 2026-12-20/2027-01-02")
    return span


def parse_share(text: str) -> Share:
    """`2 of 3`."""
    hit = re.fullmatch(r"(\d{1,3}) of (\d{1,3})", text)
    if hit is None or not 1 <= int(hit[1]) <= int(hit[2]):
        raise expected("a share such as 2 of 3")
    return Share(int(hit[1]), int(hit[2]))


def matching(pattern: str, what: str) -> BeforeValidator:
    """Text of this shape."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise expected(what)
        return text

    return _parsed(check)


def _printable(limit: int) -> BeforeValidator:
    """Text that can be shown as it is."""

    def check(text: str) -> str:
        if not text or len(text) > limit or not text.isprintable():
            raise expected(f"text of 1 to {limit} characters on one line")
        return text

    return _parsed(check)


def _path(text: str) -> str:
    parts = text.split("/")
    odd = not text.isprintable() or "\\" in text or len(text) > 500
    if odd or any(p in ("", ".", "..") or p.lower() == ".git" for p in parts):
        raise expected("a path inside the deployment repo, relative to its root, without ..")
    known = {"{model}", "{environment}", "{region}"}
    if set(re.findall(r"\{[^{}]*\}", text)) - known or text.count("{") != text.count("}"):
        raise expected("a path in which only {model}, {environment} and {region} are left open")
    return text


def _syntax(parse: Callable[[str], object]) -> BeforeValidator:
    def check(text: str) -> str:
        try:
            parse(text)
        except ValueError as error:
            raise PydanticCustomError("syntax", "{message}", {"message": str(error)}) from None
        return text

    return _parsed(check)


def _variable(text: str) -> str:
    if text in BUILT_IN:
        raise expected("a name of your own; the bot knows this variable already")
    if not is_variable_name(text):
        raise expected("a variable's name: lower-case letters, digits and _, a letter first, at most 41")
    return text


def _environment(text: str) -> str:
    try:
        return validate_name("environment", text)
    except Refused as refused:
        raise expected(f"a name with {(refused.unblock or '').partition(' has ')[2].rstrip('.')}") from None


Duration = Annotated[dt.timedelta, _parsed(parse_duration, dt.timedelta)]
MaxRegression = Annotated[Regression, BeforeValidator(_regression)]
Dates = Annotated[DateRange, _parsed(parse_dates, DateRange)]
Of = Annotated[Share, _parsed(parse_share, Share)]
Path = Annotated[str, _parsed(_path)]
Line = Annotated[str, _printable(1000)]
EnvironmentName = Annotated[str, _parsed(_environment)]
Absent = Annotated[
    str, matching(r"refuse|insert|inherit:[A-Za-z0-9._-]{1,63}", "refuse, insert, or inherit:ENVIRONMENT")
]
Pattern = Annotated[str, _syntax(alphabet_of)]
Source = Annotated[str, _syntax(check_source)]
VariableName = Annotated[str, _parsed(_variable)]
Repository = Annotated[str, matching(r"[\w.-]{1,100}/[\w.-]{1,100}", "a repository such as acme/fraud-training")]
Channel = Annotated[str, matching(r"#[\w-]{1,80}|[CG][A-Z0-9]{2,20}", 'a channel such as "#ml-deploys" or C0123ABC')]
# `slack:T…/U…` names one person of another workspace: a user id alone is always one of ours
PRINCIPAL = (
    r"slack:(?:@[^\s@<>:]{1,80}|[SUW][A-Z0-9]{2,20}|[ET][A-Z0-9]{2,20}/[UW][A-Z0-9]{2,20})"
    r"|github:[A-Za-z0-9][A-Za-z0-9-]{0,99}(?:/[\w.-]{1,100})?"
)
Principal = Annotated[
    str,
    matching(PRINCIPAL, "a person or group such as slack:@ml-team, slack:S0123ABC, github:ana or github:acme/ml-leads"),
]
Text = Annotated[str, _printable(250)]
Cron = Annotated[str, _syntax(parse_crontab)]
