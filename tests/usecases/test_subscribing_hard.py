"""Subscriptions when things go wrong: kills, policies that cannot be read, two at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Refusal, ThreadEvent
from bot.domain.change import ChangeState, Edit, Move, Scalar
from bot.domain.commands import Origin, Subscribe, TellSubscribers
from bot.domain.reconcile_actions import Say
from bot.domain.subscription_cards import Subscribed
from bot.ports import Row, Subscription
from bot.usecases.dispatch import Dispatcher
from bot.usecases.subscribing import ask_telling
from tests.fakes.chat import Channel, FakeChat
from tests.fakes.subscriptions import FakeSubscriptions
from tests.usecases.stop_rig import ANA, NOW, Rig
from tests.usecases.test_ci_kills import Deadly, Killed

PORTS = ("posts", "chat", "subscriptions", "audit", "inbox")
NEWS = TellSubscribers(key="c1:merged", event="merged", model="fraud", environment="production", text="Merged: x.")


def made(*channels: Channel) -> tuple[Rig, FakeSubscriptions]:
    rig, kept = Rig(), FakeSubscriptions()
    rig.chat = FakeChat(rig.clock, [Channel("C0DEPLOYS", "ml-deploys"), *channels])
    rig.ctx = replace(rig.ctx, subscriptions=kept, chat=rig.chat)
    rig.dispatcher = Dispatcher(rig.ctx)
    return rig, kept


def heard(rig: Rig) -> list[tuple[str, str]]:
    told = [(one.posted.channel, one.message) for one in rig.chat.sent]
    return [(where, said.why) for where, said in told if isinstance(said, Subscribed)]


def row_of(rig: Rig, key: str, *, off: bool, subject: str = "fraud", channel: str = "C0DEPLOYS") -> Row:
    return rig.row(Subscribe(by=ANA, origin=Origin(channel=channel), subject=subject, off=off), key)


def killed_at(last: int, *, after: bool, off: bool) -> tuple[list[object], bool]:
    rig, kept = made()
    if off:
        rig.dispatcher(row_of(rig, "first", off=False))
    deadly = Deadly(last, after=after)
    dying = Dispatcher(replace(rig.ctx, **{name: deadly.wrap(getattr(rig.ctx, name)) for name in PORTS}))
    row = row_of(rig, "second", off=off)
    try:
        dying(row)
    except Killed:
        rig.dispatcher(row)
    said = [one.mark for one in rig.chat.sent]
    refused = [one.message for one in rig.chat.whispers if isinstance(one.message, Refusal)]
    told = [row.entry.what for row in rig.audit.rows()]
    return [said, refused, told, len(kept.of_channel("C0DEPLOYS"))], deadly.left <= 0 < last


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("off", [False, True], ids=["on", "off"])
def test_a_kill_at_any_call(*, off: bool, after: bool) -> None:
    expected, _ = killed_at(0, after=after, off=off)
    for last in range(1, 50):
        found, killed = killed_at(last, after=after, off=off)
        assert found == expected, f"killed at call {last}"
        if not killed:
            assert last > 4
            return
    pytest.fail("it never ended")


def test_it_ends_by_any_name_and_when_the_policy_knows_it_no_more() -> None:
    rig, kept = made()
    rig.dispatcher(row_of(rig, "k1", off=False, subject="prod"))
    rig.dispatcher(row_of(rig, "k2", off=True, subject="prod"))
    assert kept.of_channel("C0DEPLOYS") == []
    rig.dispatcher(row_of(rig, "k3", off=False))
    rig.checkout.change("main", {".slackops.yaml": b"version: [\n"})
    rig.dispatcher(row_of(rig, "k4", off=True))
    assert kept.of_channel("C0DEPLOYS") == []


def test_an_event_that_was_never_asked_for_is_not_said_to_have_ended() -> None:
    rig, _ = made()
    rig.ask(Subscribe, subject="fraud", events=("ci",))
    rig.ask(Subscribe, key="k2", subject="fraud", events=("merged",), off=True)
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert said.message == "This channel has not subscribed to fraud (merged)."
    assert len(rig.told()) == 1


def test_why_it_is_told_is_what_was_subscribed_to_for_this() -> None:
    rig, kept = made()
    kept.add([Subscription("C0DEPLOYS", "fraud", "ci", "x", NOW)])
    kept.add([Subscription("C0DEPLOYS", "production", "merged", "x", NOW)])
    rig.dispatcher(rig.row(NEWS))
    assert heard(rig) == [("C0DEPLOYS", "production")]


def test_what_ends_while_it_is_told_harms_nothing() -> None:
    rig, kept = made(Channel("C1", "other"))
    kept.add([Subscription(channel, "fraud", "merged", "x", NOW) for channel in ("C0DEPLOYS", "C1")])
    ask = kept.channels

    def and_ends(subjects: list[str], event: str) -> list[str]:
        found = ask(subjects, event)  # type: ignore[arg-type]
        kept.remove("C0DEPLOYS", "fraud")
        return found

    kept.channels = and_ends  # type: ignore[method-assign, assignment]
    rig.dispatcher(rig.row(NEWS))
    assert heard(rig) == [("C1", "fraud")]


@pytest.mark.parametrize("readable", [True, False])
def test_a_region_is_heard_by_who_subscribed_to_all_of_them(*, readable: bool) -> None:
    rules = b"""
version: 1
environments: {production: {fan_out: {regions: [eu, us]}}}
models: {fraud: {targets: {production: [{files: ["{region}.yaml"], at: v, value: "{version}"}]}}}
"""
    rig, _ = made()
    rig.checkout.change("main", {".slackops.yaml": rules})
    rig.ask(Subscribe, subject="production")
    if not readable:
        rig.checkout.change("main", {".slackops.yaml": b"version: [\n"})
        rig.checkout.fetch()
    rig.dispatcher(rig.row(NEWS.model_copy(update={"environment": "production-eu"})))
    assert heard(rig) == [("C0DEPLOYS", "production")]


def test_who_subscribed_to_the_second_model_of_a_change_by_hand_hears_of_it_once() -> None:
    rig, kept = made()
    kept.add([Subscription("C0DEPLOYS", name, "merged", "x", NOW) for name in ("churn", "production")])
    one = Edit("v.yaml", "v", Scalar("str", "40"), Scalar("str", "42"))
    moves = tuple(Move(model, "production", "40", "42", (one,)) for model in ("fraud", "churn"))
    fraud = rig.open_change(7)
    both = replace(fraud, by_hand=True, state=ChangeState.BY_HAND, moves=moves)
    ask_telling(rig.ctx, both, Say("merged", ThreadEvent("Merged as abc.")), "C0OTHER")
    while (row := rig.inbox.claim("w", 60)) is not None:
        rig.dispatcher(row)
        rig.inbox.done(row)
    assert len(heard(rig)) == 1
