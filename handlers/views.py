"""Submitted forms: check, write down, close the view."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.domain.commands import CloseChange, Command, HoldChange, Origin, Promote, Review, Rollback, Unpin, WaiveGate
from bot.domain.people import Person
from bot.errors import StoreUnavailable
from handlers.ci import submitted_snooze
from handlers.doors import Doors
from handlers.incidents import submitted_incident_snooze
from handlers.payloads import asker_of_action, delivery_of, fields_of, value_of
from handlers.retraining import submitted_retrain
from handlers.stops import submitted_stop

FORMS = (
    *("promote", "rollback", "unpin", "freeze", "ban", "request_changes", "close", "hold", "waive", "snooze_ci"),
    "retrain",
    "snooze_incident",
)


class Submissions:
    """The listener of every form's submit button."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def __call__(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Close the view when it was written down; show what is wrong beside the fields otherwise."""
        view = body.get("view") or {}
        form = str(view.get("callback_id", "")).removeprefix("form.")
        fields = fields_of(view)
        faults = self._doors.forms.check(form, fields).fields
        if not faults:
            faults = await self._write_down(body, form, fields, value_of(view.get("private_metadata")))
        if faults:
            await ack(response_action="errors", errors=faults)
        else:
            await ack()

    async def _write_down(
        self, body: dict[str, Any], form: str, fields: dict[str, str], about: dict[str, str]
    ) -> dict[str, str]:
        by, origin = asker_of_action(body), Origin(channel=about.get("ch", ""))
        try:
            await self._doors.intake.put(delivery_of(body), command_of(form, fields, about, by, origin))
        except StoreUnavailable:
            return {
                next(iter(fields), "comment"): "Not saved: the bot could not write this down. Try again in a moment."
            }
        return {}


def number_of(version: str) -> str:
    """`v42` is 42; `vanilla` stays."""
    return version[1:] if re.fullmatch(r"v\d+", version) else version


def command_of(  # noqa: C901, PLR0911  (one line a form)
    form: str, fields: dict[str, str], about: dict[str, str], by: Person, origin: Origin
) -> Command:
    """The command that a checked form stands for."""
    change, text = about.get("c", ""), fields.get("comment") or None
    match form:
        case "promote":
            version = fields["version"]
            alias = version.removeprefix("@") if version.startswith("@") else None
            return Promote(
                by=by,
                origin=origin,
                model=fields["model"],
                version=None if alias else number_of(version),
                alias=alias,
                environment=fields.get("environment") or None,
                reason=fields.get("reason") or None,
            )
        case "rollback":
            return Rollback(
                by=by,
                origin=origin,
                model=fields["model"],
                environment=fields["environment"],
                to=number_of(fields.get("to", "")) or None,
                reason=fields.get("reason") or None,
            )
        case "unpin":
            return Unpin(
                by=by,
                origin=origin,
                model=fields["model"],
                environment=fields["environment"],
                reason=fields.get("reason") or None,
            )
        case "freeze" | "ban":
            return submitted_stop(form, fields, by, origin)
        case "waive":
            gate, digest = fields["gate"], about.get("d", "")
            return WaiveGate(by=by, origin=origin, change=change, gate=gate, reason=fields["reason"], digest=digest)
        case "snooze_ci":
            return submitted_snooze(fields, about, by, origin)
        case "snooze_incident":
            return submitted_incident_snooze(fields, about, by, origin)
        case "retrain":
            return submitted_retrain(fields, about, by, origin)
        case "close":
            return CloseChange(by=by, origin=origin, change=change, reason=text)
        case "hold":
            return HoldChange(by=by, origin=origin, change=change, hold=True, reason=text)
        case _:
            digest = about.get("d", "")
            return Review(by=by, origin=origin, change=change, digest=digest, verdict="request_changes", comment=text)
