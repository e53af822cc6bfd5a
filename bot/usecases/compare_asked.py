"""Compare, on a card: the candidate beside the deployed version, for whoever asks."""

from __future__ import annotations

from bot.domain.by_hand import COMPARED, REMOVED, parts
from bot.domain.change import Change
from bot.domain.commands import Compare
from bot.domain.comparison_card import ComparisonCard
from bot.errors import Reason, Refused
from bot.usecases.comparing import comparison_of
from bot.usecases.context import Context
from bot.usecases.details import link_of
from bot.usecases.repo import Repo
from bot.usecases.tell import answer
from bot.usecases.versions import known_versions


def show_comparison(ctx: Context, repo: Repo, command: Compare) -> None:
    """Tell the asker alone. Raises Refused(UNKNOWN_CHANGE)."""
    change = ctx.changes.get(command.change)
    if change is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "There is no such change.", "Take another card.")
    versions = [part for part in parts(change) if part.intent.to != REMOVED] or [change]
    for part in versions[-COMPARED:]:
        answer(ctx, command.by, command.origin, compared(ctx, repo, part))


def compared(ctx: Context, repo: Repo, change: Change) -> ComparisonCard:
    """One target of it as things are now: nothing is kept back that takes a moment, because somebody asked for it."""
    base = ctx.checkout.fetch()
    reads = repo.back if change.swift else repo
    policy = reads.policy(base)
    told = comparison_of(ctx, reads, policy, base, change.intent, known_versions(ctx, policy, change.intent))
    return ComparisonCard(told, link_of(ctx, change.id), max(0, len(change.moves) - COMPARED))
