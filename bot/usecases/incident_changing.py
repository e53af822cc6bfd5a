"""A change of a stored incident that loses nothing of what others write meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.audit import AuditEntry
from bot.domain.drifting.incidents import Incident
from bot.errors import Stale
from bot.usecases.context import Context

TRIES = 20
"""Each try finds what another one saved: more than this many in a row are no accident."""


def incident_changing(
    ctx: Context, incident: str, edit: Callable[[Incident], Incident], *audit: AuditEntry
) -> Incident | None:
    """Read it, let ``edit`` decide, save it with the rows of ``audit``; again from the start where somebody else saved
    it in between. ``edit`` must be pure, and give the same object back where there is nothing to change: then nothing
    is written. What it is now; None where there is no such incident. Raises Stale, StoreUnavailable."""
    if ctx.incident_log is None:
        return None
    for left in reversed(range(TRIES)):
        was = ctx.incident_log.get(incident)
        if was is None:
            return None
        now = edit(was)
        if now is was or now == was:
            return was
        try:
            ctx.incident_log.save(None, [now], *audit)
        except Stale:
            if not left:
                raise
            continue
        return now.model_copy(update={"revision": was.revision + 1})
    return None
