"""The files of the branch `slackops-state`: JSON that people can read, and may mend by hand.

A file that is not as it should be is a fault and never half a truth: who reads on could miss a freeze.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.domain.people import Person
from bot.domain.stops import Banned, Frozen

BRANCH = "slackops-state"
FREEZES, BANS = "freezes.json", "bans.json"
MAX_BYTES = 1_000_000


def _sane(when: datetime) -> datetime:
    """Years that every calendar and time zone can show."""
    if not 1970 < when.year < 9000:
        raise ValueError("no time of this age")
    return when


When = Annotated[AwareDatetime, AfterValidator(_sane)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(max_length=4000)]


class BrokenState(ValueError):  # noqa: N818  (an answer that the reader acts on)
    """The file cannot be read; the text says why."""


class Part(BaseModel):
    """A part of a file: what it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Stop(Part):
    by: Annotated[str, StringConstraints(pattern=r"^slack:[A-Za-z0-9]*/[A-Za-z0-9]+$", max_length=80)]
    login: Line | None = None
    since: When
    reason: Line | None = None
    id: Line = ""


class _Freeze(_Stop):
    environment: Name
    model: Name | None = None
    until: When | None = None


class _Ban(_Stop):
    model: Name
    version: Name


class _Freezes(Part):
    version: Literal[1]
    freezes: tuple[_Freeze, ...]


class _Bans(Part):
    version: Literal[1]
    bans: tuple[_Ban, ...]


_File = TypeVar("_File", bound=Part)


@functools.lru_cache(maxsize=16)
def parse_freezes(data: bytes | None) -> tuple[Frozen, ...]:
    """The freezes; none where there is no file. Raises BrokenState."""
    return () if data is None else tuple(map(_frozen, read_file(_Freezes, data, FREEZES).freezes))


@functools.lru_cache(maxsize=16)
def parse_bans(data: bytes | None) -> tuple[Banned, ...]:
    """The bans; none where there is no file. Raises BrokenState."""
    return () if data is None else tuple(map(_banned, read_file(_Bans, data, BANS).bans))


def read_file(kind: type[_File], data: bytes, name: str) -> _File:
    """What a file of the branch says. Raises BrokenState."""
    if len(data) > MAX_BYTES:
        raise BrokenState(f"{name} has {len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        return kind.model_validate(json.loads(data.decode(), object_pairs_hook=_once))
    except ValidationError as error:
        raise BrokenState(f"{name}: {_fault(error)}") from None
    except (ValueError, RecursionError) as error:
        raise BrokenState(f"{name} is no JSON: {str(error)[:100]}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets the last of two equal keys win, silently."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is written twice")
    return found


def _fault(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"])) or "the file"
    return f"{where[:100]}: {first['msg'][:100]}"


def format_freezes(freezes: Iterable[Frozen]) -> bytes:
    """The file, sorted, so that the same freezes are the same bytes."""
    ranked = sorted(freezes, key=lambda one: (one.environment, one.model or "", one.id))
    parts = [
        {"environment": one.environment, "model": one.model, "until": time_text(one.until), **_common(one)}
        for one in ranked
    ]
    return write_file({"version": 1, "freezes": parts})


def format_bans(bans: Iterable[Banned]) -> bytes:
    """The file, sorted, so that the same bans are the same bytes."""
    ranked = sorted(bans, key=lambda one: (one.model, one.version, one.id))
    return write_file({"version": 1, "bans": [{"model": o.model, "version": o.version, **_common(o)} for o in ranked]})


def _common(one: Frozen | Banned) -> dict[str, str | None]:
    return {"reason": one.reason, "by": str(one.by), "login": one.login, "since": time_text(one.since), "id": one.id}


def write_file(content: dict[str, object]) -> bytes:
    """A file of the branch, for people to read."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def time_text(seconds: float | None) -> str | None:
    """Whole seconds, in UTC."""
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def _frozen(one: _Freeze) -> Frozen:
    until = one.until.timestamp() if one.until else None
    by, since = _person(one.by), one.since.timestamp()
    return Frozen(one.environment, one.model, by, since, one.id, until, one.reason, one.login)


def _banned(one: _Ban) -> Banned:
    return Banned(one.model, one.version, _person(one.by), one.since.timestamp(), one.id, one.reason, one.login)


def _person(text: str) -> Person:
    team, _, user = text.removeprefix("slack:").partition("/")
    return Person(team=team, user=user)
