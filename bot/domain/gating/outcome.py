"""What the evaluators share: a result out of a gate, and other people's words made fit to stand in one."""

from __future__ import annotations

from bot.domain.gates import GateResult, GateState
from bot.domain.policy import Gate

SILENT = "the registry does not tell of this version now"
FIRST = "first deployment"
TURNS_SECONDS = 600.0
"""So often what fails by somebody else's word alone is looked at again: nobody tells when that changes."""
WORDS = 80
"""Characters of somebody else's words in a result: it has to fit on a commit status, which takes 140."""


def outcome(
    gate: Gate,
    state: GateState,
    observed: str,
    required: str,
    *,
    url: str | None = None,
    explanation: str = "",
    turns: bool = False,
) -> GateResult:
    """The result of a gate, which blocks or not as the gate says. ``turns``: what it says may change unheard."""
    again = TURNS_SECONDS if turns and state is GateState.FAIL else None
    blocks, more = gate.mode == "block", web(url)
    return GateResult(gate.name, state, observed, required, blocks, gate.at, explanation, look_again=again, url=more)


def brief(text: str, limit: int = WORDS) -> str:
    """Untrusted text on one line, cut, and without what no terminal or page should be sent."""
    kept = "".join(one if one.isprintable() else " " for one in text[: 4 * limit])
    line = " ".join(kept.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def web(url: str | None) -> str | None:
    """An address that may stand behind a link; None for everything else."""
    plain = url is not None and url.isascii() and url.isprintable() and " " not in url and len(url) <= 2_000
    return url if plain and url is not None and url.startswith(("https://", "http://")) else None
