"""What a training is started with: the policy's inputs, filled in. Values are only ever data. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.domain.retraining import Retraining, Value

NAMES = ("model", "environment", "version", "reason", "incident", "retrain")
HOSTS = "_HOSTS"
"""What is put behind the name of a secret's variable: the hosts that the secret may be sent to."""
PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")


def filled(inputs: Mapping[str, Value], one: Retraining) -> dict[str, Value]:
    """Each input with its variables filled in, once: what a reason says is not filled in again."""
    known = facts_of(one)
    return {name: _filled(value, known) for name, value in inputs.items()}


def facts_of(one: Retraining) -> dict[str, str]:
    """By the variable's name. Half characters are replaced, so that any engine takes it."""
    told = (one.model, one.environment, one.serving, one.reason or "", one.incident, one.id)
    return {name: text.encode(errors="replace").decode() for name, text in zip(NAMES, told, strict=True)}


def unknown_names(text: str) -> list[str]:
    """Names in braces that are no variables."""
    return [name for name in PLACEHOLDER.findall(text) if name not in NAMES]


def is_bound_elsewhere(url: str, hosts: str | None) -> bool:
    """``hosts`` are names, with a port or without, and commas between them; none: the secret is bound to no host."""
    named = {one.strip().casefold() for one in (hosts or "").split(",") if one.strip()}
    parts = urlsplit(url)
    return bool(named) and named.isdisjoint({parts.hostname or "", parts.netloc.casefold()})


def _filled(value: Value, known: Mapping[str, str]) -> Value:
    return PLACEHOLDER.sub(lambda hit: known.get(hit[1], hit[0]), value) if isinstance(value, str) else value
