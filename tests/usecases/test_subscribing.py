"""`/slackops subscribe`, and what channels that did hear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Refusal, ThreadEvent, ThreadNews
from bot.domain.commands import Subscribe, TellSubscribers
from bot.domain.grammar_subscribe import EVENTS
from bot.domain.reconcile_actions import Say
from bot.domain.subscribed_news import news_of
from bot.domain.subscription_cards import Subscribed, SubscriptionLine, SubscriptionList, SubscriptionNews
from tests.fakes.chat import Channel, FakeChat
from tests.fakes.subscriptions import FakeSubscriptions
from tests.usecases.stop_rig import ANA, Rig

NEWS = TellSubscribers(key="c1:merged", event="merged", model="fraud", environment="production", text="Merged: x.")


@pytest.fixture
def rig() -> Rig:
    rig = Rig()
    rig.chat = FakeChat(rig.clock, [Channel("C0DEPLOYS", "ml-deploys"), Channel("C1", "fraud", bot=False)])
    rig.ctx = replace(rig.ctx, subscriptions=FakeSubscriptions(), chat=rig.chat)
    rig.dispatcher.ctx = rig.ctx
    return rig


def heard(rig: Rig) -> list[tuple[str, str]]:
    return [(m.posted.channel, m.message.text) for m in rig.chat.sent if isinstance(m.message, Subscribed)]


def test_a_channel_hears_what_it_asked_for_once(rig: Rig) -> None:
    rig.ask(Subscribe, subject="fraud", events=("merged",))
    assert rig.told() == [SubscriptionNews(ANA, SubscriptionLine("fraud", ("merged",)))]
    for news in (NEWS, NEWS, NEWS.model_copy(update={"event": "live", "key": "c1:healthy"})):
        rig.dispatcher(rig.row(news))
    assert heard(rig) == [("C0DEPLOYS", "Merged: x.")]


def test_the_channel_of_the_card_hears_it_anyway(rig: Rig) -> None:
    rig.ask(Subscribe, subject="fraud")
    rig.dispatcher(rig.row(NEWS.model_copy(update={"but": ("C0OTHER", "C0DEPLOYS")})))
    assert heard(rig) == []


@pytest.mark.parametrize(
    ("asked", "kept"), [("prod", "production"), ("staging", "staging"), ("churn", "churn")], ids=str
)
def test_a_model_or_an_environment_by_any_name(rig: Rig, asked: str, kept: str) -> None:
    rig.ask(Subscribe, subject=asked)
    rig.ask(Subscribe, key="k2")
    assert rig.whispered() == SubscriptionList((SubscriptionLine(kept, EVENTS),))


def test_off_takes_it_back(rig: Rig) -> None:
    rig.ask(Subscribe, subject="fraud", events=("merged", "ci"))
    rig.ask(Subscribe, key="k2", subject="fraud", events=("merged",), off=True)
    rig.dispatcher(rig.row(NEWS))
    assert heard(rig) == []
    rig.ask(Subscribe, key="k3")
    assert rig.whispered() == SubscriptionList((SubscriptionLine("fraud", ("ci",)),))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"subject": "nonsense"}, "no model and no environment"),
        ({"subject": "ltv", "off": True}, "has not subscribed to ltv"),
    ],
    ids=["unknown", "never subscribed"],
)
def test_refused(rig: Rig, fields: dict[str, object], words: str) -> None:
    rig.ask(Subscribe, **fields)
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert words in said.message
    assert rig.told() == []


def test_where_the_bot_may_not_write_nothing_is_kept(rig: Rig) -> None:
    command = Subscribe(by=ANA, origin={"channel": "C1"}, subject="fraud")  # type: ignore[arg-type]
    rig.dispatcher(rig.row(command))
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert "Invite" in (said.unblock or "")
    assert rig.ctx.subscriptions is not None
    assert rig.ctx.subscriptions.of_channel("C1") == []


def test_a_channel_that_is_gone_keeps_the_others_from_nothing(rig: Rig) -> None:
    rig.ask(Subscribe, subject="fraud")
    assert rig.ctx.subscriptions is not None
    (one, *_) = rig.ctx.subscriptions.of_channel("C0DEPLOYS")
    rig.ctx.subscriptions.add([replace(one, channel="A-GONE", event="merged")])
    rig.dispatcher(rig.row(NEWS))
    assert heard(rig) == [("C0DEPLOYS", "Merged: x.")]


@pytest.mark.parametrize(
    ("say", "event", "words"),
    [
        (Say("merged", ThreadEvent("Merged as abc.")), "merged", "Merged: fraud 40→42, production. Merged as abc."),
        (Say("healthy", ThreadEvent("Healthy.")), "live", "Live: fraud 40→42, production. Healthy."),
        (Say("bad:1", ThreadNews("DEGRADED: fraud", "2 of 3 pods.", ())), "degraded", "DEGRADED: fraud. 2 of 3 pods."),
        (Say("superseded", ThreadEvent("By #9.")), "ended", "Ended: fraud 40→42, production. By #9."),
        (Say("needs-review:d", ThreadNews("Needs review: x", "2 more.", ())), "review", "Needs review: x. 2 more."),
        (Say("review:7:APPROVED", ThreadEvent("approved")), None, ""),
        (Say("owner:T/U", ThreadEvent("is on it")), None, ""),
    ],
    ids=lambda value: value.mark if isinstance(value, Say) else None,
)
def test_what_is_news(rig: Rig, say: Say, event: str | None, words: str) -> None:
    news = news_of(rig.open_change(7), say, "C0DEPLOYS")
    assert (news and news.event) == event
    assert (news.text if news else "") == words
