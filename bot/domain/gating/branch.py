"""The branch gate: the commit that the model was trained from is on a branch that people reviewed.

The repository is the policy's, never the one that a tag of the version names: whoever logs a version writes its tags.
"""

from __future__ import annotations

import re

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.gating.facts import GateFacts
from bot.domain.gating.outcome import SILENT, brief, outcome
from bot.domain.policy import BranchGate

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)


def training_commit(version: ModelVersion | None) -> str | None:
    """The whole id of the commit that a version was trained from. Anything shorter may be the name of a branch, which
    would be on itself."""
    said = (version.git_commit or "").strip().lower() if version else ""
    return said if _COMMIT.fullmatch(said) else None


def evaluate(gate: BranchGate, facts: GateFacts) -> GateResult:
    """Unknown wherever nobody can tell, and what to do about it."""
    repo = gate.repo or facts.repo
    required = f"a training commit on {brief(gate.branch, 40)}"
    commit = training_commit(facts.candidate)
    if facts.candidate is None:
        return outcome(gate, GateState.UNKNOWN, SILENT, required)
    if repo is None:
        words = "no repository is declared: set `repo: owner/name` of the model, or of this gate"
        return outcome(gate, GateState.UNKNOWN, words, required)
    if commit is None:
        said = facts.candidate.git_commit
        words = f"{brief(said, 40)!r} is no whole commit id" if said else "the version names no training commit"
        return outcome(gate, GateState.UNKNOWN, words, required)
    found, where = facts.on_branch.get((repo, gate.branch)), f"{brief(repo, 60)}@{commit[:7]}"
    if found is None:
        return outcome(gate, GateState.UNKNOWN, f"the bot cannot see {where}, or that branch of it", required)
    if not found:
        return outcome(gate, GateState.FAIL, f"{where} is not on it", required, turns=True)
    return outcome(gate, GateState.PASS, where, required)
