"""The Slack adapter where the port's contract says little: pace, errors by class, what goes over the wire."""

from __future__ import annotations

import contextlib
import socket
from asyncio import to_thread
from typing import Any

import pytest

from bot.adapters.slack_chat import Pacer, SlackChat, SlackDialogs
from bot.domain.cards import Receipt, ThreadNews
from bot.domain.forms import LoadingForm
from bot.domain.people import Person
from bot.errors import ChatUnavailable, Fatal
from bot.sandbox.hooks import Call, Phase, Refuse
from bot.sandbox.slack import UserSeed
from tests.sandbox.test_slack_support import ANA, BEN, BOT_TOKEN, DEPLOYS, World, world
from tests.support.cards import review_card
from tests.support.slack_contract import contract

ANA_ = Person(team="T0SANDBOX", user=ANA)
CONTRACT = contract()


class Time:
    def __init__(self) -> None:
        self.now, self.slept = 100.0, 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def paced(time: Time, **options: Any) -> Pacer:
    return Pacer(now=lambda: time.now, sleep=time.sleep, **options)


def chat_of(w: World, token: str = BOT_TOKEN, **options: Any) -> SlackChat:
    return SlackChat(token, f"{w.base}/sandbox/slack/api/", **options)


def refusing(method: str, refusal: Refuse) -> Any:
    async def hook(phase: Phase, call: Call) -> None:
        if phase == "before" and call.name == method:
            raise refusal

    return hook


def test_a_burst_passes_then_one_a_second_then_a_way_out() -> None:
    time = Time()
    pacer = paced(time, burst=3)
    for _ in range(3):
        pacer.wait("chat.postMessage", "C1")
    assert time.slept == 0
    pacer.wait("chat.postMessage", "C1")
    assert time.slept == pytest.approx(1.0)
    pacer.wait("chat.postMessage", "C2")
    pacer.wait("chat.update", "C1")
    assert time.slept == pytest.approx(1.0)


def test_many_at_once_are_sent_away_with_the_time_to_wait() -> None:
    time = Time()
    pacer = Pacer(burst=1, now=lambda: time.now, sleep=lambda _: None)
    for _ in range(3):
        pacer.wait("chat.postMessage", "C1")
    with pytest.raises(ChatUnavailable) as caught:
        pacer.wait("chat.postMessage", "C1")
    assert caught.value.retry_after == pytest.approx(3.0)
    time.now += 3.0
    pacer.wait("chat.postMessage", "C1")


def test_retry_after_silences_the_method() -> None:
    time = Time()
    pacer = paced(time)
    pacer.quiet("chat.update", "C1", 30)
    with pytest.raises(ChatUnavailable) as caught:
        pacer.wait("chat.update", "C2")
    assert caught.value.retry_after == pytest.approx(30)
    pacer.wait("views.update")
    time.now += 29
    pacer.wait("chat.update", "C1")
    assert time.slept == pytest.approx(1)


async def test_429_is_transient_and_obeyed_without_another_call() -> None:
    async with world() as w:
        refusal = Refuse(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"})
        w.hooks.items.append(refusing("chat.postMessage", refusal))
        chat = chat_of(w)
        for _ in range(2):
            with pytest.raises(ChatUnavailable) as caught:
                await to_thread(chat.post, DEPLOYS, Receipt("x"), "m")
            assert caught.value.retry_after == pytest.approx(7, abs=0.5)
        assert sum(call.name == "chat.postMessage" for call in w.hooks.log) == 1


@pytest.mark.parametrize(
    ("refusal", "kind", "words"),
    [
        (Refuse(500, {"ok": False, "error": "internal_error"}), ChatUnavailable, "500"),
        (Refuse(503, {}), ChatUnavailable, "503"),
        (Refuse(200, {"ok": False, "error": "is_archived"}), Fatal, "unarchive"),
        (Refuse(200, {"ok": False, "error": "channel_not_found"}), Fatal, DEPLOYS),
        (Refuse(200, {"ok": False, "error": "missing_scope", "needed": "chat:write"}), Fatal, "chat:write"),
        (Refuse(200, {"ok": False, "error": "invalid_auth"}), Fatal, "SLACK_BOT_TOKEN"),
        (Refuse(200, {"ok": False, "error": "invalid_blocks"}), Fatal, "invalid_blocks"),
        (Refuse(200, {"ok": False, "error": "ratelimited"}), ChatUnavailable, "pause"),
    ],
)
async def test_errors_by_class(refusal: Refuse, kind: type[Exception], words: str) -> None:
    async with world() as w:
        w.hooks.items.append(refusing("chat.postMessage", refusal))
        with pytest.raises(kind, match=words) as caught:
            await to_thread(chat_of(w).post, DEPLOYS, Receipt("x"), "m")
        assert BOT_TOKEN not in str(caught.value)


async def test_a_wrong_token_is_never_shown() -> None:
    async with world() as w:
        with pytest.raises(Fatal) as caught:
            await to_thread(chat_of(w, "xoxb-wrong").post, DEPLOYS, Receipt("x"), "m")
        assert "xoxb-wrong" not in str(caught.value)


def test_no_server_and_a_silent_server() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/api/"
        with pytest.raises(ChatUnavailable, match="could not be reached"):
            SlackChat("xoxb-1", address).post("C0X", Receipt("x"), "m")
        nobody.listen(1)
        with pytest.raises(ChatUnavailable, match="timed out"):
            SlackChat("xoxb-1", address, timeout=1).post("C0X", Receipt("x"), "m")


async def test_a_dead_response_url_leads_to_an_ephemeral_message() -> None:
    async with world() as w:
        dead = f"{w.base}/sandbox/slack/response/nothing"
        await to_thread(chat_of(w).whisper, ANA_, DEPLOYS, Receipt("hello"), dead)
        await to_thread(chat_of(w).whisper, ANA_, DEPLOYS, Receipt("again"), "no address")
        assert [m["text"] for m in w.slack.messages(DEPLOYS, ANA)] == ["hello", "again"]


async def test_a_mark_of_another_app_is_not_ours() -> None:
    async with world() as w:
        chat = chat_of(w)
        posted = await to_thread(chat.post, DEPLOYS, Receipt("x"), "c:card")
        message = w.slack.services.messages.get(posted.channel, posted.ts)
        assert message is not None
        w.slack.services.messages.change(message, bot_id="B0OTHER")
        assert await to_thread(chat.find, DEPLOYS, "c:card", 0.0) is None


async def test_find_reads_every_page() -> None:
    async with world() as w:
        chat = chat_of(w)
        posted = await to_thread(chat.post, DEPLOYS, Receipt("card"), "c:card")
        for n in range(250):
            w.slack.services.messages.add(DEPLOYS, user=ANA, text=f"talk {n}", blocks=[])
        assert await to_thread(chat.find, DEPLOYS, "c:card", 0.0) == posted


async def test_channel_names_are_asked_for_once() -> None:
    async with world() as w:
        chat = chat_of(w)
        for n in range(3):
            await to_thread(chat.post, "#ml-deploys", Receipt(f"{n}"), f"m{n}")
        for _ in range(3):
            with contextlib.suppress(Fatal):
                await to_thread(chat.post, "#nowhere", Receipt("x"), "m")
        assert sum(call.name == "conversations.list" for call in w.hooks.log) == 2


async def test_news_to_a_group_by_handle_calls_the_group() -> None:
    async with world() as w:
        news = ThreadNews("Needs review: x", "Please look.", ("slack:@ml-leads", "slack:@nobody"))
        await to_thread(chat_of(w).post, DEPLOYS, news, "m")
        assert w.slack.messages(DEPLOYS)[0]["text"] == "Needs review: x <!subteam^S0LEADS> @nobody Please look."


async def test_dialogs_open_once_and_say_when_it_is_too_late() -> None:
    async with world() as w:
        dialogs = SlackDialogs(BOT_TOKEN, f"{w.base}/sandbox/slack/api/")
        await w.slack.slash(ANA, DEPLOYS, "/models")
        trigger = w.stub.payloads[-1]["trigger_id"]
        view_id, view_hash = await dialogs.open(trigger, LoadingForm("Promote"), f"slack:trigger:{trigger}")
        assert [v["id"] for v in w.slack.views(ANA)] == [view_id]
        assert view_hash
        with pytest.raises(ChatUnavailable, match="three seconds"):
            await dialogs.open(trigger, LoadingForm("Promote"), "another")
        with pytest.raises(ChatUnavailable):
            await SlackDialogs(BOT_TOKEN, "http://127.0.0.1:9/api/").open(trigger, LoadingForm("x"), "k")


@pytest.mark.skipif(CONTRACT is None, reason="shared contracts are not here (SLACKOPS_CONTRACTS)")
async def test_every_call_meets_the_shared_contract() -> None:
    assert CONTRACT is not None
    async with world(users=(UserSeed(ANA, "ana", "Ana"), UserSeed(BEN, "ben", "Ben"))) as w:
        chat = chat_of(w)
        card = await to_thread(chat.post, "#ml-deploys", review_card(), "c:card")
        await to_thread(lambda: chat.post(DEPLOYS, Receipt("x"), "m", thread=card.ts, broadcast=True))
        await to_thread(chat.update, card, review_card(approvals=1), "c:card")
        await to_thread(chat.find, DEPLOYS, "c:card", 0.0)
        await to_thread(chat.find, DEPLOYS, "c:none", 0.0, card.ts)
        await to_thread(chat.whisper, ANA_, DEPLOYS, Receipt("x"))
        await to_thread(chat.whisper, ANA_, "", Receipt("x"))
        await to_thread(chat.user_group, "@ml-leads")
        view = await w.view_from(ANA, {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []})
        await to_thread(chat.fill, view["id"], view["hash"], LoadingForm("x"))
        faults = {
            c.name: CONTRACT.call_errors(c.name, {k: v for k, v in c.args.items() if k != "token"}) for c in w.hooks.log
        }
        assert {name: found for name, found in faults.items() if found} == {}
        assert len(faults) >= 10
