"""What a gate found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GateState(StrEnum):
    """Unknown is a value of its own, and blocks like a failure."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class GateResult:
    """One gate, judged. ``observed`` and ``required`` are for people; ``blocks`` is False for `mode: warn`."""

    name: str
    state: GateState
    observed: str
    required: str
    blocks: bool = True
    at: str = "merge"
    explanation: str = ""
    waits: bool = False
    """It holds things up now, and passes without anybody's change to the model, the policy or the branch."""
    passes_at: float | None = None
    """When it passes by itself, in seconds since the epoch; None where nobody knows."""

    @property
    def holds_up(self) -> bool:
        """True when this result keeps the change from going on."""
        return self.blocks and self.state in (GateState.FAIL, GateState.UNKNOWN)
