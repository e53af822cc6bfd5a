"""The form that has a model trained again, submitted."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.commands import Command, Origin, Retrain
from bot.domain.people import Person


def submitted_retrain(fields: Mapping[str, str], about: Mapping[str, str], by: Person, origin: Origin) -> Command:
    """The command that a checked form stands for."""
    return Retrain(
        by=by,
        origin=origin,
        model=about.get("m", ""),
        environment=about.get("e", ""),
        incident=about.get("i", ""),
        reason=fields["reason"],
    )
