"""Buttons and menus on cards: write down what was clicked, or open the form that it needs."""

from __future__ import annotations

from typing import Any, Literal

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.domain.cards import Message, Refusal
from bot.domain.commands import Compare, FillForm, HoldChange, Review
from bot.domain.forms import LoadingForm
from bot.errors import SlackOpsError, StoreUnavailable
from handlers.commands import NOT_SAVED
from handlers.doors import Doors
from handlers.later import Later
from handlers.payloads import Body, asker_of_action, delivery_of, origin_of_action, value_of

FormName = Literal["request_changes", "close", "hold", "diff", "freeze", "ban", "waive"]
OPENS: dict[str, FormName] = {"diff": "diff", "close": "close", "hold": "hold", "waive": "waive"}
TITLES: dict[FormName, str] = {
    "request_changes": "Request changes",
    "close": "Close the change",
    "hold": "Put on hold",
    "diff": "Diff",
    "freeze": "Freeze",
    "ban": "Ban a version",
    "waive": "Waive a gate",
}
STRANGE = Refusal("Nothing done", "unknown_change", "This button is not one of mine.", "Ask for the change again.")


class CardActions:
    """The listeners of a card's buttons and of its menu."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._later = Later()

    async def approve(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Approve: the confirm dialog was the form."""
        await self._run(ack, body, respond, self._approve)

    async def request_changes(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Request changes: a form for the comment."""
        await self._run(ack, body, respond, self._request_changes)

    async def more(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Compare, Diff, Hold, Release, Close; opening the pull request is done by Slack itself."""
        await self._run(ack, body, respond, self._more)

    async def stop(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Ban or Freeze, after a rollback: a short form."""
        await self._run(ack, body, respond, self._stop)

    async def _run(self, ack: AsyncAck, body: Body, respond: AsyncRespond, take: Any) -> None:
        """An ack to a click can carry nothing, so what goes wrong is said by the response URL."""
        answer: Message | None
        try:
            answer = await take(body)
        except StoreUnavailable:
            answer = NOT_SAVED
        except SlackOpsError as error:
            answer = Refusal("Nothing done", "internal", str(error), "Click again.")
        await ack()
        if answer is not None:
            body = self._doors.render(answer)
            self._later.run(respond(response_type="ephemeral", replace_original=False, **body))

    async def _approve(self, body: Body) -> Message | None:
        value = value_of(_action(body).get("value"))
        if not value.get("c") or not value.get("d"):
            return STRANGE
        command = Review(
            by=asker_of_action(body),
            origin=origin_of_action(body),
            change=value["c"],
            digest=value["d"],
            verdict="approve",
        )
        await self._doors.intake.put(delivery_of(body), command)
        return None

    async def _request_changes(self, body: Body) -> Message | None:
        value = value_of(_action(body).get("value"))
        if not value.get("c") or not value.get("d"):
            return STRANGE
        await self._open(body, "request_changes", value["c"], value["d"])
        return None

    async def _stop(self, body: Body) -> Message | None:
        change = value_of(_action(body).get("value")).get("c")
        if not change:
            return STRANGE
        await self._open(body, "ban" if _action(body).get("action_id") == "stop.ban" else "freeze", change, None)
        return None

    async def _more(self, body: Body) -> Message | None:
        value = value_of((_action(body).get("selected_option") or {}).get("value"))
        change, do = value.get("c"), value.get("do", "")
        if do == "open":
            return None
        if change and do in OPENS:
            await self._open(body, OPENS[do], change, None)
            return None
        if change and do == "release":
            command = HoldChange(by=asker_of_action(body), origin=origin_of_action(body), change=change, hold=False)
            await self._doors.intake.put(delivery_of(body), command)
            return None
        if change and do == "compare":
            compare = Compare(by=asker_of_action(body), origin=origin_of_action(body), change=change)
            await self._doors.intake.put(delivery_of(body), compare)
            return None
        return STRANGE

    async def _open(self, body: Body, form: FormName, change: str, digest: str | None) -> None:
        key = delivery_of(body)
        view_id, view_hash = await self._doors.dialogs.open(
            str(body.get("trigger_id", "")), LoadingForm(TITLES[form]), key
        )
        fill = FillForm(
            by=asker_of_action(body),
            origin=origin_of_action(body),
            form=form,
            view_id=view_id,
            view_hash=view_hash,
            change=change,
            digest=digest,
        )
        await self._doors.intake.put(key, fill)


def _action(body: Body) -> dict[str, Any]:
    actions = body.get("actions") or [{}]
    return actions[0] if isinstance(actions[0], dict) else {}
