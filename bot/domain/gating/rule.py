"""What a gate asks for, as one word: a waiver is for a gate that asks for just this, and for no other of its name."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, asdict, fields

from bot.domain.policy import Gate

_NO_RULE = frozenset({"name", "mode", "at", "only"})
"""How it is called, whether and when it blocks, and for whom it is: the rule stays the same."""


def rule_of(gate: Gate) -> str:
    """Out of the policy alone, never out of what was found. What is left at its default is left out, so that a new kind
    of option ends no waiver that stands."""
    said = {key: value for key, value in asdict(gate).items() if key not in _NO_RULE and value != _default(gate, key)}
    text = json.dumps([type(gate).__name__, said], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _default(gate: Gate, key: str) -> object:
    return next((one.default for one in fields(gate) if one.name == key), MISSING)
