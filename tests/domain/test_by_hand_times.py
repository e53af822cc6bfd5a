"""When a pull request by hand that moves several environments may be merged: when all of their windows are open."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain.by_hand import joined
from bot.domain.policy.model_windows import AllowWindow, RemindRule, WindowRule
from bot.domain.policy.values_time import parse_hours
from bot.domain.reminding import next_look
from bot.domain.snapshot import Snapshot, Stage
from bot.domain.windows import clear_at, opening, window_gates
from tests.domain.facts import CHANGE, seen

HANDS = replace(CHANGE, by_hand=True)


def at(text: str) -> float:
    return dt.datetime.fromisoformat(f"2026-11-{text}+00:00").timestamp()


def part(now: float, hours: str, remind: float = 0.0) -> Snapshot:
    """As it is seen for one of its targets alone."""
    rules = (WindowRule((AllowWindow(parse_hours(hours)),)),)
    gates, stands = window_gates(rules, now), opening(rules, now)
    times = {"clear_at": clear_at(rules, gates, now), "closes_at": stands.changes if stands.open else None}
    return seen(HANDS, gates=gates, now=now, windows=rules, reminding=RemindRule(remind, 0.0), **times)


def test_they_open_when_all_of_them_are_open():
    now = at("23T12:00")  # a Monday; the first opens Tuesday, the second Wednesday, and together on Thursday
    first, second = part(now, "Tue,Thu 09:00-10:00"), part(now, "Wed,Thu 09:30-12:00")
    whole = joined(HANDS, [first, second])
    assert whole.clear_at == at("26T09:30")
    assert whole.closes_at is None


def test_the_first_that_closes_is_looked_at():
    now = at("23T12:00")
    whole = joined(HANDS, [part(now, "Mon 09:00-13:00"), part(now, "Mon 09:00-16:00")])
    assert whole.closes_at == at("23T13:00")
    assert next_look(whole, Stage.MERGING) == at("23T13:00")


def test_whoever_is_reminded_most_often_is_reminded_so_often():
    rules = [part(at("23T12:00"), "Mon 09:00-13:00", remind) for remind in (7200.0, 3600.0, 0.0)]
    assert joined(HANDS, rules).reminding.remind == 3600.0
