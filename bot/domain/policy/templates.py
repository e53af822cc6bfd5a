"""Value templates: literal text with `{variables}`, written so that a value can be read back in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.policy.declared import alphabet_of
from bot.domain.policy.model import Declared
from bot.domain.policy.shown import nearest

# What a variable's value may consist of. MLflow makes run ids of 32 hex digits, model ids of `m-` and 32 hex digits,
# experiment ids of digits; other registries are a little freer.
_ID = r"A-Za-z0-9_-"
ALPHABETS = {"version": r"A-Za-z0-9._+-", "run_id": _ID, "model_id": _ID, "experiment_id": _ID}
TAG_ALPHABET = r"A-Za-z0-9._+-"
# Known before anything is read: they are filled in, never read back.
GIVEN = frozenset({"model", "environment", "region"})
# At least one of these must be read back, else nothing says which version stands there.
IDENTIFYING = frozenset({"version", "run_id", "model_id"})
BUILT_IN = frozenset({*ALPHABETS, *GIVEN, "tags"})
LIMIT = 1000
_MAX_VARIABLES = 16


@dataclass(frozen=True)
class Variable:
    """A placeholder of a template, such as `{version}`. ``pattern`` (RE2 syntax) is that of a declared one."""

    name: str
    pattern: str | None = None

    @property
    def alphabet(self) -> str:
        """The characters that its value may have, as the inside of a regular expression's class."""
        if self.pattern is None:
            return ALPHABETS.get(self.name, TAG_ALPHABET)
        return "".join(re.escape(char) for char in sorted(alphabet_of(self.pattern)))


Template = tuple[str | Variable, ...]


@lru_cache(maxsize=4096)
def parse_template(text: str, declared: tuple[Declared, ...] = ()) -> Template:
    """The pieces of a template, which may hold the ``declared`` variables beside those that always are.

    Raises ValueError saying what is wrong and what was expected.
    """
    if not text or len(text) > LIMIT:
        raise ValueError(f"a value template has 1 to {LIMIT} characters, such as s3://models/x/{{version}}")
    if not text.isprintable():
        raise ValueError("a value template is one line of printable text")
    own = {one.name: one.pattern for one in declared}
    pieces = tuple(_piece(part, own) for part in re.split(r"(\{[^{}]*\})", text) if part)
    if sum(isinstance(piece, Variable) for piece in pieces) > _MAX_VARIABLES:
        raise ValueError(f"a value template has at most {_MAX_VARIABLES} variables")
    _require_one_reading(pieces)
    return pieces


def _piece(part: str, own: dict[str, str]) -> str | Variable:
    if not part.startswith("{"):
        if "{" in part or "}" in part:
            raise ValueError(f"{part!r} has a brace without its partner")
        return part
    name = part[1:-1]
    if name in ALPHABETS or name in GIVEN or re.fullmatch(r"tags\.[^\s{}]{1,250}", name):
        return Variable(name)
    if name in own:
        return Variable(name, own[name])
    raise ValueError(f"unknown variable {part}; {_hint(name, own)}")


def _hint(name: str, own: Iterable[str]) -> str:
    known = [*ALPHABETS, *sorted(GIVEN), *own, "tags.NAME"]
    near = nearest(name, known)
    return f"did you mean {{{near}}}?" if near else f"expected one of {', '.join(f'{{{k}}}' for k in known)}"


def _require_one_reading(pieces: Template) -> None:
    """Between two variables must stand a character that the first cannot hold; so no value reads in two ways."""
    open_: Variable | None = None
    for piece in pieces:
        if isinstance(piece, Variable):
            if open_ is not None and piece.name not in GIVEN:
                raise ValueError(_two_readings(open_, piece))
            open_ = piece if piece.name not in GIVEN else open_
        elif open_ is not None and re.search(rf"[^{open_.alphabet}]", piece):
            open_ = None


def _two_readings(one: Variable, other: Variable) -> str:
    apart = [f"`{mark}`" for mark in "/:@ " if re.search(rf"[^{one.alphabet}]", mark)]
    put = f"put a {' or '.join(apart[:2])} between them"
    return f"{{{one.name}}} and {{{other.name}}} cannot be told apart; {put}"


def variables(text: str, declared: tuple[Declared, ...] = ()) -> frozenset[str]:
    """The variables that a template needs a value for; `{model}` and `{environment}` come with the target."""
    return frozenset(p.name for p in parse_template(text, declared) if isinstance(p, Variable)) - GIVEN
