"""The signature gate: what callers send and get stays as they know it."""

from __future__ import annotations

from bot.domain.facts import MLMODEL_DIGEST, ModelVersion, Signature
from bot.domain.gates import GateResult, GateState
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.outcome import FIRST, SILENT, brief, outcome
from bot.domain.policy import SignatureGate
from bot.domain.signature import Difference, noticed, same

_REQUIRED = {
    "compatible": "no break for callers of the deployed version",
    "same": "the same signature as the deployed version",
    "logged": "a signature",
}
SHOWN = 110


def evaluate(gate: SignatureGate, facts: GateFacts) -> GateResult:
    """What breaks a caller fails; what nobody can tell, because not both versions say, is unknown."""
    required = _REQUIRED[gate.rule]
    if gate.rule != "logged" and facts.first:
        state = GateState.SKIPPED if gate.no_baseline == "skip" else GateState.FAIL
        return outcome(gate, state, FIRST, required)
    if facts.candidate is None:
        return outcome(gate, GateState.UNKNOWN, SILENT, required)
    if gate.rule == "logged":
        return outcome(gate, *_logged(facts.candidate), required)
    if facts.deployed is None:
        return outcome(gate, GateState.UNKNOWN, "the registry does not tell of the deployed version now", required)
    return outcome(gate, *_beside(gate, facts.deployed, facts.candidate), required)


def _logged(version: ModelVersion) -> tuple[GateState, str]:
    """Without the MLmodel file, nobody knows whether there is one."""
    if version.signature is not None:
        return GateState.PASS, f"{len(version.signature.inputs)} in, {len(version.signature.outputs)} out"
    if (version.artifact_digest or "").startswith(MLMODEL_DIGEST):
        return GateState.FAIL, "its MLmodel file has none that can be read"
    return GateState.UNKNOWN, "its MLmodel file cannot be read now"


def _beside(gate: SignatureGate, deployed: ModelVersion, candidate: ModelVersion) -> tuple[GateState, str]:
    old, new = deployed.signature, candidate.signature
    if old is None or new is None:
        silent = [one.version for one in (deployed, candidate) if one.signature is None]
        return GateState.UNKNOWN, f"no signature of {brief(' and '.join(silent), 60)} is known"
    return _same(old, new) if gate.rule == "same" else _compatible(old, new)


def _compatible(old: Signature, new: Signature) -> tuple[GateState, str]:
    found = noticed(old, new)
    wrong, unclear = [one for one in found if one.breaks], [one for one in found if one.breaks is None]
    if wrong or unclear:
        return GateState.FAIL if wrong else GateState.UNKNOWN, _told(wrong or unclear)
    return GateState.PASS, "callers may notice, and do not break" if found else "callers notice nothing"


def _same(old: Signature, new: Signature) -> tuple[GateState, str]:
    if same(old, new):
        return GateState.PASS, "the same columns"
    found = noticed(old, new)
    differ = [one for one in found if one.breaks is not None]
    if found and not differ:
        return GateState.UNKNOWN, _told(list(found))
    return GateState.FAIL, _told(differ) if differ else "other columns, though no caller notices"


def _told(those: list[Difference]) -> str:
    more = f" (+{len(those) - 1} more)" if len(those) > 1 else ""
    return f"{brief(those[0].words, SHOWN).rstrip('.')}{more}"
