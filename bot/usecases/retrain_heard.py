"""Which retrainings a run of a workflow may be that has just ended: they are looked at at once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.retraining import Retraining
from bot.usecases.context import Context

MOST = 20


def retrains_at(ctx: Context, repo: str, run: str) -> Sequence[str]:
    """The ids of those that run in this repository of GitHub's, as this run or as one that is not known yet; 20 at
    most, the oldest first: the others are looked at in their turn."""
    found = ctx.retrains.running() if ctx.retrains is not None else []
    return [one.id for one in found if one.runs and _is_there(one, repo) and one.run in ("", run)][:MOST]


def _is_there(one: Retraining, repo: str) -> bool:
    rule = one.rule
    return rule is not None and rule.engine == "github" and rule.where.get("repo", "").casefold() == repo.casefold()
