"""The head of the chain in the state branch: written daily, never put back, and what `verify` tells by it."""

from __future__ import annotations

import json

import pytest

from bot.domain.audit import AuditEntry
from bot.domain.audit_anchor import AUDIT
from bot.domain.commands import AnchorAudit
from bot.domain.state_files import BRANCH
from bot.errors import Fatal, ForgeUnavailable
from bot.usecases.audit_check import check_audit, named
from tests.usecases.stop_rig import NOW, Rig

DAY = 86_400.0


def tell(rig: Rig, *keys: str) -> None:
    rig.audit.append(*(AuditEntry(key, "proposed", NOW, "slackops") for key in keys))


def anchor(rig: Rig, key: str) -> None:
    rig.dispatcher(rig.row(AnchorAudit(), key))


def faults(rig: Rig, later: float = 0.0) -> list[str]:
    return [one.text for one in named(check_audit(rig.audit, rig.checkout, NOW + later))]


def test_the_head_is_written_once_and_only_when_it_moved() -> None:
    rig = Rig()
    anchor(rig, "d0")
    assert rig.file(AUDIT) is None
    tell(rig, "a", "b")
    anchor(rig, "d1")
    anchor(rig, "d1")
    head = rig.audit.head()
    assert rig.file(AUDIT) == {"version": 1, "seq": 2, "hash": head.hash, "at": "2026-12-23T04:26:40Z"}
    anchor(rig, "d2")
    assert len(rig.commits()) == 1
    tell(rig, "c")
    anchor(rig, "d3")
    assert (rig.file(AUDIT)["seq"], len(rig.commits())) == (3, 2)
    assert faults(rig) == []


def test_every_older_head_is_held_against_the_chain() -> None:
    rig = Rig()
    for key in "abc":
        tell(rig, key)
        anchor(rig, key)
    whole = list(rig.audit.chain)
    checked = check_audit(rig.audit, rig.checkout, NOW)
    assert (checked.whole, [one.head.seq for one in checked.anchors.known]) == (True, [3, 2, 1])
    rig.audit.chain[:] = whole[:2]
    assert "the tail is cut: row 3" in faults(rig)[0]
    rig.audit.chain.clear()
    tell(rig, "x", "y", "z", "more")
    assert [text[:20] for text in faults(rig)] == [
        "row 1 is not the one",
        "row 2 is not the one",
        "row 3 is not the one",
    ]


def test_a_chain_that_lost_its_tail_is_not_anchored_again() -> None:
    rig = Rig()
    tell(rig, "a", "b", "c")
    anchor(rig, "d1")
    rig.audit.chain.pop()
    with pytest.raises(Fatal, match="does not hold row 3"):
        anchor(rig, "d2")
    tell(rig, "forged", "and more")
    with pytest.raises(Fatal, match="does not hold row 3"):
        anchor(rig, "d3")
    assert rig.file(AUDIT)["seq"] == 3


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"version": 2}', b'{"version":1,"seq":0,"hash":"x","at":"y"}'])
def test_a_head_that_cannot_be_read_is_said_and_not_written_over(data: bytes) -> None:
    rig = Rig()
    tell(rig, "a")
    anchor(rig, "d1")
    rig.checkout.change(BRANCH, {AUDIT: data}, "By hand")
    tell(rig, "b")
    with pytest.raises(Fatal, match=r"audit\.json"):
        anchor(rig, "d2")
    assert AUDIT in faults(rig)[0]


def test_a_branch_that_cannot_be_read_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()
    tell(rig, "a")

    def away() -> str:
        raise ForgeUnavailable("the Git server does not answer")

    monkeypatch.setattr(rig.checkout, "fetch", away)
    assert "cannot be read" in faults(rig)[0]


def test_an_old_chain_without_any_head_lost_them() -> None:
    rig = Rig()
    tell(rig, "a")
    assert faults(rig) == []
    assert "no head stands" in faults(rig, 3 * DAY)[0]


def test_the_file_is_for_people() -> None:
    rig = Rig()
    tell(rig, "a")
    anchor(rig, "d1")
    head = rig.checkout.remote[BRANCH]
    data = rig.checkout.read(head, [AUDIT])[AUDIT]
    assert json.loads(data)["seq"] == 1
    assert b"\n  " in data
    assert rig.commits()[0].startswith("Anchor the audit chain at row 1\n")
