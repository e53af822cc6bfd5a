"""What an HTTP gate is told: version 1 of the body, as docs/howto/http-gate.md has it."""

from __future__ import annotations

import json
import math
from typing import Any

from bot.domain.change import Intent
from bot.domain.facts import DatasetInput, ModelVersion

VERSION = 1


def body_of(
    gate: str,
    intent: Intent,
    candidate: ModelVersion | None,
    deployed: ModelVersion | None,
    *,
    change: str = "",
    head: str = "",
) -> bytes:
    """JSON in ASCII. The same facts give the same bytes, so that an answer can be remembered by them."""
    body = {
        "v": VERSION,
        "gate": gate,
        "model": intent.model,
        "environment": intent.environment,
        "from": intent.frm,
        "to": intent.to,
        "action": intent.action.value,
        "change": change or None,
        "digest": intent.digest,
        "head": head or None,
        "candidate": _version(candidate),
        "deployed": _version(deployed),
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _version(one: ModelVersion | None) -> dict[str, Any] | None:
    """None for what the registry does not tell now."""
    if one is None:
        return None
    return {
        "version": one.version,
        "metrics": {name: _number(value) for name, value in one.metrics.items()},
        "tags": one.tags,
        "params": one.params,
        "aliases": sorted(one.aliases),
        "datasets": [_dataset(data) for data in one.datasets],
        "git_commit": one.git_commit,
        "artifact_digest": one.artifact_digest,
    }


def _number(value: float) -> float | str:
    """JSON has no word for them, so they are strings."""
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def _dataset(one: DatasetInput) -> dict[str, str | None]:
    return {"name": one.name, "digest": one.digest or None, "context": one.context}
