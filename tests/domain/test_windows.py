"""Windows as tables: zones, clocks put forward and back, midnight, days; and that the next opening is the next one."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.gates import GateResult, GateState
from bot.domain.policy.model_windows import AllowWindow, DenyWindow, QuietRule, WindowRule
from bot.domain.policy.values_time import parse_hours, parse_weekdays
from bot.domain.windows import after_quiet, clear_at, next_opening, opening, window_gates

BERLIN, YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
SANTIAGO, HAVANA = "America/Santiago", "America/Havana"


def at(text: str) -> float:
    return dt.datetime.fromisoformat(text + ("" if "+" in text or "Z" in text else "+00:00")).timestamp()


def shown(moment: float | None) -> str | None:
    return None if moment is None else dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M")


def allow(hours: str, zone: str = "UTC") -> AllowWindow:
    return AllowWindow(parse_hours(hours), zone)


def deny(first: str, last: str, zone: str = "UTC", reason: str | None = None) -> DenyWindow:
    return DenyWindow(dt.date.fromisoformat(first), dt.date.fromisoformat(last), zone, reason)


def rule(*windows: AllowWindow | DenyWindow) -> tuple[WindowRule, ...]:
    opens = tuple(one for one in windows if isinstance(one, AllowWindow))
    return (WindowRule(opens, tuple(one for one in windows if isinstance(one, DenyWindow))),)


WORK = rule(allow("Mon-Fri 09:00-16:00", BERLIN))
HOLIDAYS = deny("2026-12-20", "2027-01-02", BERLIN, "holidays")


@pytest.mark.parametrize(
    ("rules", "now", "is_open", "changes"),
    [
        ((), "2026-11-21T12:00", True, None),
        (WORK, "2026-11-20T07:59", False, "2026-11-20T08:00"),  # a Friday; Berlin is an hour ahead in winter
        (WORK, "2026-11-20T08:00", True, "2026-11-20T15:00"),
        (WORK, "2026-11-20T14:59", True, "2026-11-20T15:00"),
        (WORK, "2026-11-20T15:00", False, "2026-11-23T08:00"),
        (WORK, "2026-07-20T06:59", False, "2026-07-20T07:00"),  # and two in summer
        (rule(*WORK[0].allow, HOLIDAYS), "2026-12-18T15:00", False, "2027-01-04T08:00"),
        (rule(HOLIDAYS), "2026-12-19T22:59", True, "2026-12-19T23:00"),  # whole days of Berlin
        (rule(HOLIDAYS), "2027-01-02T22:59", False, "2027-01-02T23:00"),
        (rule(HOLIDAYS), "2027-01-02T23:00", True, None),
        (rule(allow("00:00-24:00"), deny("2026-11-21", "2026-11-21")), "2026-11-21T12:00", False, "2026-11-22T00:00"),
        (rule(deny("2020-01-01", "2036-01-01")), "2026-11-21T12:00", False, None),
        (rule(deny("2026-11-22", "9999-12-31")), "2026-11-21T12:00", True, "2026-11-22T00:00"),
        (rule(deny("0001-01-01", "2026-11-21")), "2026-11-21T12:00", False, "2026-11-22T00:00"),
        (rule(deny("2026-12-31", "2026-12-31", "Pacific/Kiritimati")), "2026-12-30T09:59", True, "2026-12-30T10:00"),
        (rule(deny("2027-01-01", "2027-01-01", "Pacific/Kiritimati")), "2026-12-31T12:00", False, "2027-01-01T10:00"),
        (rule(deny("2026-09-06", "2026-09-06", SANTIAGO)), "2026-09-06T03:59", True, "2026-09-06T04:00"),  # no midnight
        (rule(deny("2026-10-31", "2026-10-31", HAVANA)), "2026-11-01T03:59", False, "2026-11-01T04:00"),  # two of them
        (rule(allow("Fri 22:00-02:00", YORK)), "2026-11-21T02:59", False, "2026-11-21T03:00"),  # Friday evening there
        (rule(allow("Fri 22:00-02:00", YORK)), "2026-11-21T06:59", True, "2026-11-21T07:00"),
        (rule(allow("Sat 22:00-02:00")), "2026-11-21T01:00", False, "2026-11-21T22:00"),  # that was Friday's
        (rule(allow("Mon 09:00-10:00"), allow("Tue 09:00-10:00")), "2026-11-23T12:00", False, "2026-11-24T09:00"),
        (rule(allow("09:00-10:00"), allow("10:00-11:00")), "2026-11-23T09:30", True, "2026-11-23T11:00"),
        ((*WORK, *rule(allow("15:30-17:00", BERLIN))), "2026-11-20T12:00", False, "2026-11-20T14:30"),  # both
        ((*rule(allow("Mon 09:00-10:00")), *rule(allow("Tue 09:00-10:00"))), "2026-11-20T12:00", False, None),
        # Berlin, 29 March 2026: from 02:00 to 03:00, at 01:00 UTC.
        (rule(allow("02:30-04:00", BERLIN)), "2026-03-29T00:30", False, "2026-03-29T01:00"),
        (rule(allow("02:15-02:45", BERLIN)), "2026-03-28T02:00", False, "2026-03-30T00:15"),
        (rule(allow("01:00-02:30", BERLIN)), "2026-03-29T00:30", True, "2026-03-29T01:00"),
        # Berlin, 25 October 2026: from 03:00 back to 02:00, at 01:00 UTC. Half past two comes twice.
        (rule(allow("02:30-05:00", BERLIN)), "2026-10-25T00:00", False, "2026-10-25T00:30"),
        (rule(allow("02:30-05:00", BERLIN)), "2026-10-25T00:30", True, "2026-10-25T01:00"),
        (rule(allow("02:30-05:00", BERLIN)), "2026-10-25T01:00", False, "2026-10-25T01:30"),
        (rule(allow("02:00-02:30", BERLIN)), "2026-10-25T00:30", False, "2026-10-25T01:00"),
        # New York, 8 March 2026 at 07:00 UTC; 1 November at 06:00 UTC.
        (rule(allow("02:30-03:30", YORK)), "2026-03-08T06:59", False, "2026-03-08T07:00"),
        (rule(allow("01:30-01:45", YORK)), "2026-11-01T05:45", False, "2026-11-01T06:30"),
        # Lord Howe moves by half an hour: 5 April 2026 from 02:00 back to 01:30, at 15:00 UTC the day before;
        # 4 October from 02:00 to 02:30, at 15:30 UTC the day before.
        (rule(allow("01:45-02:00", LORD_HOWE)), "2026-04-04T14:45", True, "2026-04-04T15:00"),
        (rule(allow("01:45-02:00", LORD_HOWE)), "2026-04-04T15:00", False, "2026-04-04T15:15"),
        (rule(allow("02:15-05:00", LORD_HOWE)), "2026-10-03T15:00", False, "2026-10-03T15:30"),
        # Havana puts the clock forward at midnight: that day begins at one o'clock.
        (rule(deny("2026-03-07", "2026-03-07", "America/Havana")), "2026-03-08T04:00", False, "2026-03-08T05:00"),
    ],
)
def test_opening(rules, now, is_open, changes):
    seen = opening(rules, at(now))
    assert (seen.open, shown(seen.changes)) == (is_open, changes)
    assert next_opening(rules, at(now)) == (at(now) if is_open else seen.changes)
    assert bool(seen.words) is not is_open


ZONES = st.sampled_from([BERLIN, YORK, LORD_HOWE, "UTC", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"])
CLOCK = st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
HOURS = st.builds(lambda d, a, b: f"{d}{a}-{b}", st.sampled_from(["", "Sun ", "Fri-Mon "]), CLOCK, CLOCK)
ALLOWED = st.builds(allow, HOURS.filter(lambda h: h[-11:-6] != h[-5:]), ZONES)
DAYS = st.dates(dt.date(2026, 3, 1), dt.date(2026, 11, 30))
DENIED = st.builds(lambda d, n, z: DenyWindow(d, d + dt.timedelta(n), z), DAYS, st.integers(0, 2), ZONES)
RULES = st.lists(
    st.builds(
        WindowRule,
        st.lists(ALLOWED, min_size=0, max_size=2).map(tuple),
        st.lists(DENIED, max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)
MOMENTS = st.integers(int(at("2026-03-01T00:00")), int(at("2026-11-30T00:00")))


def by_the_wall(rules: tuple[WindowRule, ...], moment: float) -> bool:
    """The definition, word for word."""

    def allows(one: AllowWindow) -> bool:
        wall = dt.datetime.fromtimestamp(moment, ZoneInfo(one.timezone))
        minute, hours = wall.hour * 60 + wall.minute, one.hours
        if hours.start < hours.end:
            return wall.weekday() in hours.days and hours.start <= minute < hours.end
        began = wall.weekday() if minute >= hours.start else (wall.weekday() - 1) % 7
        return began in hours.days and (minute >= hours.start or minute < hours.end)

    def denies(one: DenyWindow) -> bool:
        return one.first <= dt.datetime.fromtimestamp(moment, ZoneInfo(one.timezone)).date() <= one.last

    return all((not one.allow or any(map(allows, one.allow))) and not any(map(denies, one.deny)) for one in rules)


@settings(max_examples=150, deadline=None)
@given(rules=RULES, now=MOMENTS)
def test_nothing_changes_before_the_next_change(rules, now):
    seen = opening(rules, now)
    assert seen.open is by_the_wall(rules, now)
    steps = range(now, now + 3 * 86400, 900)
    found = next((moment for moment in steps if by_the_wall(rules, moment - moment % 900) is not seen.open), None)
    if seen.changes is not None:
        assert by_the_wall(rules, seen.changes) is not seen.open
        assert by_the_wall(rules, seen.changes - 1) is seen.open
    if found is not None and found - found % 900 > now:
        assert seen.changes is not None
        assert seen.changes <= found


def test_a_list_of_holidays_is_not_looked_through_day_by_day(monkeypatch):
    looks: list[str] = []
    monkeypatch.setattr("bot.domain.windows._jumps", lambda zone, day: looks.append(f"{zone} {day}") or ())
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=9 * n) for n in range(120)]
    holidays = tuple(DenyWindow(day, day, zone) for day in days for zone in (BERLIN, YORK))
    assert opening((WindowRule((), holidays),), at("2026-11-25T12:00")).open
    assert len(looks) < 200


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("09:00-16:00", range(7), 540, 960),
        ("Mon-Fri 09:00-16:00", range(5), 540, 960),
        ("Fri-Mon 22:00-02:00", (4, 5, 6, 0), 1320, 120),
        ("Mon,Wed Fri 00:00-24:00", (0, 2, 4), 0, 1440),
    ],
)
def test_hours(text, days, start, end):
    hours = parse_hours(text)
    assert (hours.days, hours.start, hours.end) == (frozenset(days), start, end)


@pytest.mark.parametrize(
    "text", ["9-16", "Mon 09:00", "25:00-26:00", "Mo 09:00-10:00", "09:00-09:00", "", "٠٩:00-10:00"]
)
def test_no_hours(text):
    with pytest.raises(ValueError, match=r"expected|such as|differs"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("rules", "now", "obeys", "state", "words", "passes"),
    [
        (WORK, "2026-11-20T12:00", True, GateState.PASS, "open", None),
        (WORK, "2026-11-21T12:00", True, GateState.FAIL, "opens Mon 2026-11-23 08:00 UTC", "2026-11-23T08:00"),
        (WORK, "2026-11-21T12:00", False, GateState.FAIL, "outside the hours", "2026-11-23T08:00"),
        (rule(HOLIDAYS), "2026-12-24T12:00", True, GateState.FAIL, "for holidays from 2026-12-20", "2027-01-02T23:00"),
        (rule(deny("2020-01-01", "2036-01-01")), "2026-11-21T12:00", True, GateState.FAIL, "within a year", None),
    ],
)
def test_the_gate(rules, now, obeys, state, words, passes):
    (gate,) = window_gates(rules, at(now), obeys=obeys)
    assert (gate.name, gate.state, gate.blocks, shown(gate.passes_at)) == ("window", state, obeys, passes)
    assert words in gate.observed
    assert gate.waits is (state is GateState.FAIL)


def test_no_windows_are_no_gate():
    assert window_gates((), at("2026-11-21T12:00")) == ()


FREEZE = GateResult("freeze", GateState.FAIL, "frozen", "no freeze", waits=True, passes_at=at("2026-11-28T12:00"))


@pytest.mark.parametrize(
    ("gates", "clear"),
    [
        ((), None),
        ((FREEZE,), "2026-11-30T08:00"),  # the freeze ends on a Saturday
        ((GateResult("ci", GateState.UNKNOWN, "runs", "success"),), None),
        ((FREEZE, GateResult("ci", GateState.UNKNOWN, "runs", "success")), None),
        ((GateResult("warned", GateState.FAIL, "1", "2", blocks=False),), None),
    ],
)
def test_when_everything_has_passed(gates, clear):
    now = at("2026-11-21T12:00")
    closed = window_gates(WORK, now)
    assert shown(clear_at(WORK, (*closed, *gates), now)) == (clear if gates and clear else _alone(gates))


def _alone(gates: tuple[GateResult, ...]) -> str | None:
    held = [gate for gate in gates if gate.holds_up]
    return None if held else "2026-11-23T08:00"


NIGHTS = QuietRule(parse_hours("18:00-09:00"), parse_weekdays("Sat-Sun"), BERLIN)


@pytest.mark.parametrize(
    ("quiet", "moment", "after"),
    [
        (None, "2026-11-21T12:00", "2026-11-21T12:00"),
        (NIGHTS, "2026-11-20T12:00", "2026-11-20T12:00"),
        (NIGHTS, "2026-11-19T17:00", "2026-11-20T08:00"),
        (NIGHTS, "2026-11-20T17:00", "2026-11-23T08:00"),
        (NIGHTS, "2026-11-21T12:00", "2026-11-23T08:00"),
        (QuietRule(None, parse_weekdays("Sun"), "UTC"), "2026-11-22T12:00", "2026-11-23T00:00"),
        (QuietRule(None, frozenset(range(7)), "UTC"), "2026-11-22T12:00", "2026-11-22T12:00"),  # never not quiet
    ],
)
def test_after_quiet_hours(quiet, moment, after):
    assert shown(after_quiet(quiet, at(moment))) == after
