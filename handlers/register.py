"""One registration, for HTTP and Socket Mode alike."""

from __future__ import annotations

import logging
import re

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.error import BoltUnhandledRequestError

from bot.errors import StoreUnavailable
from handlers.actions import CardActions
from handlers.ci import CiActions
from handlers.commands import SlashCommands
from handlers.doors import Doors
from handlers.events import Mentions
from handlers.incidents import DOES, OF_STORMS, IncidentActions
from handlers.leaving import LinkActions, UserChanges
from handlers.rollouts import STEERING, RolloutActions
from handlers.views import FORMS, Submissions

ANY = re.compile(".*")
COMMANDS = ("promote", "rollback", "models", "drift", "slackops")


def register(app: AsyncApp, doors: Doors) -> None:
    """Tell Bolt which listener takes what."""
    after = RolloutActions(doors)
    slash, card, submitted = SlashCommands(doors), CardActions(doors), Submissions(doors)
    for name in COMMANDS:
        app.command(f"/{doors.prefix}{name}")(slash.__call__)
    app.action("change.approve")(card.approve)
    app.action("change.request_changes")(card.request_changes)
    app.action("change.more")(card.more)
    app.action("change.rollback")(after.rollback)
    app.action("change.take_on")(after.take_on)
    app.action("change.merge")(after.merge)
    app.action("glass.settle")(after.settle)
    app.action("rollback.confirm")(after.confirmed)
    app.action("rollback.cancel")(after.cancelled)
    for do in STEERING:
        app.action(f"ladder.{do}")(after.ladder)
    app.action("stop.ban")(card.stop)
    app.action("stop.freeze")(card.stop)
    app.action("ci.rerun")(CiActions(doors).rerun)
    app.action("ci.snooze")(CiActions(doors).snooze)
    for do in (*DOES, "more"):
        app.action(f"incident.{do}")(IncidentActions(doors).__call__)
    for do in (*OF_STORMS, "more"):
        app.action(f"storm.{do}")(IncidentActions(doors).__call__)
    for form in FORMS:
        app.view(f"form.{form}")(submitted.__call__)
    app.action("link.confirm")(LinkActions(doors).confirm)
    app.event("user_change")(UserChanges(doors).__call__)
    app.event("app_mention")(Mentions(doors).__call__)
    # Whatever else Slack sends is answered, or it would be delivered again, or shown to somebody as a failure.
    app.command(ANY)(slash.__call__)
    app.action(ANY)(_only_ack)
    app.view(ANY)(_only_ack)
    app.event(ANY)(_only_ack)
    app.error(failed)


async def _only_ack(ack: AsyncAck) -> None:
    """Slack wants an answer, and there is nothing to do: a link button, a select inside a form, an event of no use."""
    await ack()


async def failed(error: Exception, logger: logging.Logger) -> BoltResponse:
    """What Slack hears of a failure: 503 has it deliver an event again.

    Anything else that gets here is ours, and is logged with its trace.
    """
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=404, body="nothing here takes that")
    if isinstance(error, StoreUnavailable):
        return BoltResponse(status=503, body="not saved, deliver again")
    logger.error("a listener failed", exc_info=error)
    return BoltResponse(status=200, body="")
