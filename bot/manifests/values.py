"""Value templates at work: filled in, and read back through an anchored regular expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.domain.policy.expressions import Expression, compiled, escaped
from bot.domain.policy.model import Declared
from bot.domain.policy.templates import GIVEN, Template, Variable, parse_template
from bot.errors import Reason, Refused
from bot.manifests.refusals import short

MAX_VALUE = 1000
# A constraint, or a name that moves: Git does not say which version it stands for.
_RANGE = re.compile(
    r"\s*(?:[<>]=?|~>?|\^|!=|==?)\s*v?\d.*|v?\d[^|]*(?:\|\||\s-\s).*|\*"
    r"|v?\d+(?:\.\d+){0,3}(?:\.[xX*]){1,3}(?:[-+].*)?",
    re.DOTALL,
)
_MOVING = frozenset(
    ["latest", "stable", "current", "rolling", "edge", "nightly", "lts", "main", "master", "trunk", "head"]
)


def fill(template: str, values: Mapping[str, str], declared: tuple[Declared, ...] = ()) -> str:
    """The value that a template makes. Raises Refused for a variable that is missing or would not be read back."""
    pieces = pieces_of(template, declared)
    return "".join(piece if isinstance(piece, str) else _value(piece, values, template) for piece in pieces)


def pieces_of(template: str, declared: tuple[Declared, ...] = ()) -> Template:
    """The template's pieces. Raises Refused(TARGET_UNREADABLE) for one that is not understood."""
    try:
        return parse_template(template, declared)
    except ValueError as error:
        message = f"The value template {short(template)} is not understood: {error}"
        raise Refused(Reason.TARGET_UNREADABLE, message, "Mend the target in the policy.") from None


def _value(variable: Variable, values: Mapping[str, str], template: str) -> str:
    value = values.get(variable.name)
    if value is None:
        raise Refused(
            Reason.TARGET_UNREADABLE,
            f"The target's value {template} needs {{{variable.name}}}, which this version does not have.",
            f"Supply {variable.name}, or use another variable in the policy.",
        )
    if variable.name in GIVEN or _fits(variable, value):
        return value
    raise Refused(
        Reason.INVALID_NAME,
        f"{variable.name} is {short(value)}, which cannot be written into {template}.",
        "It must start with a letter or digit and hold only letters, digits and . _ + -"
        if variable.pattern is None
        else f"It must match {variable.pattern}, the pattern that the policy declares (vars).",
    )


def _fits(variable: Variable, value: str) -> bool:
    if variable.pattern is None:
        return re.fullmatch(_pattern(variable), value) is not None
    return len(value) <= MAX_VALUE and value.isascii() and compiled(variable.pattern).fullmatch(value) is not None


def _pattern(variable: Variable) -> str:
    return rf"[A-Za-z0-9][{variable.alphabet}]{{0,{MAX_VALUE}}}"


def read_back(
    template: str, value: str, given: Mapping[str, str], declared: tuple[Declared, ...] = ()
) -> dict[str, str] | None:
    """The variables that make this value, or None when nothing does. Each variable has one value wherever it stands."""
    if len(value) > MAX_VALUE or not value.isprintable() or is_range(value):
        return None
    pattern, names = _compiled(template, tuple(sorted(given.items())), declared)
    hit = pattern.fullmatch(value)
    if hit is None:
        return None
    pairs = tuple(zip(names, hit.groups(), strict=True))
    found = dict(pairs)
    version = found.get("version", "")
    return None if len(found) < len(set(pairs)) or version.lower() in _MOVING or is_range(version) else found


@lru_cache(maxsize=4096)
def _compiled(
    template: str, given: tuple[tuple[str, str], ...], declared: tuple[Declared, ...]
) -> tuple[re.Pattern[str] | Expression, tuple[str, ...]]:
    """Linear: after each variable stands a character that it cannot hold, which parse_template makes sure of; and
    patterns of the policy's own run in RE2. Each place of a variable is a group of its own."""
    pieces, constants = pieces_of(template, declared), dict(given)
    own = any(isinstance(piece, Variable) and piece.pattern for piece in pieces)
    literal = escaped if own else re.escape
    names, source = list[str](), ""
    for piece in pieces:
        if isinstance(piece, str):
            source += literal(piece)
        elif piece.name in constants:
            source += literal(constants[piece.name])
        else:
            source += f"({piece.pattern or _pattern(piece)})"
            names.append(piece.name)
    return _own(source, template) if own else re.compile(source), tuple(names)


def _own(source: str, template: str) -> Expression:
    """The expression. RE2 bounds the size of what it compiles, which many patterns together may go beyond."""
    try:
        return compiled(source)
    except ValueError as error:
        message = f"The patterns in the value template {short(template)} are too much together: {error}"
        raise Refused(Reason.TARGET_UNREADABLE, message, "Make the patterns in the policy (vars) simpler.") from None


def is_range(value: str) -> bool:
    """Whether a value is a version constraint, such as `>=1.0.0`, `~1.2` or `1.x`."""
    return len(value) <= MAX_VALUE and _RANGE.fullmatch(value) is not None
