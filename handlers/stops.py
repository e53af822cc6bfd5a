"""Freezes and bans: from what was typed, clicked or submitted to what is written down."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.commands import Ban, Command, Freeze, ListStops, Origin, Unban, Unfreeze
from bot.domain.grammar_stops import BanAsk, FreezeAsk, StopAsk, StopsAsk, UnbanAsk, UnfreezeAsk
from bot.domain.people import Person

STOP_DOES = {
    "freeze": "Keep everything, or one model, from merging in an environment; without --until until it is lifted.",
    "unfreeze": "Lift a freeze.",
    "freezes": "What is frozen.",
    "ban": "Keep a version from being brought in anywhere.",
    "unban": "Let a banned version in again.",
    "bans": "Which versions are banned.",
}


def stop_command(ask: StopAsk, by: Person, origin: Origin) -> Command | None:
    """The command to write down; None for what needs a form first."""
    match ask:
        case FreezeAsk(environment, model, until, reason) if environment:
            return Freeze(by=by, origin=origin, environment=environment, model=model, until=until, reason=reason)
        case UnfreezeAsk(environment, model, reason):
            return Unfreeze(by=by, origin=origin, environment=environment, model=model, reason=reason)
        case BanAsk(model, version, alias, reason) if model:
            return Ban(by=by, origin=origin, model=model, version=version, alias=alias, reason=reason)
        case UnbanAsk(model, version, alias, reason):
            return Unban(by=by, origin=origin, model=model, version=version, alias=alias, reason=reason)
        case StopsAsk(kind):
            return ListStops(by=by, origin=origin, what="bans" if kind == "bans" else "freezes")
        case _:
            return None


def submitted_stop(form: str, fields: Mapping[str, str], by: Person, origin: Origin) -> Command:
    """The command that a checked form stands for."""
    reason = fields.get("reason") or None
    if form == "freeze":
        model, until = fields.get("model") or None, fields.get("until") or None
        return Freeze(by=by, origin=origin, environment=fields["environment"], model=model, until=until, reason=reason)
    asked = fields["version"]
    alias = asked[1:] if asked.startswith("@") else None
    version = None if alias else re.sub(r"^[vV](?=\d+$)", "", asked)
    return Ban(by=by, origin=origin, model=fields["model"], version=version, alias=alias, reason=reason)
