"""Our method table against Slack's published argument lists, where the contracts folder is there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack.webapi import METHODS

HERE = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SLACKOPS_CONTRACTS", HERE.parent / "shared" / "contracts")) / "slack" / "methods"
UNPUBLISHED = {"api.test", "openid.connect.token", "openid.connect.userInfo"}


def published(name: str) -> dict[str, Any]:
    if not FOLDER.exists():
        pytest.skip("the contracts folder (SLACKOPS_CONTRACTS) is not there")
    return json.loads((FOLDER / f"{name}.json").read_text())


@pytest.mark.parametrize("name", sorted(set(METHODS) - UNPUBLISHED))
def test_as_published(name: str) -> None:
    method, facts = METHODS[name], published(name)
    assert set(method.required) == set(facts["args"]["required"]) - {"token"}
    assert method.json == facts.get("json_input_supported", False)
    assert f"t{method.tier}" == facts["rate_limits"]
