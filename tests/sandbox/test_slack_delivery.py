"""Delivery to the app: signatures, the three seconds, redelivery, what people see when it fails."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from starlette.responses import PlainTextResponse

from tests.sandbox.test_slack_support import (
    ANA,
    BEN,
    DEPLOYS,
    OSCAR,
    SIGNING,
    World,
    actions,
    answered,
    button,
    hurried,
    slow,
    text,
    world,
)
from tests.sandbox.test_slack_support import option as opt


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def card(w: World, *elements: dict, **more: str) -> str:
    blocks = [actions(*(elements or (button(),)))]
    return (await w.api("chat.postMessage", channel=DEPLOYS, text="card", blocks=blocks, **more))["ts"]


async def test_a_command_is_signed_and_complete(w: World) -> None:
    await w.slack.slash(ANA, DEPLOYS, "/promote fraud-detector 4 production ")
    headers, body = w.stub.requests[0]
    stamp = headers["x-slack-request-timestamp"]
    digest = hmac.new(SIGNING.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == f"v0={digest}"
    assert abs(time.time() - int(stamp)) < 5
    form = w.stub.payloads[0]
    assert (form["command"], form["text"]) == ("/promote", "fraud-detector 4 production")
    assert (form["user_id"], form["user_name"], form["channel_name"]) == (ANA, "ana", "ml-deploys")
    assert {"token", "team_id", "team_domain", "api_app_id", "response_url", "trigger_id"} <= set(form)
    assert form["is_enterprise_install"] == "false"


async def test_what_slackbot_says(w: World) -> None:
    def last() -> str:
        return w.slack.messages(DEPLOYS, ANA)[-1]["text"]

    assert (await w.slack.slash(ANA, DEPLOYS, "/nope now")).error == "invalid_command"
    assert last().startswith("`/nope` is not a valid command.")
    assert not w.stub.requests
    w.stub.answers.append(slow)
    with hurried(w):
        assert (await w.slack.slash(ANA, DEPLOYS, "/promote x")).error == "operation_timeout"
    assert last() == '/promote failed with the error "operation_timeout"'
    w.stub.answers.append(PlainTextResponse("no", 503))
    outcome = await w.slack.slash(ANA, DEPLOYS, "/promote x")
    assert (outcome.status, outcome.body, outcome.error) == (503, "no", "dispatch_failed")
    assert last() == '/promote failed with the error "dispatch_failed"'
    assert len(w.stub.requests) == 2  # a command is not delivered again
    assert not w.slack.messages(DEPLOYS, BEN)


async def test_no_commands_in_threads(w: World) -> None:
    root = await w.slack.post(ANA, DEPLOYS, "root")
    assert await w.slack.post(ANA, DEPLOYS, "/promote x", thread_ts=root) == ""
    assert w.slack.messages(DEPLOYS, ANA, root)[-1]["text"] == "/promote is not supported in threads. Sorry!"
    assert not w.stub.requests


async def test_the_body_of_the_ack_is_shown(w: World) -> None:
    w.stub.answers += [PlainTextResponse("only you"), answered({"text": "all", "response_type": "in_channel"})]
    await w.slack.slash(ANA, DEPLOYS, "/models")
    await w.slack.slash(ANA, DEPLOYS, "/models")
    assert [(m["text"], m["ephemeral"]) for m in w.slack.messages(DEPLOYS, ANA)] == [("only you", True), ("all", False)]
    assert [m["text"] for m in w.slack.messages(DEPLOYS, BEN)] == ["all"]
    w.stub.answers.append(answered({"blocks": [{"type": "nope"}]}))
    assert (await w.slack.slash(ANA, DEPLOYS, "/models")).error == "invalid_command_response"


async def test_who_is_not_there_cannot_type(w: World) -> None:
    with pytest.raises(ValueError, match="not a member"):
        await w.slack.slash(OSCAR, DEPLOYS, "/models")
    with pytest.raises(LookupError):
        await w.slack.post("U0NOBODY", DEPLOYS, "hi")


async def test_a_click(w: World) -> None:
    ts = await card(w, button("approve", "7"), button("hold", "8", style="danger"))
    assert (await w.slack.click(BEN, DEPLOYS, ts, "hold")).error is None
    payload = w.stub.payloads[-1]
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": DEPLOYS, "is_ephemeral": False}
    assert payload["message"]["ts"] == ts and payload["channel"]["name"] == "ml-deploys"
    assert {k: payload["actions"][0][k] for k in ("action_id", "value", "type")} == {
        "action_id": "hold",
        "value": "8",
        "type": "button",
    }
    assert payload["actions"][0]["action_ts"] and payload["response_url"] and payload["trigger_id"]
    with pytest.raises(LookupError):
        await w.slack.click(BEN, DEPLOYS, ts, "nothing")
    w.stub.answers.append(slow)
    changes = w.slack.subscribe()
    with hurried(w):
        assert (await w.slack.click(BEN, DEPLOYS, ts, "hold")).error == "operation_timeout"
    assert (await anext(changes))["kind"] == "action_failed"


async def test_menus_and_state(w: World) -> None:
    options = [opt("diff"), opt("close")]
    select = {"type": "static_select", "action_id": "pick", "options": options, "placeholder": text("Pick")}
    ts = await card(w, {"type": "overflow", "action_id": "more", "options": options}, select, button())
    await w.slack.click(ANA, DEPLOYS, ts, "more", selected="close")
    assert w.stub.payloads[-1]["actions"][0]["selected_option"]["value"] == "close"
    await w.slack.click(ANA, DEPLOYS, ts, "pick", selected="diff")
    await w.slack.click(ANA, DEPLOYS, ts, "approve")
    state = next(iter(w.stub.payloads[-1]["state"]["values"].values()))
    assert state["pick"]["selected_option"]["value"] == "diff"
    with pytest.raises(LookupError):
        await w.slack.click(ANA, DEPLOYS, ts, "pick", selected="nope")


async def test_response_url(w: World) -> None:
    ts = await card(w)
    await w.slack.click(ANA, DEPLOYS, ts, "approve")
    url = w.stub.payloads[-1]["response_url"]
    assert (await w.http.post(url, json={"text": "psst"})).text == "ok"
    await w.http.post(url, json={"text": "all", "response_type": "in_channel", "thread_ts": ts})
    await w.http.post(url, json={"text": "new", "replace_original": True})
    assert [m["text"] for m in w.slack.messages(DEPLOYS, ANA)] == ["new", "psst"]
    assert [m["text"] for m in w.slack.messages(DEPLOYS, thread_ts=ts)] == ["new", "all"]
    bad = await w.http.post(url, json={"text": "x", "blocks": [{}]})
    assert (bad.status_code, bad.json()["error"]) == (400, "invalid_blocks")
    await w.http.post(url, json={"delete_original": True})
    used = await w.http.post(url, json={"text": "six"})
    assert (used.status_code, used.json()["error"]) == (404, "used_url")
    assert [c.name for c in w.hooks.log].count("response_url") == 6


async def test_response_url_expires() -> None:
    async with world(response_url_seconds=-1) as w:
        await w.slack.slash(ANA, DEPLOYS, "/models")
        late = await w.http.post(w.stub.payloads[0]["response_url"], json={"text": "x"})
        assert (late.status_code, late.json()["error"]) == (404, "expired_url")


async def test_events_come_again(w: World) -> None:
    w.stub.answers += [PlainTextResponse("", 500), slow]
    with hurried(w):
        ts = await w.slack.post(ANA, DEPLOYS, "hey @slackops promote x 1")
        await w.slack.settled()
    retries = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in w.stub.requests]
    assert retries[:3] == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert len({body for _, body in w.stub.requests}) == 1
    event = w.stub.payloads[0]
    assert event["type"] == "event_callback" and event["authorizations"][0]["user_id"] == "U0SLACKOPS"
    assert {k: event["event"][k] for k in ("type", "user", "ts", "text")} == {
        "type": "app_mention",
        "user": ANA,
        "ts": ts,
        "text": "hey <@U0SLACKOPS> promote x 1",
    }


async def test_events_are_given_up_after_three_retries_or_at_once(w: World) -> None:
    w.stub.answers += [PlainTextResponse("", 500) for _ in range(9)]
    outcome = await w.slack.send_event({"type": "app_mention", "text": "x"})
    assert (len(w.stub.requests), outcome.retried, outcome.error) == (4, 3, "dispatch_failed")
    w.stub.answers[:] = [PlainTextResponse("", 500, {"X-Slack-No-Retry": "1"})]
    await w.slack.send_event({"type": "app_mention", "text": "x"})
    assert len(w.stub.requests) == 5


async def test_messages_are_encoded_as_by_the_client(w: World) -> None:
    await w.slack.post(ANA, DEPLOYS, "@ben a < b & <!channel> <#C0RANDOM|random> me@ben.example")
    said = w.slack.messages(DEPLOYS)[0]["text"]
    assert said == "<@U0BEN> a &lt; b &amp; &lt;!channel&gt; <#C0RANDOM|random> me@ben.example"


async def test_only_what_the_app_subscribed_to_and_may_see(w: World) -> None:
    await w.slack.post(ANA, DEPLOYS, "hello all")
    await w.slack.post(ANA, "C0RANDOM", "<@U0SLACKOPS> hello")
    await w.slack.settled()
    assert not w.stub.requests
    assert "not in this channel" in w.slack.messages("C0RANDOM", ANA)[-1]["text"]
    await w.slack.post(ANA, w.slack.im(ANA), "help")
    await w.slack.open_home(ANA)
    await w.slack.settled()
    kinds = {p["event"]["type"]: p["event"].get("channel_type") for p in w.stub.payloads}
    assert kinds == {"message": "im", "app_home_opened": None}


async def test_redeliver(w: World) -> None:
    sent = await w.slack.slash(ANA, DEPLOYS, "/models")
    again = await w.slack.redeliver(sent.id)
    assert (again.id, again.retried) == (sent.id, 1)
    assert w.stub.requests[0][1] == w.stub.requests[1][1]
    assert w.stub.requests[1][0]["x-slack-retry-num"] == "1"
    with pytest.raises(LookupError):
        await w.slack.redeliver("DL")


async def test_an_app_that_is_down() -> None:
    async with world() as w:
        w.slack._courier._config = replace(w.slack.config, events_url="http://127.0.0.1:9/")
        outcome = await w.slack.slash(ANA, DEPLOYS, "/models")
        assert (outcome.status, outcome.error) == (0, "connection_failed")
        assert w.slack.messages(DEPLOYS, ANA)[-1]["text"] == '/models failed with the error "dispatch_failed"'


async def test_waiting_is_woken_by_a_change_and_ends(w: World) -> None:
    waiting = asyncio.create_task(w.slack.wait_for(lambda: w.slack.messages(DEPLOYS)))
    await w.slack.post(ANA, DEPLOYS, "now")
    assert (await waiting)[0]["text"] == "now"
    with pytest.raises(TimeoutError):
        await w.slack.wait_for(lambda: None, timeout=0.01)
