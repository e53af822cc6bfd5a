"""The real MLflow server delivers its webhooks to the whole bot, which verifies them and acts on what it then reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.scenarios.world import PATIENCE, POLICY, World, open_world
from tests.support.mlflow_server import client_of, mlflow_server

MODEL, SECRET = "fraud-detector", "what-mlflow-and-the-bot-share"
EVENTS = [
    "registered_model.created",
    "model_version.created",
    "model_version_tag.set",
    "model_version_alias.created",
    "model_version_alias.deleted",
]
RULE = "{on: alias, alias: challenger, to: staging}"


class Registered:
    """The example's world, and MLflow's own client before its own server."""

    def __init__(self, world: World, client: Any) -> None:
        self.world, self.client = world, client

    async def call(self, name: str, *args: Any, **more: Any) -> Any:
        """One call of MLflow's client."""
        return await asyncio.to_thread(getattr(self.client, name), *args, **more)

    async def another(self, **tags: str) -> str:
        """Register what the newest version holds once more; its number."""
        found = await self.call("search_model_versions", f"name='{MODEL}'", order_by=["version_number DESC"])
        old = found[0]
        known = {"run_id": old.run_id, "model_id": old.source.removeprefix("models:/"), "tags": tags}
        made = await self.call("create_model_version", MODEL, old.source, **known)
        return str(made.version)

    async def taken(self, number: int) -> None:
        """Wait until so many deliveries were taken in."""
        url = f"http://127.0.0.1:{self.world.env['PORT']}/metrics"
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(trust_env=False) as http:
            while _accepted((await http.get(url)).text) < number:
                await asyncio.sleep(0.02)


def _accepted(metrics: str) -> float:
    lines = [line for line in metrics.splitlines() if 'source="mlflow"' in line and 'outcome="accepted"' in line]
    return sum(float(line.rpartition(" ")[2]) for line in lines if "_created" not in line)


@pytest.fixture
async def registered(tmp_path: Path, registry: Path) -> AsyncIterator[Registered]:
    async with open_world(tmp_path / "world", registry, bot=False, whole=True) as world:
        assert RULE in world.file(POLICY)
        database = Path(world.env["MLFLOW_TRACKING_URI"].removeprefix("sqlite:///"))
        with mlflow_server(database, tmp_path / "artifacts") as url:
            found = Registered(world, client_of(url))
            await world.start_bot(MLFLOW_TRACKING_URI=url, MLFLOW_WEBHOOK_SECRET=SECRET)
            assert world.bot is not None
            await asyncio.to_thread(world.bot.clockwork.poll_registry)
            await world.settled()  # what is there is remembered
            hook = f"http://127.0.0.1:{world.env['PORT']}/webhooks/mlflow"
            await found.call("create_webhook", "slackops", hook, EVENTS, secret=SECRET)
            yield found


async def test_what_happens_in_mlflow_opens_the_change_by_rule(registered: Registered) -> None:
    world = registered.world
    before = len(world.pulls())
    version = await registered.another(gate="passed")  # no rule is about new versions, nor about tags
    await registered.call("set_model_version_tag", MODEL, version, "reviewed", "yes")
    await registered.call("set_registered_model_alias", MODEL, "challenger", version)
    pull = await world.forge(lambda: next(iter(world.pulls()[before:]), None), "a change that the rule asked for")
    assert pull["title"].endswith(f"→ {version} in staging")
    assert "SlackOps-Requested-By: policy" in pull["body"]
    await registered.call(
        "set_registered_model_alias", MODEL, "challenger", version
    )  # fires again, and says nothing new
    await registered.taken(4)
    await world.settled()
    assert len(world.pulls()) == before + 1
    assert world.bot is not None
    told = [row.entry for row in world.bot.store.audit.of_model(MODEL) if row.entry.what == "proposed"]
    assert [(one.by, one.version, one.evidence["rule"]) for one in told] == [
        ("policy", version, f"@challenger was set to {version}")
    ]
    remembered = world.bot.store.registry_memory.get(MODEL)
    assert remembered is not None
    assert (remembered.aliases["challenger"], remembered.tags[version]) == (
        version,
        {"gate": "passed", "reviewed": "yes"},
    )


async def test_what_is_signed_with_another_secret_is_refused(registered: Registered) -> None:
    world = registered.world
    hook = f"http://127.0.0.1:{world.env['PORT']}/webhooks/mlflow"
    [right] = await registered.call("list_webhooks")
    told = await registered.call("test_webhook", right.webhook_id, "model_version_alias.created")
    assert (told.success, told.response_status) == (True, 202)
    wrong = await registered.call("create_webhook", "impostor", hook, EVENTS, secret="a guess")
    told = await registered.call("test_webhook", wrong.webhook_id, "model_version_alias.created")
    assert (told.success, told.response_status) == (False, 401)
