"""Where the deployment repo declares versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.policy.model_rules import StepsRule


@dataclass(frozen=True)
class DocSelector:
    """The document of a file that is meant: by its `kind`, its `metadata.name`, or both."""

    kind: str | None
    name: str | None


Role = Literal["primary", "companion", "candidate", "percent", "rest", "switch"]
Format = Literal["yaml", "json", "toml", "dotenv", "regex"]


@dataclass(frozen=True)
class Binding:
    """One scalar that declares a version: where it stands, and the template of its value.

    ``at`` is a selector; for the format ``regex`` a regular expression with one named group, ``value``. ``absent`` is
    what holds where the file does not say it: `refuse`, `insert`, or `inherit:ENVIRONMENT`.
    """

    file: str
    doc: DocSelector | None
    at: str
    template: str
    role: Role = "primary"
    format: Format = "yaml"
    absent: str = "refuse"
    number: bool = False
    """Where it is put in because it was absent, it is written as a whole number."""

    @property
    def inherits(self) -> str | None:
        """The environment whose version holds where this file says none."""
        kind, _, environment = self.absent.partition(":")
        return environment if kind == "inherit" else None


@dataclass(frozen=True)
class Block:
    """A part of a file that a rollback restores whole: everything under the selector ``scope``."""

    file: str
    doc: DocSelector | None
    scope: str
    format: Format = "yaml"


@dataclass(frozen=True)
class Declared:
    """A variable of the policy's own. ``pattern`` (RE2 syntax) is what its value may be; ``source`` says where it comes
    from, such as `registry.tags.image_build`."""

    name: str
    pattern: str
    source: str


@dataclass(frozen=True)
class Target:
    """Where the deployment repo declares the version of one model in one environment.

    ``shared_with`` names other environments that the same values serve; ``declared`` the model's own variables.
    ``traffic`` are the places of a ladder: candidate, percent, rest, switch; ``steps`` is its rule, where one is
    declared for the model in the environment.
    """

    model: str
    environment: str
    bindings: tuple[Binding, ...]
    blocks: tuple[Block, ...] = ()
    shared_with: tuple[str, ...] = ()
    declared: tuple[Declared, ...] = ()
    traffic: tuple[Binding, ...] = ()
    steps: StepsRule | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the bindings are in, each once, in the policy's order."""
        bound, whole = [one.file for one in self.bindings], [one.file for one in self.blocks]
        return tuple(dict.fromkeys([*bound, *whole, *(one.file for one in self.traffic)]))
