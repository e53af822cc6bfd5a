"""Code owners whose approval the forge wants besides ours, so that nobody waits without knowing for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.codeowners import PLACES, read_owners, wanted
from bot.domain.facts import ForgeReview, Verdict
from bot.usecases.context import Context
from bot.usecases.members import logins_in


def owners_missing(
    ctx: Context, base: str, files: Iterable[str], reviews: Sequence[ForgeReview]
) -> tuple[tuple[str, ...], ...]:
    """The sets of owners of which none has approved yet; none where the branch rules do not ask for them.

    ``base`` is the commit whose CODEOWNERS counts: GitHub reads it on the branch that is merged into.
    """
    if not ctx.forge.rules().code_owners:
        return ()
    sets = wanted(read_owners(ctx.checkout.read(base, PLACES)), files)
    approved = _approved(reviews) if sets else frozenset()
    return tuple(owners for owners in sets if not any(approved & _logins(ctx, owner) for owner in owners))


def _approved(reviews: Sequence[ForgeReview]) -> frozenset[str]:
    """Accounts whose last word on the forge is an approval; an App's approval satisfies no code owner."""
    said = (Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.DISMISSED)
    last = {one.login.casefold(): one for one in reviews if one.verdict in said and not one.robot}
    return frozenset(login for login, one in last.items() if one.verdict is Verdict.APPROVED)


def _logins(ctx: Context, owner: str) -> frozenset[str]:
    """An owner who is named by an e-mail address has no account that is known: GitHub knows, and we do not."""
    return logins_in(ctx, owner.removeprefix("@")) if owner.startswith("@") else frozenset()
