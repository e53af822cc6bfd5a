"""Many incidents at once: one card for all of them, few words, and nothing twice."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.commands import CloseIncident, JoinStorm, ListStorm, TakeDrift, TakeIncident
from bot.domain.drifting.incidents import Incident
from bot.domain.incident_cards import IncidentCard
from bot.domain.storm_cards import StormCard, StormList
from bot.domain.storm_words import lines
from bot.ports import Row
from bot.usecases.storm import ask_storm
from tests.support.slack_contract import check_message
from tests.usecases.incident_rig import ANA, BEN, HOUR, NOW, RULES, IncidentRig, incident
from tests.usecases.test_take_drift import put, story

MANY = 6
"""The default policy lets five be shown each on its own."""


def name(number: int) -> str:
    return f"01{number:05}"


@pytest.fixture
def rig() -> IncidentRig:
    return IncidentRig()


def opens(rig: IncidentRig, number: int, **more: Any) -> Incident:
    """One more incident opens, and all that follows at once."""
    one = incident(name(number), model=f"fraud-{number}", opened=rig.clock.now(), **more)
    rig.keeps(one)
    rig.put(JoinStorm(incident=one.id), f"joins:{one.id}")
    return one


def storm(rig: IncidentRig, size: int = MANY) -> StormCard:
    """As many as that open, and the card that shows them."""
    for number in range(size):
        opens(rig, number)
    return shown(rig)


def shown(rig: IncidentRig) -> StormCard:
    rig.work(6.0)
    [sent] = [sent for sent in rig.sent_all() if isinstance(sent.message, StormCard)]
    check_message(render(sent.message))
    assert isinstance(sent.message, StormCard)
    return sent.message


def test_five_have_their_own_cards_and_the_sixth_makes_a_storm(rig: IncidentRig) -> None:
    for number in range(MANY - 1):
        opens(rig, number)
    assert len(rig.cards()) == MANY - 1
    opens(rig, MANY - 1)
    card = shown(rig)
    assert (card.storm, card.models, card.going) == (name(5), MANY, MANY)
    assert card.cause.name == "amount"
    assert all(rig.known(name(number)).storm == name(5) for number in range(MANY))
    assert [row.entry.what for row in rig.audit.rows() if row.entry.what == "storm"] == ["storm"]


def test_who_comes_later_has_no_card_and_says_nothing(rig: IncidentRig) -> None:
    storm(rig)
    before, replies = len(rig.sent_all()), len(rig.replies())
    rig.work(600.0)
    opens(rig, 77)
    assert shown(rig).models == MANY + 1
    assert (len(rig.sent_all()), len(rig.replies())) == (before, replies)
    assert rig.known(name(77)).news == ()


def test_after_a_quiet_while_the_next_one_stands_alone(rig: IncidentRig) -> None:
    storm(rig)
    rig.work(HOUR)
    assert opens(rig, 77)
    assert rig.known(name(77)).storm == ""
    assert shown(rig).models == MANY


def test_in_another_channel_it_is_another_matter(rig: IncidentRig) -> None:
    for number in range(MANY):
        opens(rig, number, channel="#fraud" if number % 2 else "#ml-deploys")
    rig.work(6.0)
    assert not any(rig.known(name(number)).storm for number in range(MANY))


@pytest.mark.parametrize("step", range(1, MANY + 2))
def test_whoever_dies_while_it_begins_leaves_one_storm(rig: IncidentRig, step: int) -> None:
    for number in range(MANY - 1):
        opens(rig, number)
    one = incident(name(5), model="fraud-5", opened=rig.clock.now())
    rig.keeps(one)
    left = [step]

    def dies() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        rig.log.between = dies

    rig.log.between = dies
    with pytest.raises(KeyboardInterrupt) if step <= MANY else contextlib.nullcontext():
        rig.put(JoinStorm(incident=one.id), "joins")
    rig.log.between = None
    rig.work(61.0)  # the lease of whoever died ends
    assert {rig.known(name(number)).storm for number in range(MANY)} == {name(5)}
    assert shown(rig).models == MANY


def test_take_all_leaves_to_others_what_is_theirs(rig: IncidentRig) -> None:
    storm(rig)
    rig.click(TakeIncident, by=BEN, incident=name(1), storm="")
    rig.click(TakeIncident, by=ANA, storm=name(5))
    owners = [rig.known(name(number)).owner for number in range(MANY)]
    assert owners == [ANA, BEN, ANA, ANA, ANA, ANA]
    assert set(shown(rig).owners) == {ANA, BEN}


def test_those_that_nobody_tells_of_can_be_closed_together(rig: IncidentRig) -> None:
    storm(rig)
    assert shown(rig).quiet == 0
    rig.clock.tick(100 * HOUR)
    heard = rig.known(name(1)).model_copy(update={"heard": rig.clock.now()})
    rig.keeps(heard)
    ask_storm(rig.ctx, name(5))
    assert shown(rig).quiet == MANY - 1
    rig.click(CloseIncident, by=ANA, storm=name(5))
    assert [number for number in range(MANY) if rig.known(name(number)).is_open] == [1]
    assert shown(rig).quiet == 0


def test_the_list_has_every_one_of_them_and_slack_takes_it(rig: IncidentRig) -> None:
    storm(rig, 40)
    rig.click(ListStorm, by=BEN, storm=name(5))
    [card] = [one.message for one in rig.chat.whispers if isinstance(one.message, StormList)]
    sent = render(card)
    check_message(sent)
    assert sent["blocks"][0]["text"]["text"].startswith("*40 incidents* since <!date^")
    assert len(card.lines) == 40


def test_the_list_of_many_says_how_many_are_left_out() -> None:
    many = lines([incident(name(number), model=f"fraud-{number}") for number in range(150)])
    sent = render(StormList(NOW, tuple(many), left=10))
    check_message(sent)
    words = json.dumps(sent["blocks"], ensure_ascii=False)
    assert f"… and {160 - words.count('• ')} more" in words
    assert "Shortened" not in words


def test_a_flood_is_one_card_and_few_words(rig: IncidentRig) -> None:
    """60 models, one after the other, all of them before anybody looks: five cards of their own, one of the storm, and
    a handful of updates."""
    for number in range(60):
        rig.clock.tick(0.05)
        rig.keeps(incident(name(number), model=f"fraud-{number}", opened=rig.clock.now()))
        rig.inbox.put(f"joins:{number}", JoinStorm(incident=name(number)))
    rig.work()
    card = shown(rig)
    assert card.models == 60
    assert len(rig.sent_all()) <= 5 + 1 + 5 + 1  # cards, the storm's, their first words, that it has grown
    assert sum(sent.edits for sent in rig.sent_all()) <= 5 + 2


def test_those_that_trickle_in_afterwards_have_cards_of_their_own(rig: IncidentRig) -> None:
    storm(rig)
    for number in range(10, 16):
        rig.work(600.0)
        opens(rig, number)
    assert [rig.known(name(number)).storm for number in range(10, 16)] == [name(5), *[""] * 5]


def test_a_card_that_was_shown_before_its_incident_joined_gives_way(rig: IncidentRig) -> None:
    storm(rig)
    one = incident(name(7), model="fraud-7", opened=rig.clock.now())
    rig.keeps(one)
    rig.look(name(7))
    rig.put(JoinStorm(incident=name(7)), "joins:7")
    last = rig.cards()[-1].message
    assert isinstance(last, IncidentCard)
    assert (last.model, last.stormed) == ("fraud-7", True)


def test_one_model_everywhere_is_named(rig: IncidentRig) -> None:
    for number in range(MANY):
        one = incident(name(number), environment=f"region-{number}", opened=rig.clock.now())
        rig.keeps(one)
        rig.put(JoinStorm(incident=one.id), f"joins:{number}")
    assert render(shown(rig))["text"].startswith("Drift: fraud, 6 environments · 6 share amount")


def test_a_policy_that_broke_still_says_what_is_many(rig: IncidentRig) -> None:
    rules = RULES + "alerts: {storm: {incidents: 2}}\n"
    rig.checkout.change("main", {".slackops.yaml": rules.encode()}, "Fewer")
    rig.checkout.change("main", {".slackops.yaml": b"version: 7\n"}, "Oh")
    assert storm(rig, 3).models == 3


def test_a_large_storm_is_looked_at_less_often(rig: IncidentRig) -> None:
    for number in range(110):
        rig.keeps(incident(name(number), model=f"fraud-{number}", opened=rig.clock.now(), storm="S"))
    for _ in range(15):
        ask_storm(rig.ctx, "S")
        rig.clock.tick(1.0)
    assert len([row for row in rig.inbox.records if row.key.startswith("storm-look:S:")]) == 2


def test_nothing_is_shown_before_it_is_known_whether_it_is_one_of_many(rig: IncidentRig) -> None:
    def carried_out() -> Row:
        row = rig.inbox.claim("w", 60)
        assert row is not None
        rig.dispatcher(row)
        rig.inbox.done(row)
        return row

    put(rig, *story("BB"))
    carried_out()
    joins = rig.inbox.claim("another", 60)  # it is on the way
    assert joins is not None and isinstance(joins.command, JoinStorm)
    put(rig, *story("B", 2))
    assert isinstance(carried_out().command, TakeDrift)
    rig.work(5)
    assert rig.cards() == []
    rig.dispatcher(joins)
    rig.inbox.done(joins)
    rig.work()
    rig.card()
