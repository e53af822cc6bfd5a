"""Which commits brought a version in, and how the report is written so that it stays text."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit_period import period_of
from bot.domain.audit_report import Report, ReportLine, stands, steps_of
from bot.domain.audit_tables import COLUMNS, as_csv, as_markdown
from bot.domain.past import Past
from bot.errors import Refused

DAY = 86_400.0


def past(version: str | None, time: float, **more: Any) -> Past:
    return Past(f"c{time}", time, version, said=(version, more.get("share")), shown=version, **more)


def steps(*history: Past, whole: bool = True) -> list[tuple[float, str, str]]:
    """Oldest first; given oldest first as well, for reading."""
    told = steps_of(list(reversed(history)), whole=whole)
    return [(one.at, stands(one.before), stands(one.after)) for one in told]


def test_each_move_is_a_step_and_nothing_else_is() -> None:
    told = steps(past("1", 1), past("1", 2), past("2", 3), past(None, 4), past("2", 5))
    assert told == [(1, "–", "1"), (3, "1", "2"), (4, "2", "–"), (5, "–", "2")]


def test_where_the_history_was_cut_the_first_entry_is_no_step() -> None:
    assert steps(past("1", 1), past("2", 2), whole=False) == [(2, "1", "2")]


def test_a_commit_that_says_to_be_older_than_what_it_stands_on_came_after_it() -> None:
    assert steps(past("1", 10), past("2", 3), past("3", 11)) == [(10, "–", "1"), (10, "1", "2"), (11, "2", "3")]


def test_a_share_of_traffic_is_a_version_change() -> None:
    told = steps(past("1", 1), past("1", 2, candidate="2", share=10), past("1", 3, candidate="2", share=50))
    assert [after for _, _, after in told] == ["1", "1, 2 at 10 %", "1, 2 at 50 %"]


def line(**more: Any) -> ReportLine:
    known = {"at": 0.0, "model": "m", "environment": "e", "before": "1", "after": "2", "commit": "c" * 40}
    return ReportLine(**{**known, "author": "kim", "source": "outside", **more})


EVIL = st.text(alphabet=st.sampled_from("=+-@|\t\r\n\"',;<>`*[]#a＝!"), max_size=12)


@given(text=EVIL)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    written = as_csv(
        Report((line(reason=text, author=text, asked_by=(text,), model=text or "m"),), "c" * 40, None, None)
    )
    head, row = csv.reader(io.StringIO(written))
    assert (tuple(head), len(row)) == (COLUMNS, len(COLUMNS))
    assert [cell for cell in row if cell[:1] and cell[0] in "=+-@\t\r＝＋－＠"] == []


@given(text=EVIL)
def test_no_text_breaks_the_table(text: str) -> None:
    written = as_markdown(Report((line(note=text, author=text, before=text or "1"),), "c" * 40, None, None))
    table = [row for row in written.splitlines() if row.startswith("| ")]
    assert len(table) == 3
    assert len({row.replace("\\|", "").count("|") for row in table}) == 1
    assert "<" not in table[2].replace("&lt;", "")


def test_what_came_in_past_slackops_is_counted_and_marked() -> None:
    told = as_markdown(Report((line(), line(source="slackops", number=7)), "c" * 40, 0.0, DAY, ("nothing known",)))
    assert "2 version changes, 1 of them outside SlackOps" in told
    assert "**outside SlackOps**" in told
    assert "slackops (#7)" in told
    assert "> nothing known" in told


NOW = 1_800_000_000.0  # 2027-01-15T08:00:00Z


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, (None, None)),
        ("2027-01-14", "2027-01-14", (1_799_884_800.0, 1_799_971_200.0)),
        ("2027-01-14T01:00+01:00", None, (1_799_884_800.0, None)),
        ("2027-01-14T00:00", None, (1_799_884_800.0, None)),
        ("30d", "1d", (NOW - 30 * DAY, NOW - DAY)),
    ],
)
def test_periods(since: str | None, until: str | None, expected: tuple[float | None, float | None]) -> None:
    period = period_of(since, until, NOW)
    assert (period.since, period.until) == expected


@pytest.mark.parametrize(
    "text", ["yesterday", "", "2027-13-01", "2027-1-1", "-", "9" * 400 + "d", "٣d", "2027-01-01T99"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        period_of(text, None, NOW)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused):
        period_of("1d", "2d", NOW)


@given(text=st.text(max_size=30))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        period_of(text, None, NOW)
    except Refused:
        return
