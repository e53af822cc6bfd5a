"""How a waiver is asked for: arguments and options in, what was asked for out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import Reason, Refused

GATES_USAGE: dict[str, str] = {"waive": "/slackops waive #NUMBER GATE --reason TEXT|--withdraw"}
GATES_OPTIONS: dict[str, dict[str, bool]] = {"waive": {"--reason": True, "--withdraw": False}}
_NUMBER = re.compile(r"#?([1-9][0-9]{0,8})")
LONGEST_GATE = 300


@dataclass(frozen=True)
class WaiveAsk:
    """Let a gate of the pull request ``number`` pass, or take that back. Without a gate or a reason the form asks."""

    number: int
    gate: str | None
    reason: str | None
    withdraw: bool = False

    @property
    def complete(self) -> bool:
        """Whether it says which gate, and why where that must be said."""
        return self.gate is not None and (self.withdraw or self.reason is not None)


def parse_waive(arguments: Sequence[str], options: Mapping[str, str]) -> WaiveAsk:
    """What is asked for. The name of a gate may have spaces, with quotes or without. Raises Refused(BAD_USAGE)."""
    number = _NUMBER.fullmatch(arguments[0]) if arguments else None
    if number is None:
        raise _refused("Say of which pull request: its number stands on the card.")
    gate = " ".join(" ".join(arguments[1:]).split())
    if len(gate) > LONGEST_GATE:
        raise _refused("No gate has so long a name.")
    ask = WaiveAsk(int(number[1]), gate or None, options.get("--reason"), "--withdraw" in options)
    if ask.withdraw and ask.gate is None:
        raise _refused("Say which gate.")
    return ask


def waived_with(names: Sequence[str], reason: str | None) -> tuple[str, ...]:
    """The gates of `/promote … --waive GATE`, each once. Raises Refused(BAD_USAGE) without a reason."""
    if names and not (reason or "").strip():
        raise Refused(Reason.BAD_USAGE, "A gate is waived with a reason.", "Add `--reason TEXT` at the end.")
    return tuple(dict.fromkeys(names))


def _refused(message: str) -> Refused:
    return Refused(Reason.BAD_USAGE, message, f"Usage: `{GATES_USAGE['waive']}`")
