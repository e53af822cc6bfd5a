"""What an open incident means for promotions, as the policy's `drift.incident.promotions` says: a gate that nobody
wrote, or one more approval. Going back is never held up by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.domain.change import Action, Intent
from bot.domain.drifting.windows import Kind
from bot.domain.gating.incident import ANY
from bot.domain.policy import Environment, Gate, IncidentGate
from bot.domain.policy.approval_rules import least
from bot.domain.policy.model_drift import Promotions
from bot.domain.policy.model_gates import Mode

NAME = "open incident"
KINDS = frozenset(kind.value for kind in Kind)
"""What monitors tell of. That a rollout is not healthy has rules of its own."""


def brings_in(intent: Intent) -> bool:
    """Whether a change brings a version in, or more traffic to it."""
    away = intent.action is Action.STEP and intent.percent == 0
    return intent.action is not Action.ROLLBACK and not away


def gates_under(promotions: Promotions, gates: Sequence[Gate], open_kinds: Collection[str]) -> tuple[Gate, ...]:
    """The gates, with one more for the kinds that are open and that no gate of the policy holds up as much."""
    left = tuple(sorted(kind for kind in KINDS & set(open_kinds) if not _is_held(promotions, gates, kind)))
    if promotions == "ignore" or not left:
        return tuple(gates)
    more = 1 if promotions == "quorum" else 0
    mode: Mode = "block" if promotions == "block" else "warn"
    return (*gates, IncidentGate(_name(gates), ANY, mode, "merge", kinds=left, approvals=more))


def rules_under(promotions: Promotions, environment: Environment, open_kinds: Collection[str]) -> Environment:
    """The environment, which asks for one more approval where the policy says so and something is open."""
    if promotions != "quorum" or not KINDS & set(open_kinds):
        return environment
    asked = environment.approvals
    required = max([asked.required, *(least(rule) for rule in asked.rules)]) + 1
    return replace(environment, approvals=replace(asked, required=required))


def _is_held(promotions: Promotions, gates: Sequence[Gate], kind: str) -> bool:
    """It is shown once. What warns is no substitute for what blocks, nor for what says that one more must approve."""
    written = [gate for gate in gates if isinstance(gate, IncidentGate) and gate.kind in (ANY, kind)]
    if promotions == "warn":
        return bool(written)
    return promotions == "block" and any(gate.mode == "block" for gate in written)


def _name(gates: Sequence[Gate]) -> str:
    return NAME if all(gate.name != NAME for gate in gates) else f"{NAME} (drift.incident)"
