"""What is wrong with a policy, all of it at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.policy.shown import visible
from bot.errors import Reason, Refused


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend. ``line`` counts from 1, 0 where there is none; ``key`` is dotted, empty for the whole file."""

    file: str
    line: int
    key: str
    message: str

    def __post_init__(self) -> None:
        """Names of files and keys are untrusted text."""
        for name in ("file", "key", "message"):
            object.__setattr__(self, name, visible(getattr(self, name)))

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class PolicyInvalid(Refused):
    """The policy cannot be used. ``faults`` holds everything found, in the order of the files and lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = tuple(sorted(set(faults)))
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        super().__init__(
            Reason.POLICY_INVALID,
            f"The policy is not valid: {self.faults[0]}{more}",
            "Mend the policy by a pull request; `slackops check` shows all that is wrong.",
        )
