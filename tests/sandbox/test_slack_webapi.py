"""The Web API: who may call, what is refused and how, messages, threads, pages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.hooks import Call, Refuse
from bot.sandbox.slack import Workspace
from bot.sandbox.state import State
from tests.sandbox.test_slack_support import (
    ANA,
    APP_TOKEN,
    BEN,
    BOT_TOKEN,
    DEPLOYS,
    OSCAR,
    RANDOM,
    SECRET,
    World,
    actions,
    button,
    section,
    world,
)


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def test_tokens(w: World) -> None:
    assert (await w.api("auth.test", token=None))["error"] == "not_authed"
    assert (await w.api("auth.test", token="xoxb-other"))["error"] == "invalid_auth"
    assert (await w.api("chat.postMessage", token=APP_TOKEN))["error"] == "not_allowed_token_type"
    assert (await w.api("apps.connections.open"))["error"] == "not_allowed_token_type"
    assert (await w.api("apps.connections.open", token=APP_TOKEN))["url"].startswith("ws://127.0.0.1:")
    by_parameter = await w.api.raw("auth.test", None, data={"token": BOT_TOKEN})
    assert by_parameter.json()["user_id"] == "U0SLACKOPS"
    in_json = await w.api.raw("auth.test", None, json={"token": BOT_TOKEN})
    assert in_json.json()["error"] == "not_authed"


async def test_malformed_requests(w: World) -> None:
    assert (await w.api("chat.shout"))["error"] == "unknown_method"
    missing = await w.api("chat.update", channel=DEPLOYS)
    assert missing["error"] == "invalid_arguments"
    assert missing["response_metadata"]["messages"] == ["[ERROR] missing required field: ts"]
    headers = {"Content-Type": "application/json"}
    bad = await w.http.post(f"{w.api.base}/auth.test", content=b"{", headers=headers)
    assert bad.json()["error"] == "invalid_json"
    listed = await w.http.post(f"{w.api.base}/auth.test", content=b"[]", headers=headers)
    assert listed.json()["error"] == "json_not_object"
    xml = await w.http.post(f"{w.api.base}/auth.test", content=b"<a/>", headers={"Content-Type": "text/xml"})
    assert xml.json()["error"] == "invalid_post_type"
    assert (await w.api("users.info", user=ANA))["error"] == "invalid_arguments"  # reads no JSON
    assert (await w.api("users.info", form=True, user=ANA))["user"]["name"] == "ana"


async def test_post_in_form_json_and_multipart(w: World) -> None:
    blocks = [section("hi"), actions(button())]
    for form in (True, False):
        sent = await w.api("chat.postMessage", form=form, channel=DEPLOYS, text="hi", blocks=blocks)
        assert sent["message"]["blocks"][0]["block_id"]
        assert sent["message"]["bot_id"] == "B0SLACKOPS"
    parts = await w.api.raw("chat.postMessage", files={"channel": (None, DEPLOYS), "text": (None, "hé")})
    assert parts.json()["message"]["text"] == "hé"
    stamps = [m["ts"] for m in w.slack.messages(DEPLOYS)]
    assert stamps == sorted(set(stamps))


async def test_where_one_may_post(w: World) -> None:
    async def error(channel: str, **args: str) -> str | None:
        return (await w.api("chat.postMessage", channel=channel, text="x", **args)).get("error")

    assert await error("C0NOWHERE") == "channel_not_found"
    assert await error(SECRET) == "channel_not_found"
    assert await error(RANDOM) == "not_in_channel"
    assert await error("#ml-deploys") is None
    assert await error(ANA) is None
    assert [m["text"] for m in w.slack.messages(w.slack.im(ANA), ANA)] == ["x"]
    assert await error(DEPLOYS, thread_ts="0") == "invalid_thread_ts"
    assert (await w.api("conversations.join", channel=RANDOM))["channel"]["is_member"]
    assert await error(RANDOM) is None


async def test_contents(w: World) -> None:
    async def error(**args: object) -> str | None:
        return (await w.api("chat.postMessage", channel=DEPLOYS, **args)).get("error")

    assert await error() == "no_text"
    assert await error(text="  ") == "no_text"
    assert await error(text="x", blocks="{") == "invalid_blocks_format"
    assert await error(text="x", blocks=[section("y" * 2900) for _ in range(5)]) == "msg_blocks_too_long"
    assert await error(text="x", attachments=[{}] * 101) == "too_many_attachments"
    assert await error(text="x", markdown_text="y") == "markdown_text_conflict"
    assert await error(text="x", metadata="no") == "invalid_metadata_format"
    assert await error(text="x", metadata={"event_type": "a"}) == "invalid_metadata_schema"
    refused = await w.api("chat.postMessage", channel=DEPLOYS, text="x", blocks=[section("")])
    assert refused["error"] == "invalid_blocks"
    line = "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert refused["response_metadata"]["messages"] == [line]
    long = await w.api("chat.postMessage", channel=DEPLOYS, text="x" * 50_000)
    assert len(long["message"]["text"]) == 40_000


async def test_update_and_delete(w: World) -> None:
    meta = {"event_type": "card", "event_payload": {"change": "01"}}
    blocks = [actions(button())]
    ts = (await w.api("chat.postMessage", channel=DEPLOYS, text="a", blocks=blocks, metadata=meta))["ts"]
    assert (await w.api("chat.update", channel=DEPLOYS, ts=ts, text="b"))["text"] == "b"
    kept = w.slack.messages(DEPLOYS)[-1]
    assert kept["blocks"] and kept["metadata"] == meta and kept["edited"]["user"] == "U0SLACKOPS"
    await w.api("chat.update", channel=DEPLOYS, ts=ts, text="c", blocks=[], metadata={})
    emptied = w.slack.messages(DEPLOYS)[-1]
    assert (emptied["blocks"], emptied["metadata"], emptied["ts"]) == ([], None, ts)
    assert (await w.api("chat.update", channel=DEPLOYS, ts=ts, text="x" * 4001))["error"] == "msg_too_long"
    assert (await w.api("chat.update", channel=DEPLOYS, ts=ts))["error"] == "no_text"
    assert (await w.api("chat.update", channel=DEPLOYS, ts="1.000000", text="x"))["error"] == "message_not_found"
    hers = await w.slack.post(ANA, DEPLOYS, "mine")
    assert (await w.api("chat.update", channel=DEPLOYS, ts=hers, text="x"))["error"] == "cant_update_message"
    assert (await w.api("chat.delete", channel=DEPLOYS, ts=hers))["error"] == "cant_delete_message"
    assert (await w.api("chat.delete", channel=DEPLOYS, ts=ts))["ok"]
    assert [m["ts"] for m in w.slack.messages(DEPLOYS)] == [hers]


async def test_ephemerals(w: World) -> None:
    sent = await w.api("chat.postEphemeral", channel=DEPLOYS, user=ANA, text="only you")
    assert [m["text"] for m in w.slack.messages(DEPLOYS, ANA)] == ["only you"]
    assert w.slack.messages(DEPLOYS, BEN) == w.slack.messages(DEPLOYS) == []
    assert not (await w.api("conversations.history", channel=DEPLOYS))["messages"]
    ts = sent["message_ts"]
    assert (await w.api("chat.update", channel=DEPLOYS, ts=ts, text="x"))["error"] == "message_not_found"
    stranger = await w.api("chat.postEphemeral", channel=DEPLOYS, user=OSCAR, text="x")
    assert stranger["error"] == "user_not_in_channel"


async def test_threads(w: World) -> None:
    root = (await w.api("chat.postMessage", channel=DEPLOYS, text="root"))["ts"]
    one = (await w.api("chat.postMessage", channel=DEPLOYS, text="one", thread_ts=root))["ts"]
    await w.api("chat.postMessage", channel=DEPLOYS, text="two", thread_ts=one, reply_broadcast=True)
    assert [m["text"] for m in w.slack.messages(DEPLOYS)] == ["root", "two"]
    assert w.slack.messages(DEPLOYS)[0]["reply_count"] == 2
    assert w.slack.messages(DEPLOYS)[1]["subtype"] == "thread_broadcast"
    assert [m["text"] for m in w.slack.messages(DEPLOYS, thread_ts=root)] == ["root", "one", "two"]
    got = await w.api("conversations.replies", form=True, channel=DEPLOYS, ts=one, limit="1")
    assert [m["text"] for m in got["messages"]] == ["root", "one"] and got["has_more"]
    cursor = got["response_metadata"]["next_cursor"]
    rest = await w.api("conversations.replies", form=True, channel=DEPLOYS, ts=root, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["root", "two"] and not rest["has_more"]
    gone = await w.api("conversations.replies", form=True, channel=DEPLOYS, ts="1.000000")
    assert gone["error"] == "thread_not_found"
    await w.api("chat.delete", channel=DEPLOYS, ts=root)
    assert w.slack.messages(DEPLOYS)[0]["subtype"] == "tombstone"


async def test_history_pages(w: World) -> None:
    meta = {"event_type": "card", "event_payload": {}}
    posts = [await w.api("chat.postMessage", channel=DEPLOYS, text=str(n), metadata=meta) for n in range(5)]
    stamps = [post["ts"] for post in posts]

    async def history(**args: object) -> dict:
        return await w.api("conversations.history", channel=DEPLOYS, **args)

    first = await history(limit=2)
    assert [m["text"] for m in first["messages"]] == ["4", "3"] and first["has_more"]
    second = await history(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [m["text"] for m in second["messages"]] == ["2", "1"]
    assert "metadata" not in second["messages"][0]
    between = await history(oldest=stamps[1], latest=stamps[3], include_all_metadata=True)
    assert [m["text"] for m in between["messages"]] == ["2"]
    assert between["messages"][0]["metadata"] == meta
    edges = await history(oldest=stamps[1], latest=stamps[3], inclusive=True)
    assert [m["text"] for m in edges["messages"]] == ["3", "2", "1"]
    assert (await history(cursor="?"))["error"] == "invalid_cursor"
    assert (await history(oldest="soon"))["error"] == "invalid_ts_oldest"
    assert (await w.api("conversations.history", channel=RANDOM))["error"] == "not_in_channel"


async def test_rate_limits_are_per_channel() -> None:
    async with world(enforce_rate_limits=True, post_burst=2) as w:
        for _ in range(2):
            assert (await w.api("chat.postMessage", channel=DEPLOYS, text="x"))["ok"]
        refused = await w.api.raw("chat.postMessage", json={"channel": DEPLOYS, "text": "x"})
        assert (refused.status_code, refused.json()["error"]) == (429, "ratelimited")
        assert int(refused.headers["retry-after"]) == 1
        assert (await w.api("chat.postMessage", channel=ANA, text="x"))["ok"]


async def test_hooks_see_and_refuse(w: World) -> None:
    seen: list[tuple[str, str]] = []

    async def hook(phase: str, call: Call) -> None:
        seen.append((phase, call.name))
        if phase == "after" and call.args.get("text") == "boom":
            raise Refuse(503, {"ok": False, "error": "service_unavailable"}, {"Retry-After": "7"})

    w.hooks.items.append(hook)
    refused = await w.api.raw("chat.postMessage", json={"channel": DEPLOYS, "text": "boom"})
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "7")
    assert seen == [("before", "chat.postMessage"), ("after", "chat.postMessage")]
    assert [m["text"] for m in w.slack.messages(DEPLOYS)] == ["boom"]  # the effect was already there
    assert w.hooks.log[-1].actor == "U0SLACKOPS" and "token" not in w.hooks.log[-1].args


async def test_a_second_start_takes_up_where_the_first_was(tmp_path) -> None:
    state = State(tmp_path / "sandbox.db")
    async with world(state=state) as w:
        root = (await w.api("chat.postMessage", channel=DEPLOYS, text="a"))["ts"]
        await w.api("chat.postMessage", channel=DEPLOYS, text="b", thread_ts=root)
        await w.api("conversations.join", channel=RANDOM)
        before, first = w.slack.messages(DEPLOYS), w.slack.config
    state.close()
    again = Workspace(State(tmp_path / "sandbox.db"), w.hooks, first)
    assert again.messages(DEPLOYS) == before
    assert before[0]["reply_count"] == 1
    assert next(c for c in again.channels(ANA) if c["id"] == RANDOM)["bot_member"]
    assert await again.post(ANA, DEPLOYS, "c") > root
