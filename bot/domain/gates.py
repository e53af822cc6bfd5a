"""What a gate found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.change_marks import Waiver

NAME_SHOWN = 60


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
    look_again: float | None = None
    """While it fails: the seconds after which it is worth another look, because nobody tells when it turns."""
    waived: str = ""
    """Who waived it, and why; it holds nothing up then."""
    url: str | None = None
    """Where there is more about it."""
    rule: str = ""
    """What the policy's gate asks for, as one word (`bot.domain.gating.rule`); empty for what is no gate of it."""
    waivable: bool = False
    """One of the policy's own gates, which a role may waive: no freeze, ban, window or ladder."""
    waiver: Waiver | None = None
    """What ``waived`` tells in words."""

    @property
    def asks(self) -> str:
        """What a waiver of it is bound to."""
        return self.rule or self.required

    @property
    def holds_up(self) -> bool:
        """True when this result keeps the change from going on."""
        return self.blocks and not self.waived and self.state in (GateState.FAIL, GateState.UNKNOWN)

    @property
    def short_name(self) -> str:
        """The name, cut in the middle where a metric's is very long: what differs stands at its end."""
        half = NAME_SHOWN // 2
        return self.name if len(self.name) <= NAME_SHOWN else f"{self.name[: half - 1]}…{self.name[-half:]}"


def stuck(results: Iterable[GateResult]) -> tuple[GateResult, ...]:
    """What holds a change up: first what somebody has to mend, then what is not known or ends by itself."""
    return tuple(sorted((one for one in results if one.holds_up), key=lambda one: one.waits or one.state != "fail"))
