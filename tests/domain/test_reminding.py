"""Reminders and expiry as tables: when, how often, and what is never given up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Stage, ThreadNews
from bot.domain.change import ChangeState, Remark
from bot.domain.facts import ForgeReview, Verdict
from bot.domain.gates import GateResult, GateState
from bot.domain.policy.model_windows import QuietRule, RemindRule
from bot.domain.policy.values_time import parse_hours
from bot.domain.reconcile import reconcile
from bot.domain.reconcile_actions import ClosePull, Expire, Say
from bot.domain.reminding import MOST, due, expires_at, last_act, next_due, next_look
from bot.domain.snapshot import stage
from tests.domain.facts import ANA, BEN, CHANGE, PULL, review, seen, tallied, turned

HOUR, DAY = 3600.0, 86400.0
RULE = RemindRule(4 * HOUR, 7 * DAY)
NIGHT = replace(RULE, quiet=QuietRule(parse_hours("18:00-09:00")))
NOON = 20_000 * DAY + 12 * HOUR


@pytest.mark.parametrize(
    ("rule", "after", "number"),
    [
        (RULE, 0, 0),
        (RULE, 4 * HOUR - 1, 0),
        (RULE, 4 * HOUR, 1),
        (RULE, 9 * HOUR, 2),
        (RULE, 30 * DAY, MOST),
        (RULE, -HOUR, 0),
        (replace(RULE, remind=0.0), 9 * DAY, 0),
        (NIGHT, 5 * HOUR, 1),
        (NIGHT, 8 * HOUR, 1),  # at eight in the evening: not before nine
        (NIGHT, 21 * HOUR - 1, 1),
        (NIGHT, 21 * HOUR, 5),  # the newest of those that fell into the night
    ],
)
def test_which_reminder_is_due(rule, after, number):
    assert due(rule, NOON, NOON + after) == number


@pytest.mark.parametrize(
    ("rule", "after", "at"),
    [
        (RULE, 0, 4 * HOUR),
        (RULE, 4 * HOUR, 8 * HOUR),
        (NIGHT, 4 * HOUR, 21 * HOUR),
        (RULE, MOST * 4 * HOUR, None),
        (replace(RULE, remind=0.0), 0, None),
    ],
)
def test_when_the_next_is_due(rule, after, at):
    assert next_due(rule, NOON, NOON + after) == (None if at is None else NOON + at)


def told(**turns):
    facts = {"reminding": RULE, "last_act": 1_000.0, "now": 1_000.0 + 5 * HOUR} | turns
    change, pull, said = facts.pop("change", CHANGE), facts.pop("pull", PULL), facts.pop("said", frozenset())
    return reconcile(seen(change, pull, **facts), {}, said)


def reminded(actions):
    return [one for one in actions if isinstance(one, Say) and one.mark.startswith("remind:")]


def test_a_reminder_mentions_those_who_may_approve():
    (say,) = reminded(told())
    assert say.mark == "remind:1000:1"
    assert say.gather
    assert isinstance(say.message, ThreadNews)
    assert say.message.notify == ("slack:U0BEN",)
    assert "1 more approval needed, for 5 h now" in say.message.text
    assert reminded(told(said=frozenset({"remind:1000:1"}))) == []


def test_five_that_were_missed_are_one():
    assert [say.mark for say in reminded(told(now=1_000.0 + 21 * HOUR))] == ["remind:1000:5"]


def test_the_last_says_when_it_is_closed():
    (say,) = reminded(told(now=1_000.0 + 6 * DAY))
    assert "It is closed Thu 1970-01-08 00:16 UTC if nothing happens" in say.message.text


@pytest.mark.parametrize(
    "turns",
    [
        {"tally": tallied(review(BEN))},
        {"change": turned(held_by=BEN)},
        {"gates": (GateResult("auc", GateState.FAIL, "1", "2"),)},
        {"pull": replace(PULL, state="closed")},
    ],
    ids=["approved", "held", "blocked", "closed"],
)
def test_only_what_needs_a_review_is_reminded_of(turns):
    assert reminded(told(**turns)) == []


FROZEN = GateResult("freeze", GateState.FAIL, "frozen", "no freeze", waits=True, passes_at=9e9)
RUNS = GateResult("ci", GateState.UNKNOWN, "runs", "success")
OK = tallied(review(BEN))


@pytest.mark.parametrize(
    ("turns", "gone"),
    [
        ({}, True),
        ({"change": turned(held_by=BEN)}, True),
        ({"gates": (GateResult("auc", GateState.FAIL, "1", "2"),)}, True),
        ({"tally": OK, "auto_merge": False}, True),
        ({"tally": OK, "gates": (RUNS,)}, True),
        ({"tally": OK, "gates": (FROZEN, RUNS)}, True),
        ({"tally": OK, "gates": (FROZEN,)}, False),
        ({"tally": OK}, False),
        ({"change": turned(by_hand=True)}, False),
        ({"judged": False}, False),
        ({"reminding": replace(RULE, expire=0.0)}, False),
        ({"now": 1_000.0 + 7 * DAY - 1}, False),
    ],
)
def test_what_expires(turns, gone):
    actions = told(**({"now": 1_000.0 + 7 * DAY} | turns))
    assert (actions == [Expire("Expired: nobody did anything to it for 7 d.")]) is gone
    assert any(isinstance(one, Expire) for one in actions) is gone


def test_then_it_is_closed_and_whoever_asked_hears_why():
    closed = turned(state=ChangeState.CLOSED, close_reason="Expired: nobody did anything to it for 7 d.")
    assert told(change=closed) == [ClosePull("Expired: nobody did anything to it for 7 d.")]
    says = [one for one in told(change=closed, pull=replace(PULL, state="closed")) if isinstance(one, Say)]
    (end,) = [one for one in says if one.mark == "closed"]
    assert end.message.to == (ANA,)
    assert "Expired" in end.message.text


def test_nobody_is_told_what_they_did_themselves():
    closed = turned(state=ChangeState.CLOSED, closed_by=ANA)
    says = [one for one in told(change=closed, pull=replace(PULL, state="closed")) if isinstance(one, Say)]
    assert [one.message.to for one in says if one.mark == "closed"] == [()]


@pytest.mark.parametrize(("followed", "to"), [(True, ()), (False, (ANA,))])
def test_a_merge_is_the_end_where_nothing_follows(followed, to):
    says = told(pull=replace(PULL, state="closed", merged=True), followed=followed)
    assert [one.message.to for one in says if isinstance(one, Say) and one.mark == "merged"] == [to]


def given_at(at, *, robot=False):
    return ForgeReview(1, "ben", Verdict.APPROVED, "head0", "", at, robot=robot)


JOINED = Remark("join:01JA0000000000000000000000", "asks for this too", BEN)  # October 2024


@pytest.mark.parametrize(
    ("change", "reviews", "at"),
    [
        (CHANGE, (), 1_000.0),
        (CHANGE, (given_at(5_000.0),), 5_000.0),
        (CHANGE, (given_at(5_000.0, robot=True),), 1_000.0),
        (CHANGE, (given_at(9e12),), 1_000.0),  # a clock that is ahead
        (turned(remarks=(JOINED,)), (), 1_728_724_336.64),
        (turned(remarks=(replace(JOINED, by=None),)), (), 1_000.0),
        (turned(remarks=(replace(JOINED, mark="hold:k1"),)), (), 1_000.0),
    ],
)
def test_the_last_thing_that_people_did(change, reviews, at):
    assert last_act(change, reviews, 2e9) == pytest.approx(at, abs=0.01)


@pytest.mark.parametrize(
    ("turns", "at"),
    [
        ({}, 1_000.0 + 8 * HOUR),
        ({"gates": (replace(FROZEN, passes_at=30_000.0),)}, 1_000.0 + 8 * HOUR),
        ({"gates": (replace(FROZEN, passes_at=20_000.0),)}, 20_000.0),
        ({"closes_at": 19_500.0}, 19_500.0),
        ({"tally": OK}, None),
        ({"tally": OK, "auto_merge": False}, 1_000.0 + 7 * DAY),
        ({"reminding": RemindRule(0.0, 0.0)}, None),
    ],
)
def test_when_it_is_looked_at_again(turns, at):
    one = seen(**({"reminding": RULE, "last_act": 1_000.0, "now": 1_000.0 + 5 * HOUR} | turns))
    assert next_look(one, stage(one)) == at


def test_an_approved_change_may_be_merged_by_a_button():
    one = next(a for a in told(tally=OK, auto_merge=False) if hasattr(a, "card")).card
    assert one.stage is Stage.APPROVED
    assert one.timing.can_merge
    assert "press Merge" in one.note
    by_hand = [a for a in told(tally=OK, auto_merge=False, change=turned(by_hand=True)) if hasattr(a, "card")]
    assert not by_hand[0].card.timing.can_merge


def test_expiry_is_counted_from_the_last_act():
    assert expires_at(RULE, 5.0) == 5.0 + 7 * DAY
    assert expires_at(replace(RULE, expire=0.0), 5.0) is None
