"""Approve, by somebody whose account is not linked, or whose link no longer holds: linking begins, and then the
approval is finished."""

from __future__ import annotations

from bot.domain.commands import Review
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.linking import link_for
from bot.usecases.linking_tokens import acting_account, token_refused
from bot.usecases.repo import Repo
from bot.usecases.review import review


def review_or_link(ctx: Context, repo: Repo, row: Row, command: Review) -> None:
    """Submit the review with a token that holds; where there is none, give the person the button that links."""
    account = acting_account(ctx, command.by)
    try:
        review(ctx, repo, row, command)
    except Refused as why:
        if why.reason is not Reason.NOT_LINKED:
            raise
        if account is not None:
            token_refused(ctx, account)
        if ctx.signin is None or ctx.signin.missing:
            raise
        link_for(ctx, command)
