"""The HTTP gate: somebody else's verdict, already asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.domain.gates import GateResult, GateState
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.outcome import brief, outcome
from bot.domain.policy import HttpGate

NOT_ASKED = "nobody was asked"


def evaluate(gate: HttpGate, facts: GateFacts) -> GateResult:
    """The verdict as it was given; unknown where there is none."""
    said, wanted = facts.answers.get(gate.name), f"a pass from {brief(urlsplit(gate.url).hostname or '', 60)}"
    if said is None:
        return outcome(gate, GateState.UNKNOWN, NOT_ASKED, wanted)
    state, observed = GateState(said.state), brief(said.observed, 120) or f"it says {said.state}, and no more"
    return outcome(gate, state, observed, brief(said.required) or wanted, url=said.url, turns=True)
