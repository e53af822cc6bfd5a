"""A gate on commit checks, added by a push to the policy: waiting, passing, failing, and passing after all."""

from __future__ import annotations

import pytest

from tests.scenarios.world import ANA, BEN, REPO, World, everything

FRAUD = "/promote fraud-detector 4 production"
REVIEW = "Review: fraud-detector 3→4, production"


@pytest.fixture
async def head(world: World) -> str:
    """The head of a promotion that the check gate holds up."""
    gates = "      - {metric: primary, against: deployed, max_regression: 1%}\n"
    await world.change_policy(gates, gates + '      - {check: "ci/*"}\n')
    await world.say(FRAUD)
    card = await world.card(REVIEW)
    assert ": no such check has run." in everything(card)
    await world.settled()
    assert world.statuses(1)["slackops/gates"] == "pending"
    return str(world.pulls()[0]["head"]["sha"])


async def test_a_check_that_passes_lets_it_go_on(world: World, head: str):
    card = await world.card(REVIEW)
    await world.click(card, "change.approve", BEN)
    await world.card("Approved: fraud-detector 3→4, production")
    await world.github.set_check(REPO, head, "ci/validate", "in_progress", None)
    await world.shows(card, "ci/validate is running")
    assert world.pulls()[0]["state"] == "open"
    await world.github.set_check(REPO, head, "ci/validate")
    await world.merged(1)


async def test_a_check_that_fails_blocks_with_news(world: World, head: str):
    card = await world.card(REVIEW)
    await world.github.set_check(REPO, head, "slackops/fake")
    await world.github.set_check(REPO, head, "ci/smoke", conclusion="failure", summary="3 of 40 <!here> failed")
    blocked = await world.card("Blocked: fraud-detector 3→4, production")
    assert "ci/smoke failed" in everything(blocked)
    news = await world.thread(card, "ci/smoke failed")
    assert f"<@{ANA}>" in news["text"]
    assert "<!here>" not in everything(news)
    assert world.statuses(1)["slackops/gates"] == "failure"
    await world.github.set_check(REPO, head, "ci/smoke")
    await world.card(REVIEW)
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
