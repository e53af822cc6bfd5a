"""CI of the deployment repo's main branch, through the whole bot: webhook, card, snooze, re-run, back."""

from __future__ import annotations

import pytest

from tests.scenarios.world import ANA, DEPLOYS, OSCAR, REPO, World, everything


@pytest.fixture
def world(whole_world: World) -> World:
    """With all that the bot has."""
    return whole_world


async def test_a_red_main_branch_is_one_card_that_turns(world: World):
    head = world.git("rev-parse", "main").strip()
    await world.github.set_check(REPO, head, "e2e", conclusion="failure", summary="3 of 40 <!here> failed")
    card = await world.card(f"CI failed: {REPO} main {head[:7]}: e2e", DEPLOYS)
    assert "3 of 40" in everything(card)
    assert "<!here>" not in everything(card)
    await world.click(card, "ci.snooze", ANA, DEPLOYS)
    view = await world.form(ANA, "form.snooze_ci")
    await world.slack.submit(ANA, view["id"], {"gate": "e2e", "until": "2h", "reason": "known"})
    await world.shows(card, "snoozed until", DEPLOYS)
    await world.thread(card, "snoozed e2e until", DEPLOYS)
    await world.click(card, "ci.rerun", OSCAR, DEPLOYS)
    await world.whisper("Not run again", OSCAR, DEPLOYS)
    await world.github.set_check(REPO, head, "e2e")
    await world.shows(card, "passes again", DEPLOYS)
    await world.settled()
    cards = [one for one in world.slack.messages(DEPLOYS) if one["text"].startswith("CI ")]
    assert [one["ts"] for one in cards] == [card["ts"]]
    assert world.bot is not None
    assert [row.entry.what for row in world.bot.store.audit.rows() if row.entry.what.startswith("ci ")] == [
        "ci snoozed"
    ]
