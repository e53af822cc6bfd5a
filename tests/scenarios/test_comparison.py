"""The candidate beside the deployed version, where a reviewer looks: pull request, thread, and the button."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.test_steady_state import look_again
from tests.scenarios.world import BEN, PROD, World, everything


@pytest.fixture
def world(whole_world: World) -> World:
    """With all that the bot has."""
    return whole_world


FRAUD = "/promote fraud-detector 4 production"


def files(world: World, card: dict[str, Any]) -> list[dict[str, Any]]:
    """What was uploaded into the card's thread."""
    return [one for m in world.slack.messages(PROD, thread_ts=card["ts"]) for one in m.get("files") or []]


async def test_the_comparison_is_told_once_everywhere(world: World):
    await world.say(FRAUD)
    card = await world.card("Review: fraud-detector 3→4, production")
    table = await world.thread(card, "Compared: fraud-detector 3→4, production")
    assert [block["type"] for block in table["blocks"]].count("table") == 1
    chart = (await world.until(lambda: files(world, card), "a chart"))[0]
    assert chart["alt_txt"].startswith("Line chart of ")
    assert "4 (candidate)" in chart["alt_txt"]
    await world.settled()
    body = world.pulls()[0]["body"]
    assert "| Metric | 3 | 4 | Difference | |" in body
    assert "<!-- slackops:end -->" in body
    await world.choose(card, "compare", BEN)
    whispered = await world.whisper("Compared: fraud-detector 3→4", BEN)
    assert [row[0]["text"] for row in rows(whispered)] == [row[0]["text"] for row in rows(table)]
    assert await look_again(world) == []
    assert len(files(world, card)) == 1


async def test_without_the_scope_for_files_there_is_only_the_table(world: World):
    world.slack.set_scopes(tuple(one for one in world.slack.services.config.scopes if one != "files:write"))
    await world.say(FRAUD)
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.thread(card, "Compared: fraud-detector 3→4, production")
    await world.settled()
    assert files(world, card) == []
    assert "fraud-detector" in everything(card)
    assert world.bot
    assert world.bot.store.inbox.dead() == []
    assert await look_again(world) == []


def rows(message: dict[str, Any]) -> list[list[dict[str, str]]]:
    """The rows of the message's table."""
    found: list[list[dict[str, str]]] = next(b["rows"] for b in message["blocks"] if b["type"] == "table")
    return found
