"""The policy file's targets and layouts: where a version is declared.

What depends on more than one key (`at` on the format, `value` on the model's variables) is checked in `check_entries`.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section
from bot.domain.policy.file_formats import format_of
from bot.domain.policy.model import Format, Role
from bot.domain.policy.values import Absent, EnvironmentName, Line, Path, Pattern, Source, Text, expected

# The formats whose files are trees: a part can be put in, taken out, or restored as a whole.
TREES = frozenset({"yaml", "json"})


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

    at: Line
    value: Line
    role: Role = "primary"


class RollbackMode(Section):
    """How a rollback restores the target: its version, or everything under ``scope`` as it was."""

    mode: Literal["version", "block"] = "version"
    scope: Line | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.mode == "block") is (self.scope is None):
            raise expected("scope, a selector, beside mode: block, and only there")
        return self


class TargetEntry(Section):
    """Files, and what is bound in each: ``set``, or ``at`` and ``value`` where there is only one place."""

    files: tuple[Path, ...]
    format: Format | None = None
    doc: Document | None = None
    at: Line | None = None
    value: Line | None = None
    set: tuple[Place, ...] = ()
    when_absent: Absent = "refuse"
    rollback: RollbackMode = RollbackMode()
    shared_with: tuple[EnvironmentName, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """What is bound in each file."""
        return self.set if self.at is None or self.value is None else (Place(at=self.at, value=self.value),)

    def format_in(self, file: str) -> Format:
        """What is written, else what the file's name says."""
        return self.format or format_of(file) or "yaml"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.files:
            raise expected("at least one file")
        short = (self.at is not None, self.value is not None)
        if short not in ((True, True), (False, False)) or bool(self.set) is any(short):
            raise expected("either at and value, or set with a list of them")
        for file in self.files:
            self._fits(file)
        return self

    def _fits(self, file: str) -> None:
        """Whether the file's format has what the entry asks of it."""
        if self.format is None and format_of(file) is None:
            raise expected(f"format: regex for {file}, with a regular expression in at")
        if self.format_in(file) in TREES:
            return
        only = f"only in yaml and json; {file} is {self.format_in(file)}"
        if self.doc is not None:
            raise expected(f"doc {only}")
        if self.when_absent != "refuse":
            raise expected(f"when_absent: {self.when_absent} {only}")
        if self.rollback.scope is not None:
            raise expected(f"rollback by block {only}")


class VariableRule(Section):
    """A variable of the policy's own."""

    pattern: Pattern
    from_: Source = Field(alias="from")
