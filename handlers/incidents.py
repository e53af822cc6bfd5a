"""The buttons and the menu of an incident's card: I'm on it, Snooze, Retrain, Details. Roll back is a change's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.domain.cards import Message, Refusal
from bot.domain.commands import (
    CloseIncident,
    Command,
    FillForm,
    ListStorm,
    Origin,
    ShowIncident,
    SnoozeIncident,
    TakeIncident,
)
from bot.domain.forms import LoadingForm
from bot.domain.people import Person
from bot.errors import SlackOpsError, StoreUnavailable
from handlers.commands import NOT_SAVED
from handlers.doors import Doors
from handlers.later import Later
from handlers.payloads import Body, asker_of_action, delivery_of, origin_of_action, value_of

STRANGE = Refusal("Nothing done", "unknown_incident", "This button is not one of mine.", "Look at the newest card.")
FORMS: dict[str, tuple[Literal["snooze_incident", "retrain"], str]] = {
    "snooze": ("snooze_incident", "Snooze"),
    "retrain": ("retrain", "Retrain"),
}
DOES = ("take", "over", "snooze", "retrain", "details", "close", "list")
OF_STORMS = ("take", "snooze", "list", "close")
"""Which buttons there are: `incident.take` and so on; `incident.more` is the menu, whose entries say which one."""


class IncidentActions:
    """The listener of them all. It writes the click down; a worker does the rest."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._later = Later()

    async def __call__(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """An ack to a click can carry nothing, so what goes wrong is said by the response URL."""
        answer: Message | None
        try:
            answer = await self._take(body)
        except StoreUnavailable:
            answer = NOT_SAVED
        except SlackOpsError as error:
            answer = Refusal("Nothing done", "internal", str(error), "Click again.")
        await ack()
        if answer is not None:
            said = self._doors.render(answer)
            self._later.run(respond(response_type="ephemeral", replace_original=False, **said))

    async def _take(self, body: Body) -> Message | None:
        do, value = _clicked(body)
        incident, storm = value.get("i", ""), value.get("st", "")
        if do == "open":  # Slack opens the link itself
            return None
        if do not in DOES or not (storm if do == "list" else incident or (storm and do in OF_STORMS)):
            return STRANGE
        if do in FORMS:
            await self._open(body, do, incident, storm)
            return None
        await self._doors.intake.put(delivery_of(body), _asked(do, incident, storm, body))
        return None

    async def _open(self, body: Body, do: str, incident: str, storm: str) -> None:
        """Open the loading view now, while the trigger holds, and have it filled."""
        form, title = FORMS[do]
        key = delivery_of(body)
        view_id, view_hash = await self._doors.dialogs.open(str(body.get("trigger_id", "")), LoadingForm(title), key)
        fill = FillForm(
            by=asker_of_action(body),
            origin=origin_of_action(body),
            form=form,
            view_id=view_id,
            view_hash=view_hash,
            change=incident or None,
            digest=storm or None,
        )
        await self._doors.intake.put(key, fill)


def submitted_incident_snooze(
    fields: Mapping[str, str], about: Mapping[str, str], by: Person, origin: Origin
) -> Command:
    """The command that a checked form stands for: what was written counts more than what stood filled in."""
    return SnoozeIncident(
        by=by,
        origin=origin,
        incident=about.get("i", ""),
        storm=about.get("st", ""),
        until=fields.get("until") or fields["span"],
        reason=fields.get("reason") or None,
    )


def _asked(do: str, incident: str, storm: str, body: Body) -> Command:
    by, origin = asker_of_action(body), origin_of_action(body)
    match do:
        case "details":
            return ShowIncident(by=by, origin=origin, incident=incident)
        case "close":
            return CloseIncident(by=by, origin=origin, incident=incident, storm=storm)
        case "list":
            return ListStorm(by=by, origin=origin, storm=storm)
        case _:
            return TakeIncident(by=by, origin=origin, incident=incident, storm=storm)


def _clicked(body: Body) -> tuple[str, Mapping[str, str]]:
    """What is to be done, and about what: the button's id says it, of the menu the chosen entry."""
    actions = body.get("actions") or [{}]
    action = actions[0] if isinstance(actions[0], dict) else {}
    do = str(action.get("action_id", "")).rpartition(".")[2]
    if do == "more":
        chosen = value_of((action.get("selected_option") or {}).get("value"))
        return chosen.get("do", ""), chosen
    return do, value_of(action.get("value"))
