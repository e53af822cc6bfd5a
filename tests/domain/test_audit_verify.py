"""A chain of ten thousand rows: whatever is done to one of them is found, and named."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import audit_verify
from bot.domain.audit import AuditEntry, AuditHead, AuditRow, chain_hash, chained
from bot.domain.audit_anchor import Anchor
from bot.domain.audit_verify import SHOWN, verify

ROWS = 10_000
PLACE = st.integers(min_value=1, max_value=ROWS)
INNER = st.integers(min_value=1, max_value=ROWS - 1)
EDITS: dict[str, Any] = {
    "key": "other",
    "what": "approved",
    "at": 0.5,
    "by": "slack:T1/U2",
    "login": "ben",
    "change": "01X",
    "number": 7,
    "model": "churn",
    "environment": "production",
    "version": "42",
    "digest": "d" * 64,
    "why": "because",
    "outcome": "refused",
    "evidence": {"n": "other"},
}
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", autouse=True)
def each_hash_once() -> Iterator[None]:
    """The same row is hashed for every example: remember it. Rows are told apart by all that they say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_verify, "chain_hash", functools.lru_cache(maxsize=None)(chain_hash))
        yield


def entry(number: int) -> AuditEntry:
    return AuditEntry(f"k{number}", "proposed", float(number), "slack:T1/U1", model="fraud", evidence={"n": number})


def written(entries: Sequence[AuditEntry], after: AuditHead) -> list[AuditRow]:
    rows, head = list[AuditRow](), after
    for one in entries:
        rows.append(chained(head, one))
        head = AuditHead(rows[-1].seq, rows[-1].hash)
    return rows


@functools.cache
def chain() -> tuple[AuditRow, ...]:
    return tuple(written([entry(number) for number in range(1, ROWS + 1)], AuditHead()))


def anchor(seq: int) -> Anchor:
    return Anchor(AuditHead(seq, chain()[seq - 1].hash), float(seq))


def found(rows: Sequence[AuditRow], *anchors: Anchor) -> list[int]:
    """Where something is wrong."""
    return [fault.seq for fault in verify(rows, anchors).faults]


def test_a_whole_chain_passes() -> None:
    told = verify(iter(chain()), [anchor(1), anchor(500), anchor(ROWS)])
    assert (told.whole, told.rows, told.head) == (True, ROWS, AuditHead(ROWS, chain()[-1].hash))


def test_an_empty_chain_passes_unless_a_head_was_anchored() -> None:
    assert verify([]).whole
    assert found([], anchor(3)) == [1]


@pytest.mark.parametrize("name", EDITS)
@settings(max_examples=3, deadline=None)
@given(place=PLACE)
def test_an_edit_of_any_field(name: str, place: int) -> None:
    rows = list(chain())
    rows[place - 1] = replace(rows[place - 1], entry=replace(rows[place - 1].entry, **{name: EDITS[name]}))
    assert found(rows) == [place]


@few
@given(place=PLACE)
def test_an_edit_with_its_own_hash_set_right(place: int) -> None:
    rows = list(chain())
    rows[place - 1] = chained(AuditHead(place - 1, rows[place - 1].before), replace(entry(place), why="forged"))
    # The row after it still names the hash that was; where there is none, the anchored head does.
    assert found(rows, anchor(ROWS)) == [min(place + 1, ROWS)]


@few
@given(place=INNER)
def test_a_deletion(place: int) -> None:
    rows = [row for row in chain() if row.seq != place]
    assert found(rows) == [place, place + 1]


@few
@given(place=INNER)
def test_a_deletion_with_the_rest_numbered_anew(place: int) -> None:
    rows = [row if row.seq < place else replace(row, seq=row.seq - 1) for row in chain() if row.seq != place]
    assert found(rows, anchor(ROWS))[0] == place


@few
@given(place=PLACE)
def test_an_insertion(place: int) -> None:
    before = chain()[place - 1]
    put_in = chained(AuditHead(before.seq, before.hash), entry(0))
    moved = [replace(row, seq=row.seq + 1) for row in chain()[place:]]
    expected = [place + 1] if place < ROWS else []
    assert found([*chain()[:place], put_in, *chain()[place:]])[:1] == expected
    assert found([*chain()[:place], put_in, *moved])[:1] == [place + 2] * bool(moved)


@few
@given(place=INNER)
def test_a_swap(place: int) -> None:
    rows = list(chain())
    rows[place - 1], rows[place] = (
        replace(rows[place - 1], entry=rows[place].entry),
        replace(rows[place], entry=rows[place - 1].entry),
    )
    assert found(rows) == [place, place + 1]
    swapped = list(chain())
    swapped[place - 1], swapped[place] = (
        replace(chain()[place], seq=place),
        replace(chain()[place - 1], seq=place + 1),
    )
    assert found(swapped)[0] == place


@few
@given(place=INNER)
def test_a_cut_tail(place: int) -> None:
    cut = chain()[:place]
    assert found(cut) == []  # the chain alone cannot tell
    assert found(cut, anchor(1), anchor(ROWS)) == [place + 1]


@few
@given(place=INNER, later=st.booleans())
def test_a_chain_that_was_written_anew_with_another_tail(place: int, *, later: bool) -> None:
    kept = chain()[: place - 1]
    head = AuditHead(place - 1, kept[-1].hash) if kept else AuditHead()
    forged = replace(entry(place), by="slack:T1/U9")
    tail = [entry(number) for number in range(place + 1, min(place + 50, ROWS + 1))]
    rows = [*kept, *written([forged, *tail], head)]
    end = rows[-1].seq
    assert found(rows) == []
    seq = end if later else place
    assert found(rows, anchor(seq))[0] == seq
    assert end == ROWS or found(rows, anchor(ROWS))[-1] == end + 1


def test_what_is_wrong_is_named_up_to_a_number() -> None:
    told = verify([replace(row, hash="0" * 64) for row in chain()])
    assert (len(told.faults), told.more > ROWS) == (SHOWN, True)


def test_a_row_that_contradicts_itself_is_named() -> None:
    rows = list(chain()[:5])
    rows[2] = replace(rows[2], fault="its columns say something else than its body")
    assert [fault.text for fault in verify(rows).faults] == [
        "row 3 was edited: its columns say something else than its body"
    ]
