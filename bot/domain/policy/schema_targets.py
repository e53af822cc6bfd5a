"""The policy file's targets and layouts: where a version is declared."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section, later
from bot.domain.policy.templates import IDENTIFYING, variables
from bot.domain.policy.values import At, Path, Text, Value, expected

# Their own formats come in a later version; each would parse as YAML, or nearly, and then be edited wrongly.
_OTHER_FORMATS = frozenset({".json", ".toml", ".env", ".ini", ".properties"})


class Document(Section):
    """The document of a file that is meant."""

    kind: Text | None = None
    name: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.kind is None and self.name is None:
            raise expected("kind, name, or both")
        return self


class Place(Section):
    """One bound scalar: its selector, and the template of its value."""

    at: At
    value: Value
    role: Literal["primary", "companion"] = "primary"


class RollbackMode(Section):
    """How a rollback restores the target."""

    mode: Literal["version", "block"] = later("version")
    scope: At | None = later(None)


class TargetEntry(Section):
    """Files, and what is bound in each: ``set``, or ``at`` and ``value`` where there is only one place."""

    files: tuple[Path, ...]
    doc: Document | None = None
    at: At | None = None
    value: Value | None = None
    set: tuple[Place, ...] = ()
    when_absent: Text = later("refuse")
    rollback: RollbackMode = RollbackMode()
    shared_with: tuple[Text, ...] = later(())

    @property
    def places(self) -> tuple[Place, ...]:
        """What is bound in each file."""
        return self.set if self.at is None or self.value is None else (Place(at=self.at, value=self.value),)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.files:
            raise expected("at least one file")
        short = (self.at is not None, self.value is not None)
        if short not in ((True, True), (False, False)) or bool(self.set) is any(short):
            raise expected("either at and value, or set with a list of them")
        other = [file for file in self.files if PurePosixPath(file).suffix.lower() in _OTHER_FORMATS]
        if other:
            raise expected(f"a YAML file; the format of {other[0]} is not yet supported")
        primary = [place for place in self.places if place.role == "primary"]
        if not any(variables(place.value) & IDENTIFYING for place in primary):
            raise expected("{version}, {run_id} or {model_id} in the value of a primary place")
        return self


class VariableRule(Section):
    """A variable of the policy's own."""

    pattern: Text
    from_: Text = Field(alias="from")
