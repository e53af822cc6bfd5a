"""Every engine's own words, in any order and more than once, lead to the same card; foreign ones lead to none."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.cluster.payloads import argocd_body, flux_body
from tests.scenarios.test_watching import promoted
from tests.scenarios.world import MANIFEST, World, everything, open_world

SECRET = "a-secret-of-the-test"
ENV = {
    "ARGOCD_WEBHOOK_TOKEN": SECRET,
    "FLUX_WEBHOOK_SECRET": SECRET,
    "ROLLOUT_WEBHOOK_SECRET": SECRET,
    "ALERTMANAGER_WEBHOOK_TOKEN": SECRET,
}
APPLICATION = "fraud-detector-production"
Words = tuple[str, int]
"""A phase, and how many seconds after the merge."""
STORY: tuple[Words, ...] = (("syncing", 1), ("progressing", 2), ("healthy", 4), ("degraded", 6), ("healthy", 9))


def stamp(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat().replace("+00:00", "Z")


def workload(phase: str, at: float, revision: str, model: str) -> dict[str, Any]:
    health = {"healthy": "Healthy", "degraded": "Degraded"}.get(phase, "Progressing")
    began = at if phase == "syncing" else at - 0.5
    return {
        "model": model,
        "environment": "production",
        "phase": "Running" if phase == "syncing" else "Succeeded",
        "health": health,
        "since": stamp(at),
        "started": stamp(began),
        "finished": "" if phase == "syncing" else stamp(at),
        "message": "0 of 3 pods" if phase == "degraded" else "",
        "revision": revision,
        "file": MANIFEST,
        "namespace": "ml-production",
        "image": None,
    }


def argocd(phase: str, at: float, revision: str, model: str) -> tuple[str, bytes, dict[str, str]]:
    body = json.dumps(argocd_body(workload(phase, at, revision, model), "https://example.invalid/repo.git")).encode()
    return "argocd", body, {"authorization": f"Bearer {SECRET}"}


def flux(phase: str, at: float, revision: str, model: str) -> tuple[str, bytes, dict[str, str]]:
    body = json.dumps(flux_body(workload(phase, at, revision, model))).encode()
    return "flux", body, {"x-signature": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}


def rollout(phase: str, at: float, revision: str, model: str) -> tuple[str, bytes, dict[str, str]]:
    told = {"application": f"{model}-production", "revision": revision, "phase": phase, "at": stamp(at)}
    return "rollout", json.dumps(told).encode(), {"authorization": f"Bearer {SECRET}"}


def github(phase: str, at: float, revision: str, model: str) -> tuple[str, bytes, dict[str, str]]:
    state = {"syncing": "queued", "progressing": "in_progress", "healthy": "success", "degraded": "failure"}[phase]
    body = {
        "action": "created",
        "deployment": {"id": 1, "sha": revision, "ref": "main", "environment": f"{model}-production", "payload": {}},
        "deployment_status": {"id": int(at), "state": state, "created_at": stamp(at), "updated_at": stamp(at)},
        "repository": {"full_name": "acme/ml-deployments"},
    }
    return "github", json.dumps(body).encode(), {}


def _names(world: World, source: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    if source != "github":
        return headers
    secret = world.env["GITHUB_WEBHOOK_SECRET"].encode()
    return {
        "x-hub-signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
        "x-github-event": "deployment_status",
        "x-github-delivery": hashlib.sha256(body).hexdigest()[:36],
    }


ENGINES: dict[str, Callable[[str, float, str, str], tuple[str, bytes, dict[str, str]]]] = {
    "argocd": argocd,
    "flux": flux,
    "rollout": rollout,
    "github": github,
}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("engine", list(ENGINES))
async def test_any_order_leads_to_the_same_card(tmp_path: Path, registry: Path, engine: str, seed: int) -> None:
    chance = random.Random(f"{engine}:{seed}")
    async with open_world(tmp_path, registry, **ENV) as world:
        rule = f"    rollout: {{engine: {engine}, watch: 1h, on_degraded: notify}}\n"
        text = world.file(".slackops.yaml")
        at = text.index("    rollout: {", text.index("\n  production:"))
        await world.change_policy(text[at : text.index("\n", at) + 1], rule)
        card = await promoted(world)
        await world.merged(1)
        await world.shows(card, "Waiting for")
        merged = world.git("rev-parse", "main").strip()
        change = world.bot.context.changes.by_number(1) if world.bot else None
        assert change is not None
        begun = change.merged_at or 0.0
        say = ENGINES[engine]
        told = [say(phase, begun + after, merged, "fraud-detector") for phase, after in STORY]
        foreign = [
            say("degraded", begun + 20, merged, "churn"),
            say("degraded", begun + 20, "f" * 40, "fraud-detector"),
            say("degraded", begun + 20, world.git("rev-parse", "main~1").strip(), "fraud-detector"),
        ]
        posts = [*told, *foreign, *chance.choices(told, k=3)]
        chance.shuffle(posts)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{world.env['PORT']}", trust_env=False) as http:
            for source, body, headers in posts:
                names = _names(world, source, body, headers)
                answer = await http.post(f"/webhooks/{source}", content=body, headers=names)
                assert answer.status_code == 202, answer.text
        await world.shows(card, "Live: fraud-detector 3→4, production")
        await world.settled()
        shown = everything(await world.shows(card, "Live: fraud-detector 3→4, production"))
        assert "Healthy 4 s after the merge. It was not in between." in shown
        assert f"bad <!date^{int(begun + 6)}^" in shown
        kept = world.bot.context.changes.by_number(1) if world.bot else None
        assert kept is not None
        assert (kept.healthy_at, kept.degraded_at) == (pytest.approx(begun + 4), pytest.approx(begun + 6))
        other = world.bot.context.changes.merged_for("churn", "production") if world.bot else [None]
        assert other == []
