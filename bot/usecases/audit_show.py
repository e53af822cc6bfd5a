"""`/slackops audit MODEL`: the newest decisions, in words. Anybody of the workspace may ask."""

from __future__ import annotations

from bot.domain.audit_cards import MOST, AuditList
from bot.domain.audit_words import line_of
from bot.domain.commands import ShowAudit
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.stopping import declared
from bot.usecases.tell import answer


def show_audit(ctx: Context, repo: Repo, command: ShowAudit) -> None:
    """Answer the asker. A model that the policy no longer names still has its rows; one of which nothing is known is
    refused. Raises Refused(UNKNOWN_MODEL)."""
    rows = ctx.audit.of_model(command.model, MOST + 1)
    if not rows:
        declared(repo, ctx.checkout.fetch(), command.model)
    lines = tuple(line_of(row.entry) for row in rows[:MOST])
    answer(ctx, command.by, command.origin, AuditList(command.model, lines, more=len(rows) > MOST))
