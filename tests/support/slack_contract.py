"""Slack's limits as we know them, and the shared contract's validator where it is present."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.sandbox.slack.blockkit import MESSAGE_CHARS, message_faults, text_chars, view_faults


def contract() -> ModuleType | None:
    """The validator of the shared contracts, or None where that folder is not there."""
    root = os.environ.get("SLACKOPS_CONTRACTS")
    here = Path(root) if root else Path(__file__).resolve().parents[3] / "shared" / "contracts"
    path = here / "slack" / "validate.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("slack_contract_validate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_message(body: dict[str, Any]) -> None:
    """Slack would take this message, posted or as an update."""
    assert set(body) == {"text", "blocks"}
    assert body["text"].strip()
    assert len(body["text"].encode("utf-16-le")) // 2 <= 4000
    assert [str(fault) for fault in message_faults(body["blocks"])] == []
    assert text_chars(body["blocks"]) <= MESSAGE_CHARS
    body["text"].encode()
    assert sum(block["type"] == "actions" for block in body["blocks"]) <= 1


def check_view(view: dict[str, Any]) -> None:
    """Slack would take this view."""
    assert [str(fault) for fault in view_faults(view)] == []
