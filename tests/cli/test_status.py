"""`slackops status` beside a bot that has an open change and a dead letter."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

from bot.bootstrap import open_store
from bot.domain.commands import Promote
from bot.domain.people import Person
from bot.sandbox.seed.cast import REPO
from bot.settings import load_settings
from tests.cli.running import slackops
from tests.scenarios.world import ANA, World

ENDED = "Given up: the forge <answers> 502"


async def status(world: World, tmp_path: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(slackops, "status", *args, cwd=tmp_path, env=world.env | env)


def bury(world: World) -> None:
    """A command that was given up."""
    store = open_store(load_settings(world.env))
    try:
        by = Person(team="T0SANDBOX", user=ANA)
        assert store.inbox.put("delivery-1", Promote(by=by, model="ltv", version="4", environment="production"))
        row = store.inbox.claim("nobody", 60)
        assert row is not None
        assert store.inbox.bury(row, ENDED)
    finally:
        store.database.close()


async def test_status_tells_what_runs_what_is_open_and_what_was_given_up(world: World, tmp_path: Path) -> None:
    await world.say("/promote fraud-detector 4 production")
    await world.card("Review: fraud-detector 3→4, production")
    await world.settled()
    await world.stop_bot()
    bury(world)

    text = await status(world, tmp_path)
    assert (text.returncode, text.stderr) == (0, "")
    rows = [line.split() for line in text.stdout.splitlines()]
    assert rows[:4] == [
        ["MODEL", "staging", "production", "NEWEST"],
        ["churn", "17", "16", "17"],
        ["fraud-detector", "3", "3", "5"],
        ["ltv", "4", "3", "5"],
    ]
    assert "Open changes: 1" in text.stdout
    url = f"{world.sandbox.base_url}/{REPO}/pull/1"
    assert f"  #1 Promote fraud-detector 3 → 4 in production (open) {url}" in text.stdout
    assert "Dead letters: 1" in text.stdout
    assert f"promote after 1 try: {ENDED}" in text.stdout

    told = json.loads((await status(world, tmp_path, "--json", "fraud-detector")).stdout)
    (line,) = told["models"]
    assert {one["environment"]: one["version"] for one in line["deployed"]} == {"staging": "3", "production": "3"}
    assert [(one["number"], one["state"], one["url"]) for one in told["changes"]] == [(1, "open", url)]
    assert [(one["kind"], one["attempts"], one["error"]) for one in told["dead_letters"]] == [("promote", 1, ENDED)]

    other = json.loads((await status(world, tmp_path, "ltv", "--json")).stdout)
    assert other["changes"] == []


async def test_an_unknown_model_is_refused(world: World, tmp_path: Path) -> None:
    ended = await status(world, tmp_path, "fraud-detektor")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        "The deployment repo declares no model 'fraud-detektor'. [unknown_model]",
        "Did you mean fraud-detector?",
    ]


async def test_what_cannot_be_read_is_said_and_the_rest_is_shown(world: World, tmp_path: Path) -> None:
    ended = await status(world, tmp_path, MLFLOW_TRACKING_URI="http://127.0.0.1:9", SLACKOPS_REGISTRY_TIMEOUT="1")
    assert ended.returncode == 0
    assert "fraud-detector" in ended.stdout
    assert "The registry does not answer" in ended.stdout
    assert "Traceback" not in ended.stderr
