"""Messages that one person sees: clicked like others, answered through their response_url alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.test_slack_support import ANA, BEN, DEPLOYS, World, actions, button, world


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def test_an_ephemeral_message_is_not_sent_back(w: World) -> None:
    blocks = [actions(button())]
    args = {"channel": DEPLOYS, "user": ANA, "text": "x", "blocks": blocks}
    ts = (await w.api("chat.postEphemeral", **args))["message_ts"]
    await w.slack.click(ANA, DEPLOYS, ts, "approve")
    payload = w.stub.payloads[-1]
    assert "message" not in payload and payload["container"]["is_ephemeral"]
    with pytest.raises(LookupError):
        await w.slack.click(BEN, DEPLOYS, ts, "approve")
    gone = await w.http.post(payload["response_url"], json={"delete_original": True})
    assert gone.status_code == 200 and not w.slack.messages(DEPLOYS, ANA)


async def test_an_ephemeral_message_is_replaced_for_its_reader_and_stays_his(w: World) -> None:
    args = {"channel": DEPLOYS, "user": ANA, "text": "Confirm?", "blocks": [actions(button())]}
    ts = (await w.api("chat.postEphemeral", **args))["message_ts"]
    await w.slack.click(ANA, DEPLOYS, ts, "approve")
    url = w.stub.payloads[-1]["response_url"]
    done = await w.http.post(url, json={"replace_original": True, "text": "Rolling back."})
    assert (done.status_code, w.slack.messages(DEPLOYS, BEN)) == (200, [])
    (left,) = w.slack.messages(DEPLOYS, ANA)
    assert (left["ts"], left["text"], left["ephemeral"], left["blocks"]) == (ts, "Rolling back.", True, [])
    with pytest.raises(LookupError):  # its buttons are gone
        await w.slack.click(ANA, DEPLOYS, ts, "approve")


async def test_an_ephemeral_message_in_a_thread_says_where_it_stands(w: World) -> None:
    root = (await w.api("chat.postMessage", channel=DEPLOYS, text="card"))["ts"]
    args = {"channel": DEPLOYS, "user": ANA, "text": "Confirm?", "blocks": [actions(button())], "thread_ts": root}
    ts = (await w.api("chat.postEphemeral", **args))["message_ts"]
    assert [one["ts"] for one in w.slack.messages(DEPLOYS, ANA, root)][-1] == ts
    await w.slack.click(ANA, DEPLOYS, ts, "approve")
    where = {"type": "message", "message_ts": ts, "channel_id": DEPLOYS, "is_ephemeral": True, "thread_ts": root}
    assert w.stub.payloads[-1]["container"] == where
    await w.http.post(w.stub.payloads[-1]["response_url"], json={"delete_original": True})
    assert [one["ts"] for one in w.slack.messages(DEPLOYS, ANA, root)] == [root]
