"""What Evidently's tests say: `SUCCESS`, `FAIL`, `WARNING` (failed, and marked as not critical), `ERROR`, `SKIPPED`."""

from __future__ import annotations

from bot.domain.drifting.windows import Verdict

_STATUSES = {"SUCCESS": Verdict.FINE, "WARNING": Verdict.FINE, "FAIL": Verdict.BAD}


def status_of(status: object) -> Verdict:
    """The verdict; a test that could not be carried out is unknown."""
    return _STATUSES.get(status, Verdict.UNKNOWN) if isinstance(status, str) else Verdict.UNKNOWN
