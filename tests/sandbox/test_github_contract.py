"""What the forge's clients send here is what GitHub's own description of its API takes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator

from bot.sandbox.github.routes import ROUTES
from bot.sandbox.hooks import Call
from tests.sandbox.test_github_support import REPO, World, running
from tests.sandbox.test_github_webhooks import everything

FILE = (
    Path(os.environ.get("SLACKOPS_CONTRACTS", Path(__file__).parents[3] / "shared/contracts"))
    / "github/openapi-requests.json"
)
pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="no contracts/github/openapi-requests.json here (SLACKOPS_CONTRACTS)"
)
NOT_SERVED = {("POST", "/orgs/{org}/repos"), ("POST", "/user/repos"), ("POST", "/repos/{owner}/{repo}/git/tags")}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


def contract() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FILE.read_text())
    return loaded


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    found = contract()["paths"].items()
    return [(verb.upper(), path, one) for path, verbs in found for verb, one in verbs.items() if "/{seg" not in path]


def test_every_operation_of_the_contract_has_a_route() -> None:
    patterns = [(route.verb, route.compiled()) for route in ROUTES]
    absent = {
        (verb, path)
        for verb, path, _ in operations()
        if not any(verb == have and pattern.fullmatch(re.sub(r"[{}]", "", path)[1:]) for have, pattern in patterns)
    }
    assert absent == NOT_SERVED


def schema_of(verb: str, path: str) -> dict[str, Any] | None:
    for have, template, operation in operations():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if have == verb and re.fullmatch(pattern, path):
            content = operation.get("requestBody", {}).get("content", {})
            found: dict[str, Any] = content.get("application/json", {}).get("schema", {})
            return found
    return None


async def test_what_pygithub_sends_fits_the_contract(world: World) -> None:
    seen: list[Call] = []

    async def watch(phase: str, call: Call) -> None:
        if phase == "before" and call.service == "github":
            seen.append(call)

    world.hooks.items.append(watch)
    await everything(world)
    components = contract()["components"]
    checked = 0
    for call in seen:
        verb, _, path = call.name.partition(" ")
        schema = schema_of(verb, path)
        if schema and verb != "GET":
            Draft202012Validator({**schema, "components": components}).validate(_as_object(call.args))
            checked += 1
    assert checked >= 5


def _as_object(args: dict[str, Any]) -> dict[str, Any]:
    """PyGithub sends labels as a bare array, which the contract allows in words only."""
    return {"labels": args["body"]} if isinstance(args.get("body"), list) else args


async def test_links_lead_to_pages_that_exist(world: World) -> None:
    for name in ("one", "two", "three"):
        await world.pull(name)
    reply = await world.request("GET", f"/repos/{REPO}/pulls", params={"per_page": "1", "page": "2"})
    links = re.findall(r'<([^>]+)>; rel="(\w+)"', reply.headers["link"])
    pages = {relation: dict(parse_qsl(urlsplit(url).query)) for url, relation in links}
    numbers = {relation: query["page"] for relation, query in pages.items()}
    assert numbers == {"first": "1", "prev": "1", "next": "3", "last": "3"}
    assert {query["per_page"] for query in pages.values()} == {"1"}
