"""The stories of drift, as a newcomer plays them: a snooze that breaks, both ways out of it, and many at once."""

from __future__ import annotations

from typing import Any

from bot.sandbox.monitor.traffic import FIGURES
from tests.scenarios.world import ANA, BEN, DEPLOYS, PROD, World, everything

MODEL = "fraud-detector"


async def test_a_snooze_breaks_and_the_model_is_trained_again_and_rolled_back(world: World) -> None:
    monitor = world.sandbox.monitor
    world.sandbox.trainings.seconds = 0
    await monitor.send(MODEL, "drifting", 2)
    card = await first(world, f"Drift: {MODEL}, production", "incident.snooze")

    await world.click(card, "incident.snooze", ANA)
    form = await world.form(ANA, "form.snooze_incident")
    await world.slack.submit(ANA, form["id"], {"span": "4h", "reason": "Black Friday"})
    await world.shows(card, "Black Friday")
    await world.thread(card, "Black Friday")
    said = len(world.slack.messages(PROD, thread_ts=card["ts"]))
    await monitor.send(MODEL, "drifting")
    await world.shows(card, "last 3 windows, 3 bad")
    await world.settled()
    assert len(world.slack.messages(PROD, thread_ts=card["ts"])) == said

    await monitor.send(MODEL, "worse")
    broken = await world.thread(card, "Snooze broken")
    assert f"<@{ANA}>" in everything(broken)
    await monitor.alert(MODEL)
    await world.shows(card, "p99 latency in ms 870")
    await world.click(card, "incident.take", BEN)
    await world.shows(card, f"<@{BEN}> is on it")

    await retrained(world, card)
    change = await world.card(f"Merged: {MODEL} 3→6, staging", DEPLOYS)
    assert "had it trained again" in everything(change) + world.pulls()[0]["body"]

    await world.click(card, "change.rollback", BEN)
    question = await world.whisper(f"Confirm: {MODEL} 3→2, production", BEN)
    await world.click(question, "rollback.confirm", BEN)
    await world.card(f"Merged: roll back {MODEL} 3→2, production")

    await monitor.recover()
    await world.shows(card, "3 of 3 windows fine")
    await world.shows(card, "The alert fires no more")
    await world.shows(card, "2 went in")
    done = await world.thread(card, "Drift resolved after")
    assert f"<@{BEN}>" in everything(done)
    await world.thread(card, "Latency resolved after")
    assert [m["ts"] for m in world.slack.messages(PROD) if "incident." in everything(m)] == [card["ts"]]
    assert world.bot is not None
    assert world.bot.store.inbox.dead() == []


async def test_many_at_once_are_one_card_and_nothing_acts_by_itself(world: World) -> None:
    monitor = world.sandbox.monitor
    await monitor.storm()
    card = await first(world, f"Drift: {len(FIGURES)} models", "storm.snooze")
    assert f"{len(FIGURES)} share country_code" in everything(card)

    await world.click(card, "storm.list", ANA)
    listed = await world.whisper("4 incidents", ANA)
    assert [model for model in FIGURES if model not in everything(listed)] == []
    await world.click(card, "storm.snooze", ANA)
    form = await world.form(ANA, "form.snooze_incident")
    await world.slack.submit(ANA, form["id"], {"span": "1h", "reason": "upstream is on it"})
    await world.shows(card, f"{len(FIGURES)} snoozed")
    await world.say("/drift", ANA)
    told = await world.whisper(f"{len(FIGURES)} snoozed", ANA)
    assert "country_code" in everything(told)

    await monitor.recover()
    await world.shows(card, "All resolved")
    assert (world.pulls(), world.sandbox.github.dispatched(world.sandbox.trainings.repo)) == ([], [])
    assert world.bot is not None
    assert world.bot.store.inbox.dead() == []


async def first(world: World, words: str, action: str) -> dict[str, Any]:
    """Wait for a card of these words with this button; its thread may begin with the same words."""

    def look() -> dict[str, Any] | None:
        found = (m for m in world.slack.messages(PROD) if m["text"].startswith(words))
        return next((m for m in found if action in everything(m)), None)

    card: dict[str, Any] = await world.until(look, f"a card {words!r} with {action}")
    return card


async def retrained(world: World, card: dict[str, Any]) -> None:
    """Ben has it trained again; GitHub tells of the end of the run, and it is looked at at once."""
    assert world.bot is not None
    await world.click(card, "incident.retrain", BEN)
    form = await world.form(BEN, "form.retrain")
    await world.slack.submit(BEN, form["id"], {"reason": "people spend more"})
    await world.thread(card, "had it trained again")
    repo = world.sandbox.trainings.repo
    await world.forge(
        lambda: next((one for one in world.github.dispatched(repo) if one["status"] == "completed"), None), "a run"
    )
    retrains = world.bot.context.retrains
    assert retrains is not None
    (one,) = retrains.running()
    assert world.github.dispatched(repo)[0]["inputs"]["slackops_retrain"] == one.id
    await world.thread(card, "Trained again")
