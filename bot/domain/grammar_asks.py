"""What the grammar understands of the first commands: changes, models, help, and what needs a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PromoteAsk:
    """Promote a version, or the version behind an alias. ``version`` may be `latest`, which the decision refuses."""

    model: str
    version: str | None
    alias: str | None
    environment: str | None
    plan: bool
    reason: str | None
    waive: tuple[str, ...] = ()


@dataclass(frozen=True)
class RollbackAsk:
    """Go back to the version before, or to a named one."""

    model: str
    environment: str
    to: str | None
    reason: str | None
    break_glass: bool = False


@dataclass(frozen=True)
class UnpinAsk:
    """Take an environment's own pin out, so that it inherits again."""

    model: str
    environment: str
    plan: bool
    reason: str | None


@dataclass(frozen=True)
class ModelsAsk:
    """What runs where; of one model in more detail."""

    model: str | None


@dataclass(frozen=True)
class DriftAsk:
    """What drifts; of one model in more detail."""

    model: str | None


@dataclass(frozen=True)
class HelpAsk:
    """How a command is written; all of them without a topic."""

    topic: str | None


@dataclass(frozen=True)
class FormAsk:
    """Arguments are missing: open the command's form, with what was given filled in. ``change``: a change's id, or the
    number of its pull request, `#7`."""

    command: str
    model: str | None = None
    version: str | None = None
    environment: str | None = None
    reason: str | None = None
    until: str | None = None
    change: str | None = None
