"""The forms of Freeze and Ban, filled with what is known: from a command that said too little, or from a card."""

from __future__ import annotations

from bot.domain.commands import FillForm
from bot.domain.forms import BanForm, Choice, Form, FreezeForm
from bot.errors import Reason, Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo, known_models


def stop_form(ctx: Context, repo: Repo, command: FillForm) -> Form:
    """The form. From a card of a rollback: the version that was left, and the model in its environment. Raises
    Refused(UNKNOWN_CHANGE)."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    models = tuple(Choice(name, name) for name in known_models(repo, base))
    model, version, environment = _given(ctx, command)
    channel, reason = command.origin.channel, command.reason
    if command.form == "ban":
        return BanForm(models, model, version, reason, channel)
    names = dict.fromkeys(name for e in policy.environments for name in (e.fanned, e.name) if name)
    stages = tuple(Choice(name, name) for name in names)
    return FreezeForm(models, stages, model, environment, command.until, reason, channel)


def _given(ctx: Context, command: FillForm) -> tuple[str | None, str | None, str | None]:
    if command.change is None:
        return command.model, command.version, command.environment
    change = ctx.changes.get(command.change)
    if change is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "This change is not known here.", "Use `/slackops ban` or `freeze`.")
    return change.intent.model, change.intent.frm, change.intent.environment
