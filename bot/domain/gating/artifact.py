"""The artifact gate: the model's files are there, and their digest is known and still the one that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.outcome import SILENT, brief, outcome
from bot.domain.policy import ArtifactGate, Gate


def digest_of(gates: Sequence[Gate], version: ModelVersion) -> str | None:
    """The digest that a change is bound to: that of the tag which a gate names, else the one of the MLmodel file."""
    tags = (gate.tag for gate in gates if isinstance(gate, ArtifactGate) and gate.tag)
    return next((found for tag in tags if (found := _tagged(version, tag))), version.artifact_digest)


def evaluate(gate: ArtifactGate, facts: GateFacts) -> GateResult:
    """There first; then what is known of its digest. MLflow itself has none, so there are two places where one may be:
    a tag of the version, and the MLmodel file, whose own digest stands for the whole."""
    required = _required(gate)
    version = facts.candidate
    if version is None:
        return outcome(gate, GateState.UNKNOWN, SILENT, required)
    if facts.artifact is False:
        return outcome(gate, GateState.FAIL, "nothing is stored for this version", required, turns=True)
    state, observed = _digest(gate, version, facts.digest)
    if state is GateState.FAIL:
        return outcome(gate, state, observed, required)
    if facts.artifact is None:
        return outcome(gate, GateState.UNKNOWN, "the artifact store does not answer now", required)
    return outcome(gate, state, observed, required)


def _digest(gate: ArtifactGate, version: ModelVersion, wanted: str | None) -> tuple[GateState, str]:
    tagged = _tagged(version, gate.tag) if gate.tag else None
    if gate.digest and gate.tag and tagged is None:
        return GateState.FAIL, f"no tag {brief(gate.tag)}"
    known = [one for one in (tagged, version.artifact_digest) if one]
    apart = _contradiction([*known, *([wanted] if wanted else [])])
    if apart is not None:
        return GateState.FAIL, f"two digests: {_short(apart[0])} and {_short(apart[1])}"
    if gate.digest and not known:
        return GateState.UNKNOWN, "its MLmodel file cannot be read now"
    return GateState.PASS, _short(known[0]) if gate.digest else "there"


def _contradiction(digests: Sequence[str]) -> tuple[str, str] | None:
    """Two digests of the same kind that differ: `sha256:` and `mlmodel-sha256:` are about different bytes."""
    first: dict[str, str] = {}
    for one in digests:
        kind, _, value = one.casefold().rpartition(":")
        seen = first.setdefault(kind, one)
        if seen.casefold().rpartition(":")[2] != value:
            return seen, one
    return None


def _tagged(version: ModelVersion, tag: str) -> str | None:
    return version.tags.get(tag, "").strip() or None


def _required(gate: ArtifactGate) -> str:
    if not gate.digest:
        return "the artifact"
    return f"the artifact, and its digest{f' in the tag {brief(gate.tag, 40)}' if gate.tag else ''}"


def _short(digest: str) -> str:
    kind, colon, value = brief(digest, 200).rpartition(":")
    return f"{kind[:20]}{colon}{value if len(value) <= 12 else value[:12] + '…'}"
