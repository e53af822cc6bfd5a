"""The form behind Retrain: what would be started, for people who may, where nothing speaks against it now."""

from __future__ import annotations

from bot.domain.commands import FillForm
from bot.domain.retrain_cards import RetrainForm
from bot.domain.retraining_deciding import running_of
from bot.domain.retraining_words import engine_words, short_reason
from bot.errors import Reason, Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.retrain_asked import log_of, refuse_too_soon
from bot.usecases.retrain_rules import may_retrain, place_of


def retrain_form(ctx: Context, repo: Repo, command: FillForm) -> RetrainForm:
    """The form, filled; ``change`` of the command is the incident whose card was clicked, if any. Raises Refused as the
    command itself would, so that nobody writes a reason for nothing; what runs already can be joined."""
    incident = _incident(ctx, command.change or "")
    model, environment = command.model or incident[0], command.environment or incident[1]
    place = place_of(ctx, repo, model, environment)
    may_retrain(ctx, place, command.by)
    past = log_of(ctx).of(place.model, place.environment)
    running = running_of(past)
    if running is None:
        refuse_too_soon(ctx, past, place.rule)
    return RetrainForm(
        about=f"{place.model}, {place.environment}",
        engine=engine_words(place.rule),
        model=place.model,
        environment=place.environment,
        incident=command.change or "",
        reason=command.reason,
        channel=command.origin.channel,
        running=short_reason(running) if running else "",
    )


def _incident(ctx: Context, ident: str) -> tuple[str, str]:
    """What it is about; nothing where no incident was clicked."""
    if not ident:
        return "", ""
    found = ctx.incident_log.get(ident) if ctx.incident_log is not None else None
    if found is None:
        raise Refused(Reason.UNKNOWN_INCIDENT, "This incident is not known here.", "Look at the newest card.")
    return found.model, found.environment
