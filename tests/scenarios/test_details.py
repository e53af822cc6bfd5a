"""The details page of the whole bot: from the status on the forge to what a browser shows, and what it does not."""

from __future__ import annotations

import httpx
import pytest

from bot.sandbox.seed.cast import REPO
from tests.scenarios.test_steady_state import look_again
from tests.scenarios.world import BEN, World


@pytest.fixture
def world(whole_world: World) -> World:
    """With all that the bot has."""
    return whole_world


def link(world: World, number: int) -> str:
    """Where the newest `slackops/gates` on the head leads."""
    head = world.github.pull(REPO, number)["head"]["sha"]
    found = [one for one in world.github.statuses(REPO, head) if one["context"] == "slackops/gates"]
    return str(found[-1]["target_url"])


async def look(world: World, url: str) -> httpx.Response:
    """Open a page of the bot's; how many requests went to the forge meanwhile is none."""
    await world.settled()
    before = len(world.sandbox.hooks.log)
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(url)
    assert len(world.sandbox.hooks.log) == before
    return answer


async def test_the_status_leads_to_the_details(world: World) -> None:
    await world.say("/promote churn 17 production")
    card = await world.card("Blocked: churn 16→17, production")
    await world.forge(lambda: world.statuses(1).get("slackops/gates") == "failure", "the status")
    url = link(world, 1)
    assert url.startswith(f"{world.env['PUBLIC_URL']}/changes/")
    answer = await look(world, url)
    assert answer.status_code == 200
    for words in ("churn 16→17, production", "✗ fails", "log_loss", f"/{REPO}/pull/1"):
        assert words in answer.text, words
    assert await look_again(world) == []
    assert link(world, 1) == url
    await world.shows(card, "|Details>")


async def test_it_is_evaluated_again_when_the_policy_moves(world: World) -> None:
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    url = link(world, 1)
    before = (await look(world, url)).text
    await world.change_policy("required: 1", "required: 2")
    await world.shows(card, "0 of 2 approvals")
    after = (await look(world, link(world, 1))).text
    assert ("of 1 that are needed" in before, "of 2 that are needed" in after) == (True, True)
    assert link(world, 1) == url


async def test_only_the_whole_link_opens_it_and_it_stays_to_be_read(world: World) -> None:
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    url = link(world, 1)
    bad = [url[:-1] + ("0" if url[-1] != "0" else "1"), url.split("?")[0], url.replace("e=", "e=1"), url + "&s=a"]
    answers = [await look(world, one) for one in bad]
    assert [one.status_code for one in answers] == [404] * 4
    assert len({one.text for one in answers}) == 1
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert (await browser.post(url)).status_code == 405
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    answer = await look(world, url)
    assert (answer.status_code, "ben" in answer.text.lower(), "Merged." in answer.text) == (200, True, True)
