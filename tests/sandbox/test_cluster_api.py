"""Argo CD's API of the sandbox, and that the bot's own reader of it agrees with the webhooks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.adapters.argocd import ArgoCdEngine
from bot.sandbox.cluster import Pace, argocd_body
from bot.sandbox.hooks import Call, Refuse
from bot.sandbox.seed import REPO, deployed
from bot.sandbox.seed.files import example_files
from bot.sandbox.server import Options, Sandbox, Signalled
from bot.sandbox.world import remote_url
from bot.signals.argocd import parse

FILE = "models/fraud-detector/production/inferenceservice.yaml"
APP = "fraud-detector-production"


def options(signals: Signalled) -> Options:
    return Options(page=False, registry=False, pace=Pace(0, 0), signals=signals)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    made = Sandbox(tmp_path, 0, options=options("polling"))
    await made.start()
    yield made
    await made.stop()


async def ask(sandbox: Sandbox, path: str = f"/{APP}", token: str | None = None, **query: str) -> httpx.Response:
    env = sandbox.env()
    token = env["ARGOCD_TOKEN"] if token is None else token
    headers = {"authorization": f"Bearer {token}"} if token else {}
    url = f"{env['ARGOCD_SERVER']}/api/v1/applications{path}"
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(url, params=query, headers=headers)


async def test_an_application_is_that_of_the_webhook(sandbox: Sandbox) -> None:
    one = sandbox.cluster.workload("fraud-detector", "production")
    assert one
    found = await ask(sandbox)
    assert (found.status_code, found.json()) == (200, argocd_body(one, remote_url(sandbox.base_url))["app"])
    assert found.json()["status"]["sync"]["revision"] == sandbox.github.head(REPO)
    assert (await ask(sandbox, appNamespace="argocd")).status_code == 200


async def test_the_list_has_every_workload(sandbox: Sandbox) -> None:
    items = (await ask(sandbox, "")).json()["items"]
    assert {one["metadata"]["name"] for one in items} == {f"{model}-{stage}" for model, stage in deployed()}


@pytest.mark.parametrize(
    ("path", "token", "query", "status"),
    [
        (f"/{APP}", "", {}, 401),
        (f"/{APP}", "wrong", {}, 401),
        ("/absent", "", {}, 401),
        ("/absent", None, {}, 403),
        (f"/{APP}", None, {"appNamespace": "elsewhere"}, 403),
    ],
    ids=["no token", "wrong token", "absent without token", "absent", "another namespace"],
)
async def test_refusals_are_argo_cd_s(
    sandbox: Sandbox, path: str, token: str | None, query: dict[str, str], status: int
) -> None:
    refused = await ask(sandbox, path, token, **query)
    assert (refused.status_code, set(refused.json())) == (status, {"error", "code", "message"})


async def test_it_is_read_only(sandbox: Sandbox) -> None:
    env = sandbox.env()
    headers = {"authorization": f"Bearer {env['ARGOCD_TOKEN']}"}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as client:
        url = f"{env['ARGOCD_SERVER']}/api/v1/applications/{APP}"
        assert (await client.delete(url)).status_code == 405
        assert (await client.post(f"{url}/sync")).status_code == 404


async def test_a_test_can_count_and_refuse(sandbox: Sandbox) -> None:
    async def down(phase: str, call: Call) -> None:
        if (phase, call.service) == ("before", "argocd"):
            raise Refuse(503, {"error": "down"})

    sandbox.hooks.items.append(down)
    assert (await ask(sandbox)).status_code == 503
    assert [call.name for call in sandbox.hooks.log if call.service == "argocd"] == [
        f"GET /sandbox/argocd/api/v1/applications/{APP}"
    ]


@pytest.mark.parametrize(
    ("signals", "known"),
    [
        (False, set()),
        (True, {"ARGOCD_WEBHOOK_TOKEN", "FLUX_WEBHOOK_SECRET", "ARGOCD_SERVER", "ARGOCD_TOKEN"}),
        ("webhooks", {"ARGOCD_WEBHOOK_TOKEN", "FLUX_WEBHOOK_SECRET"}),
        ("polling", {"ARGOCD_SERVER", "ARGOCD_TOKEN"}),
    ],
    ids=["off", "both", "webhooks", "polling"],
)
async def test_the_bot_is_told_of_what_there_is(tmp_path: Path, signals: Signalled, known: set[str]) -> None:
    sandbox = Sandbox(tmp_path, 0, options=options(signals))
    await sandbox.start()
    assert {name for name in sandbox.env() if name.startswith(("ARGOCD", "FLUX"))} == known
    await sandbox.stop()


async def test_the_bot_s_reader_sees_what_the_webhook_says(sandbox: Sandbox) -> None:
    content = example_files()[FILE].replace(b"/3/model", b"/4/model")
    sha = await sandbox.github.push_file("kim", REPO, "main", FILE, content, "By hand")

    def live() -> dict[str, object] | None:
        one = sandbox.cluster.workload("fraud-detector", "production")
        return one if one and (one["revision"], one["health"]) == (sha, "Healthy") else None

    one = await sandbox.cluster.wait_for(live)
    env = sandbox.env()
    engine = ArgoCdEngine(env["ARGOCD_SERVER"], env["ARGOCD_TOKEN"], REPO)
    seen = await asyncio.to_thread(engine.look, APP)
    assert seen is not None
    assert (seen.application, seen.revision, seen.phase.value) == (f"argocd/{APP}", sha, "healthy")
    (told,) = parse(argocd_body(one, remote_url(sandbox.base_url)), REPO)
    assert told.key == seen.key
    assert await asyncio.to_thread(engine.look, "absent") is None
