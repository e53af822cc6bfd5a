"""The buttons of a card of CI: run again, and the form of a snooze. Open is a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.domain.cards import Message, Refusal
from bot.domain.commands import Command, FillForm, Origin, RerunCi, SnoozeCi
from bot.domain.forms import LoadingForm
from bot.domain.people import Person
from bot.errors import SlackOpsError, StoreUnavailable
from handlers.commands import NOT_SAVED
from handlers.doors import Doors
from handlers.later import Later
from handlers.payloads import Body, asker_of_action, delivery_of, origin_of_action, value_of

STRANGE = Refusal("Nothing done", "unknown_command", "This button is not one of mine.", "Look at the newest card.")


class CiActions:
    """The listeners. Each writes the click down; a worker does the rest."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._later = Later()

    async def rerun(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Re-run: everything of the commit that failed."""
        await self._run(ack, body, respond, form=False)

    async def snooze(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Snooze: which gate, until when, why."""
        await self._run(ack, body, respond, form=True)

    async def _run(self, ack: AsyncAck, body: Body, respond: AsyncRespond, *, form: bool) -> None:
        answer: Message | None = None
        try:
            answer = await self._take(body, form=form)
        except StoreUnavailable:
            answer = NOT_SAVED
        except SlackOpsError as error:
            answer = Refusal("Nothing done", "internal", str(error), "Click again.")
        await ack()
        if answer is not None:
            said = self._doors.render(answer)
            self._later.run(respond(response_type="ephemeral", replace_original=False, **said))

    async def _take(self, body: Body, *, form: bool) -> Message | None:
        value = _value(body)
        repo, sha = value.get("r"), value.get("s")
        if not repo or not sha:
            return STRANGE
        key, by, origin = delivery_of(body), asker_of_action(body), origin_of_action(body)
        if not form:
            await self._doors.intake.put(key, RerunCi(by=by, origin=origin, repo=repo, sha=sha))
            return None
        trigger = str(body.get("trigger_id", ""))
        view_id, view_hash = await self._doors.dialogs.open(trigger, LoadingForm("Snooze CI"), key)
        fill = FillForm(by=by, origin=origin, form="snooze_ci", view_id=view_id, view_hash=view_hash)
        await self._doors.intake.put(key, fill.model_copy(update={"model": repo, "version": sha}))
        return None


def submitted_snooze(fields: Mapping[str, str], about: Mapping[str, str], by: Person, origin: Origin) -> Command:
    """The command that a checked form stands for."""
    return SnoozeCi(
        by=by,
        origin=origin,
        repo=about.get("r", ""),
        sha=about.get("s", ""),
        gate=fields["gate"],
        until=fields["until"],
        reason=fields.get("reason") or None,
    )


def _value(body: Body) -> dict[str, str]:
    actions = body.get("actions") or [{}]
    return value_of(actions[0].get("value")) if isinstance(actions[0], dict) else {}
