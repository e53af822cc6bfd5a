"""Other ways to ask: forms, mentions in threads, and Slack's redelivery of one and the same event."""

from __future__ import annotations

from tests.scenarios.world import ANA, BEN, PROD, World, everything

BOT = "U0SLACKOPS"


async def test_the_form_of_promote(world: World):
    await world.say("/promote")
    view = await world.form(ANA, "form.promote")
    wrong = {"model": "fraud-detector", "version": "latest", "environment": "production"}
    await world.slack.submit(ANA, view["id"], wrong)
    (open_view,) = world.slack.views(ANA)
    assert "name the version" in str(open_view["errors"])
    await world.slack.submit(ANA, view["id"], {**wrong, "version": "v4", "reason": "recall"})
    assert world.slack.views(ANA) == []
    card = await world.card("Review: fraud-detector 3→4, production")
    assert "recall" in everything(card)
    await world.whisper("Proposed: fraud-detector 3→4, production (#1)")
    await world.say("/promote ltv")
    view = await world.form(ANA, "form.promote")
    chosen = view["state"]["values"]["model"]["model"]["selected_option"]["value"]
    assert chosen == "ltv"
    await world.slack.submit(ANA, view["id"], {"version": "@challenger", "environment": "staging"})
    await world.whisper("already_deployed")


async def test_the_form_of_rollback(world: World):
    await world.say("/rollback fraud-detector")
    view = await world.form(ANA, "form.rollback")
    await world.slack.submit(ANA, view["id"], {"environment": "production", "to": "1"})
    card = await world.card("Blocked: roll back fraud-detector 3→1, production")  # not the one before: normal rules
    await world.thread(card, "Blocked: roll back fraud-detector 3→1, production")
    await world.click(card, "change.approve", ANA)
    await world.whisper("own_change", ANA)
    await world.say("/rollback")
    view = await world.form(ANA, "form.rollback")
    await world.slack.close_view(ANA, view["id"])
    assert world.slack.views(ANA) == []


async def test_mentions_in_a_thread(world: World):
    parent = await world.slack.post(BEN, PROD, "shall we?")
    await world.slack.post(ANA, PROD, f"<@{BOT}> promote fraud-detector 4 prod --reason “it is time”", parent)
    card = await world.card("Review: fraud-detector 3→4, production")
    assert "it is time" in everything(card)

    def told(words: str) -> bool:
        seen = world.slack.messages(PROD, viewer=ANA, thread_ts=parent)
        return any(m.get("ephemeral") and words in everything(m) for m in seen)

    await world.until(lambda: told("Proposed: fraud-detector 3→4"), "the receipt in the thread")
    await world.slack.post(ANA, PROD, f"<@{BOT}> promot fraud-detector 4 production", parent)
    await world.until(lambda: told("unknown_command"), "a refusal in the thread")
    await world.slack.post(ANA, PROD, f"<@{BOT}> promote fraud-detektor 4 production", parent)
    await world.until(lambda: told("Did you mean fraud-detector?"), "a refusal of the worker in the thread")
    await world.slack.post(ANA, PROD, f"<@{BOT}> promote", parent)
    await world.until(lambda: told("opens a form"), "how to open the form")
    await world.slack.post(ANA, PROD, f"<@{BOT}>", parent)
    await world.until(lambda: told("/rollback MODEL ENV"), "help in the thread")
    await world.settled()
    assert len(world.pulls()) == 1


async def test_one_event_delivered_again_is_one_change(world: World):
    text = f"<@{BOT}> promote fraud-detector 4 production"
    inner = {"type": "app_mention", "user": ANA, "channel": PROD, "text": text, "ts": "1700000000.000100"}
    done = await world.slack.send_event(inner)
    assert done.error is None
    again = [await world.slack.redeliver(done.id) for _ in range(2)]
    assert [a.error for a in again] == [None, None]
    await world.card("Review: fraud-detector 3→4, production")
    await world.settled()
    await world.slack.redeliver(done.id)
    await world.settled()
    assert len(world.pulls()) == 1
    assert len(world.branches()) == 2
    receipts = [m for m in world.slack.messages(PROD, viewer=ANA) if "Proposed" in m["text"]]
    assert len(receipts) == 1
