"""The contract of closed changes: newest first, of one target, and no others."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import ChangeState
from tests.contracts.test_records import Records, change, records

__all__ = ["records"]


def test_closed_changes_of_a_target(records: Records) -> None:
    closed = ChangeState.CLOSED
    for name, at in (("01A", 1.0), ("01B", 2.0), ("01C", 3.0)):
        records.changes.add(replace(change(name, at=at), state=closed))
    records.changes.add(replace(change("01D", at=4.0), state=ChangeState.MERGED))
    records.changes.add(replace(change("01E", at=5.0), state=ChangeState.SUPERSEDED))
    records.changes.add(replace(change("01F", "ltv", at=6.0), state=closed))
    records.changes.add(change("01G", at=7.0))
    found = records.changes.closed_for("churn", "production")
    assert [one.id for one in found] == ["01C", "01B", "01A"]
    assert [one.id for one in records.changes.closed_for("churn", "production", 1)] == ["01C"]
