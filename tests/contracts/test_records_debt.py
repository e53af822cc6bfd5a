"""Which changes broke the glass and wait for a second person: the fake and the databases answer alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.change import ChangeState, Glass
from tests.contracts.test_records import ANA, BEN, Records, change, records

__all__ = ["records"]
GLASS = Glass(ANA, "down", 9.0)


@pytest.mark.parametrize(
    ("state", "glass", "found"),
    [
        (ChangeState.MERGED, GLASS, True),
        (ChangeState.WATCHING, GLASS, True),
        (ChangeState.MERGED, replace(GLASS, settled_by=BEN, settled_login="ben", settled_at=5.0), False),
        (ChangeState.OPEN, GLASS, False),
        (ChangeState.CLOSED, GLASS, False),
        (ChangeState.MERGED, None, False),
    ],
    ids=["merged", "watched", "settled", "open", "closed", "usual"],
)
def test_in_debt(records: Records, state: ChangeState, glass: Glass | None, found: bool) -> None:
    one = replace(change("01A"), state=state, glass=glass)
    records.changes.add(one)
    other = replace(change("01B", model="fraud"), state=ChangeState.MERGED, glass=GLASS)
    records.changes.add(other)
    assert records.changes.in_debt("churn") == ([one] if found else [])
    assert records.changes.in_debt("fraud") == [other]
    assert records.changes.in_debt("ltv") == []
