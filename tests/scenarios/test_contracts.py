"""What the bot really says to Slack and to GitHub in a story, against what their makers publish."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.sandbox.hooks import Call
from tests.scenarios.test_steady_state import every_kind_of_change
from tests.scenarios.traffic import WRITES
from tests.scenarios.world import ANA, BEN, PROD, World
from tests.support.slack_contract import contract

ROOT = Path(os.environ.get("SLACKOPS_CONTRACTS", Path(__file__).parents[3] / "shared/contracts"))
OPENAPI = ROOT / "github" / "openapi-requests.json"


@cache
def openapi() -> dict[str, Any]:
    """GitHub's own description of its requests."""
    loaded: dict[str, Any] = json.loads(OPENAPI.read_text())
    return loaded


def body_schema(verb: str, path: str) -> dict[str, Any] | None:
    """The schema of a request's body; None for an operation that is not described."""
    for template, verbs in openapi()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)).replace("\\{ref\\}", ".+")
        if verb.lower() in verbs and re.fullmatch(pattern, path):
            content = verbs[verb.lower()].get("requestBody", {}).get("content", {})
            found: dict[str, Any] = content.get("application/json", {}).get("schema", {})
            return found
    return None


async def story(world: World) -> list[Call]:
    """Much of what people do; the calls that it led to."""
    await every_kind_of_change(world)
    for text in ("/models", "/models churn", "/promote fraud-detector 5 staging --plan", "/promote", "/drift"):
        await world.say(text)
    await world.form(ANA, "form.promote")
    await world.say("/rollback churn production")
    back = await world.card("Review: roll back churn 16→15, production")
    await world.choose(back, "diff", BEN)
    await world.form(BEN, "form.diff")
    await world.click(back, "change.request_changes", BEN)
    view = await world.form(BEN, "form.request_changes")
    await world.slack.submit(BEN, view["id"], {"comment": "why?"})
    await world.card("Blocked: roll back churn 16→15, production")
    await world.slack.post(ANA, PROD, "<@U0SLACKOPS> models", back["ts"])
    await world.settled()
    return list(world.sandbox.hooks.log)


async def test_traffic_is_what_slack_and_github_take(world: World):
    slack, faults, checked = contract(), [], Counter[str]()
    if slack is None and not OPENAPI.is_file():
        pytest.skip("no contracts/slack/validate.py and contracts/github/openapi-requests.json here")
    for call in await story(world):
        found = _slack_faults(slack, call) if call.service == "slack" else _github_faults(call)
        if found is not None:
            checked[call.service] += 1
            faults += [f"{call.name}: {fault}" for fault in found]
    assert faults == []
    assert checked["slack"] >= 20 or slack is None
    assert checked["github"] >= 20 or not OPENAPI.is_file()


def _slack_faults(slack: Any, call: Call) -> list[str] | None:
    if slack is None:
        return None
    if call.name == "response_url":
        faults: list[str] = slack.message_errors(call.args.get("blocks", []))
        return faults
    told: list[str] = slack.call_errors(call.name, call.args)
    return told


def _github_faults(call: Call) -> list[str] | None:
    if call.service != "github" or not call.name.startswith(WRITES) or not OPENAPI.is_file():
        return None
    verb, _, path = call.name.partition(" ")
    if path == "/graphql":  # no part of that description: the sandbox knows the documents and refuses any other
        return None
    schema = body_schema(verb, path)
    if schema is None:
        return ["not an operation that GitHub describes"]
    body = call.args["body"] if isinstance(call.args.get("body"), list) else call.args
    validator = Draft202012Validator({**schema, "components": openapi()["components"]})
    return [error.message for error in validator.iter_errors(body)] if schema else []
