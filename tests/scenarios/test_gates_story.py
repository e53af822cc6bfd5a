"""The story of the quality gates: blocked by a regression, compared, waived by another person, merged, and kept."""

from __future__ import annotations

import pytest

from bot.sandbox.seed.cast import REPO, TRAINING
from tests.scenarios.world import ANA, BEN, CHLOE, DEPLOYS, PROD, World, everything


@pytest.fixture
def world(whole_world: World) -> World:
    """With all that the bot has."""
    return whole_world


GATE, REASON = "log_loss against deployed", "Marketing needs the new segments today"


async def test_a_regression_blocks_until_another_person_waives_it(world: World) -> None:
    await world.say("/promote churn 17 production")
    card = await world.card("Blocked: churn 16→17, production")
    await world.shows(card, "5.2% worse than 16")
    table = await world.thread(card, "Compared: churn 16→17, production")
    assert "table" in {block["type"] for block in table["blocks"]}

    await world.choose(card, "waive", ANA)  # she may waive, but not what she asked for herself
    fault = await world.form(ANA, "form.fault")
    assert "asked" in everything({"text": "", "blocks": fault["blocks"]})

    await world.choose(card, "waive", BEN)
    form = await world.form(BEN, "form.waive")
    await world.slack.submit(BEN, form["id"], {"gate": GATE, "reason": REASON})
    await world.shows(card, REASON)
    await world.settled()
    number = world.pulls()[0]["number"]
    assert world.statuses(number)["slackops/gates"] == "success"
    assert REASON in world.github.pull(REPO, number)["body"]

    await world.click(card, "change.approve", CHLOE)
    await world.merged(number)
    await world.settled()
    assert REASON in everything(world.slack.message(PROD, card["ts"]) or card)
    assert world.bot is not None
    told = [str(row.entry) for row in world.bot.store.audit.rows() if "waive" in row.entry.what]
    assert [REASON in one for one in told] == [True]


async def test_ci_fails_is_told_runs_again_and_is_back(world: World) -> None:
    world.sandbox.ci.seconds = 0.01
    sha = await world.sandbox.ci.break_()
    card = await world.card(f"CI failed: {TRAINING} main {sha[:7]}", DEPLOYS)
    assert "expected 128 rows" in everything(card)
    await world.click(card, "ci.rerun", ANA, DEPLOYS)
    await world.until(
        lambda: "CI failed" not in everything(world.slack.message(DEPLOYS, card["ts"]) or card), "the card to be back"
    )
    assert {job["conclusion"] for job in world.sandbox.ci.status()["jobs"]} == {"success"}


async def test_a_challenger_is_proposed_by_the_rule(world: World) -> None:
    await world.settled()
    await world.sandbox.registry.train("ltv", "good")
    await world.settled()
    await world.sandbox.registry.set_alias("ltv", "challenger", "6")
    await world.card("Merged: ltv 4→6, staging", DEPLOYS)
    again = world.sandbox.registry.webhooks
    for one in again.sent:
        again.again(one)
    await again.drain()
    await world.settled()
    assert [pull["title"] for pull in world.pulls()] == ["Promote ltv 4 → 6 in staging"]
