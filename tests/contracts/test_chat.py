"""What every Chat must do, over the fake and over the adapter with the sandbox's Slack."""

from __future__ import annotations

import time
from asyncio import to_thread
from collections.abc import AsyncIterator

import pytest

from bot.domain.cards import Receipt, ThreadEvent, ThreadNews
from bot.domain.forms import LoadingForm
from bot.domain.people import Person, Standing
from bot.errors import Fatal
from bot.ports import Posted
from tests.sandbox.test_slack_support import ANA, BEN, DEPLOYS, OSCAR, RANDOM
from tests.support.cards import review_card
from tests.support.chat_rigs import TEAM, Rig, rig

ANA_, OSCAR_ = Person(team=TEAM, user=ANA), Person(team=TEAM, user=OSCAR)


@pytest.fixture(params=["fake", "sandbox"])
async def chat(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with rig(request.param) as made:
        yield made


async def test_post_by_id_and_by_name(chat: Rig) -> None:
    one = await to_thread(chat.chat.post, DEPLOYS, Receipt("one"), "c:1")
    two = await to_thread(chat.chat.post, "#ml-deploys", review_card(), "c:2")
    assert (one.channel, two.channel) == (DEPLOYS, DEPLOYS)
    assert one.ts != two.ts
    texts = chat.texts(DEPLOYS)
    assert texts[0] == "one"
    assert texts[1].startswith("Review: fraud-detector 41→42, production")


async def test_no_channel_or_no_membership_is_fatal_and_says_what_to_do(chat: Rig) -> None:
    with pytest.raises(Fatal, match=r"nowhere"):
        await to_thread(chat.chat.post, "#nowhere", Receipt("x"), "m")
    with pytest.raises(Fatal, match=r"invite"):
        await to_thread(chat.chat.post, RANDOM, Receipt("x"), "m")


async def test_replies_stay_in_the_thread_unless_broadcast(chat: Rig) -> None:
    card = await to_thread(chat.chat.post, DEPLOYS, Receipt("card"), "m1")
    await to_thread(lambda: chat.chat.post(DEPLOYS, ThreadEvent("quiet"), "m2", thread=card.ts))
    news = ThreadNews("Blocked: x", "log_loss", (f"slack:{BEN}", "slack:S0LEADS"))
    await to_thread(lambda: chat.chat.post(DEPLOYS, news, "m3", thread=card.ts, broadcast=True))
    loud = "Blocked: x <@U0BEN> <!subteam^S0LEADS> log_loss"
    assert chat.texts(DEPLOYS) == ["card", loud]
    assert chat.texts(DEPLOYS, thread=card.ts) == ["card", "quiet", loud]


async def test_find_by_mark(chat: Rig) -> None:
    since = time.time() if not hasattr(chat.chat, "clock") else chat.chat.clock.now()
    card = await to_thread(chat.chat.post, DEPLOYS, Receipt("card"), "c:card")
    reply = await to_thread(lambda: chat.chat.post(DEPLOYS, ThreadEvent("hi"), "c:hi", thread=card.ts))
    await to_thread(chat.chat.update, card, Receipt("again"), "c:card")
    assert await to_thread(chat.chat.find, "#ml-deploys", "c:card", since) == card
    assert await to_thread(chat.chat.find, DEPLOYS, "c:hi", since, card.ts) == reply
    assert await to_thread(chat.chat.find, DEPLOYS, "c:hi", since) is None
    assert await to_thread(chat.chat.find, DEPLOYS, "c:other", since) is None
    assert await to_thread(chat.chat.find, DEPLOYS, "c:card", since + 3600) is None


async def test_update_in_place_and_when_it_is_gone(chat: Rig) -> None:
    card = await to_thread(chat.chat.post, DEPLOYS, Receipt("before"), "m")
    assert await to_thread(chat.chat.update, card, Receipt("after"), "m") is True
    assert chat.texts(DEPLOYS) == ["after"]
    chat.delete(card)
    assert await to_thread(chat.chat.update, card, Receipt("never"), "m") is False
    assert await to_thread(chat.chat.update, Posted(DEPLOYS, "1700000000.000001"), Receipt("x"), "m") is False


async def test_whisper_by_response_url_until_it_is_used_up(chat: Rig) -> None:
    url = await chat.response_url(ANA)
    for n in range(6):
        await to_thread(chat.chat.whisper, ANA_, DEPLOYS, Receipt(f"receipt {n}"), url)
    assert chat.texts(DEPLOYS, ANA) == [f"receipt {n}" for n in range(6)]
    assert chat.texts(DEPLOYS, BEN) == []


async def test_whisper_without_url_and_where_nobody_can_be_whispered_to(chat: Rig) -> None:
    await to_thread(chat.chat.whisper, ANA_, DEPLOYS, Receipt("ephemeral"))
    assert chat.texts(DEPLOYS, ANA) == ["ephemeral"]
    await to_thread(chat.chat.whisper, OSCAR_, DEPLOYS, Receipt("not a member"))
    await to_thread(chat.chat.whisper, OSCAR_, RANDOM, Receipt("bot is no member"))
    await to_thread(chat.chat.whisper, OSCAR_, "", Receipt("no channel"))
    assert chat.direct(OSCAR) == ["not a member", "bot is no member", "no channel"]


async def test_fill_once_and_never_over_a_newer_view(chat: Rig) -> None:
    view, stale = await chat.view(ANA)
    await to_thread(chat.chat.fill, view, stale, LoadingForm("Filled"))
    assert chat.title(view) == "Filled"
    await to_thread(chat.chat.fill, view, stale, LoadingForm("Late"))
    assert chat.title(view) == "Filled"
    await to_thread(chat.chat.fill, "V0NOWHERE", None, LoadingForm("Closed"))


async def test_groups_by_id_and_handle(chat: Rig) -> None:
    assert await to_thread(chat.chat.user_group, "S0LEADS") == {BEN}
    assert await to_thread(chat.chat.user_group, "@ml-leads") == {BEN}
    assert await to_thread(chat.chat.user_group, "S0NOBODY") == frozenset()
    assert await to_thread(chat.chat.user_group, "@nobody") == frozenset()


async def test_team(chat: Rig) -> None:
    assert await to_thread(chat.chat.team) == TEAM


async def test_fingerprint_tells_looks_apart(chat: Rig) -> None:
    assert chat.chat.fingerprint(review_card()) == chat.chat.fingerprint(review_card())
    assert chat.chat.fingerprint(review_card()) != chat.chat.fingerprint(review_card(approvals=1))


async def test_what_somebody_is(chat: Rig) -> None:
    assert await to_thread(chat.chat.member, ANA_) is Standing.MEMBER
    assert await to_thread(chat.chat.member, Person(team="T0OTHER", user=ANA)) is Standing.EXTERNAL
