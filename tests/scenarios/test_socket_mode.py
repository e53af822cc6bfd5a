"""The same story by Socket Mode, with nothing that listens: no request reaches the bot, and GitHub is polled."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.scenarios.world import ANA, BEN, PROD, REPO, World, everything, open_world


async def is_reachable(world: World) -> bool:
    """Whether anything answers at the bot's port."""
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            await client.get(f"http://127.0.0.1:{world.env['PORT']}/healthz")
        except httpx.ConnectError:
            return False
    return True


async def test_promote_and_approve_by_socket_mode(tmp_path: Path, registry: Path):
    env = {"SLACKOPS_POLL_SECONDS": "1", "SLACK_SIGNING_SECRET": ""}
    async with open_world(tmp_path / "world", registry, bot=False, **env) as world:
        await world.start_bot(socket=True)
        assert not await is_reachable(world)
        await world.refused("/promote fraud-detektor 4 production", "unknown_model")
        done = await world.say("/promote fraud-detector 4 production")
        assert (done.status, done.error) == (200, None)
        card = await world.card("Review: fraud-detector 3→4, production")
        await world.slack.disconnect()  # Slack refreshes its connections every few hours
        await world.slack.wait_connected()
        await world.choose(card, "diff", BEN)
        view = await world.form(BEN, "form.diff")
        await world.slack.close_view(BEN, view["id"])
        await world.click(card, "change.approve", BEN)
        await world.merged(1)
        await world.card("Merged: fraud-detector 3→4, production")
        await world.slack.post(ANA, PROD, "<@U0SLACKOPS> rollback fraud-detector production")
        back = await world.card("Review: roll back fraud-detector 4→3, production")
        await world.github.review("ben", REPO, 2, "APPROVE")  # no webhook tells of it: the sweep finds it
        await world.merged(2)
        assert "Superseded" not in everything(back)
        assert {d["status_code"] for d in world.github.deliveries()} <= {0, 502, 503, 504}


async def test_answers_that_are_the_ack_itself(tmp_path: Path):
    async with open_world(tmp_path / "world", None, bot=False) as world:
        await world.start_bot(socket=True)
        for text in ("/slackops help", "/promote x y z a"):
            done = await world.say(text)
            assert done.error is None
            assert "/promote MODEL" in everything(world.slack.messages(PROD, viewer=ANA)[-1])
        await world.say("/promote")
        await world.form(ANA, "form.promote")
