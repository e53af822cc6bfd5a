"""Files over the wire: three steps, shared into a thread, with words for those who cannot see them."""

from __future__ import annotations

from asyncio import to_thread
from typing import Any

import pytest

from bot.adapters.slack_chat import SlackChat
from bot.domain.cards import Receipt
from bot.errors import ChatUnavailable, Fatal
from bot.sandbox.hooks import Call, Phase, Refuse
from tests.sandbox.test_slack_support import BOT_TOKEN, DEPLOYS, World, world
from tests.support.slack_contract import contract

CONTRACT = contract()
PNG = b"\x89PNG and so on"


def chat_of(w: World) -> SlackChat:
    return SlackChat(BOT_TOKEN, f"{w.base}/sandbox/slack/api/")


async def test_a_file_is_seen_only_once_it_is_shared() -> None:
    async with world() as w:
        chat, calls = chat_of(w), list[Call]()

        async def note(phase: Phase, call: Call) -> None:
            if phase == "before":
                calls.append(call)

        w.hooks.items.append(note)
        card = await to_thread(chat.post, DEPLOYS, Receipt("card"), "m")
        file = await to_thread(chat.upload, "comparison.png", PNG, "A line that goes up. " * 90)
        assert not [one for one in w.slack.messages(DEPLOYS, thread_ts=card.ts) if one.get("files")]
        await to_thread(chat.share, file, "roc_auc of fraud", DEPLOYS, card.ts)
        (shared,) = [one for one in w.slack.messages(DEPLOYS, thread_ts=card.ts) if one.get("files")]
        (shown,) = shared["files"]
        assert (shown["title"], shown["name"], len(shown["alt_txt"])) == ("roc_auc of fraud", "comparison.png", 1000)
        assert (await w.http.get(shown["url_private"])).content == PNG
        if CONTRACT is not None:
            assert [CONTRACT.call_errors(call.name, dict(call.args)) for call in calls] == [[], [], []]


@pytest.mark.parametrize(
    ("method", "refusal", "kind"),
    [
        ("files.getUploadURLExternal", Refuse(200, {"ok": False, "error": "missing_scope"}), Fatal),
        ("files.getUploadURLExternal", Refuse(200, {"ok": False, "error": "file_uploads_disabled"}), Fatal),
        ("files.getUploadURLExternal", Refuse(500, {}), ChatUnavailable),
        ("files.getUploadURLExternal", Refuse(200, {"ok": True, "upload_url": "file:///x", "file_id": "F1"}), Fatal),
        ("files.getUploadURLExternal", Refuse(200, {"ok": True}), Fatal),
    ],
    ids=["scope", "disabled", "down", "strange address", "no address"],
)  # fmt: skip
async def test_what_slack_says_no_to(method: str, refusal: Refuse, kind: type[Exception]) -> None:
    async with world() as w:
        w.hooks.items.append(refusing(method, refusal))
        with pytest.raises(kind):
            await to_thread(chat_of(w).upload, "a.png", PNG, "words")


async def test_bytes_that_do_not_arrive_are_a_pause() -> None:
    async with world() as w:
        answer = {"ok": True, "upload_url": f"{w.base}/nowhere", "file_id": "F1"}
        w.hooks.items.append(refusing("files.getUploadURLExternal", Refuse(200, answer)))
        with pytest.raises(ChatUnavailable, match="404"):
            await to_thread(chat_of(w).upload, "a.png", PNG, "words")
        answer["upload_url"] = "http://127.0.0.1:1/"
        with pytest.raises(ChatUnavailable, match="ConnectError"):
            await to_thread(chat_of(w).upload, "a.png", PNG, "words")


def refusing(method: str, refusal: Refuse) -> Any:
    async def hook(phase: Phase, call: Call) -> None:
        if phase == "before" and call.name == method:
            raise refusal

    return hook
