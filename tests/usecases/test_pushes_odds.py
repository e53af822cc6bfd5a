"""Pushes that nobody judged, at their edges: taken back, cut off, rewritten, and merged the other way round."""

from __future__ import annotations

import pytest

from bot.domain.commands import TellPush
from bot.domain.push_cards import PushLine
from bot.ports import PostRecord
from bot.usecases import push_landed
from tests.usecases.hand_rig import FRAUD, LTV, HandRig, uri
from tests.usecases.test_by_hand import look
from tests.usecases.test_pushes import sweep, told


@pytest.fixture
def rig() -> HandRig:
    rig = HandRig()
    sweep(rig)
    return rig


def rows(rig: HandRig, model: str) -> list[str]:
    return [row.entry.key for row in rig.audit.of_model(model) if row.entry.what == "outside"]


def test_a_push_that_takes_a_judged_merge_back_is_told_though_nothing_is_left_of_both(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.merged(number)
    rig.checkout.change("main", {FRAUD: uri("fraud", 40)})
    sweep(rig)
    assert [news.lines for news in told(rig)] == [(PushLine("fraud", "production", "42", "40"),)]


def test_a_look_that_was_cut_off_tells_nothing_twice_whatever_came_since(
    rig: HandRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = rig.posts.save

    def killed(record: PostRecord) -> None:
        if record.mark == "told":
            raise KeyboardInterrupt
        save(record)

    rig.checkout.change("main", {LTV: uri("ltv", 9)})
    monkeypatch.setattr(rig.posts, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        rig.run(TellPush(before="", after=""))
    monkeypatch.undo()
    rig.checkout.change("main", {FRAUD: uri("fraud", 41)})
    sweep(rig)
    assert [news.lines for news in told(rig)] == [
        (PushLine("ltv", "production", "5", "9"),),
        (PushLine("fraud", "production", "40", "41"),),
    ]
    assert len(rows(rig, "ltv")) == len(rows(rig, "fraud")) == 1


def test_a_branch_that_is_set_back_to_where_it_was_once_is_told_too(rig: HandRig) -> None:
    before = rig.checkout.change("main", {"README.md": b"words"})
    sweep(rig)
    rig.checkout.change("main", {LTV: uri("ltv", 9)})
    sweep(rig)
    rig.checkout.remote["main"] = before
    sweep(rig)
    assert [news.lines[0].to for news in told(rig)] == ["9", "5"]


def test_main_merged_into_a_branch_that_then_became_main_tells_what_differs(rig: HandRig) -> None:
    main = rig.checkout.change("main", {"README.md": b"words"})
    branch = rig.checkout.change("theirs", {LTV: uri("ltv", 9)})
    sweep(rig)
    other = rig.checkout.change("theirs", {"x.txt": b"x"})
    made = rig.checkout.merge_commit(other, main, (other, main), "Merge main", "kim")
    assert made is not None and branch != made
    rig.checkout.remote["main"] = made
    sweep(rig)
    assert [news.lines for news in told(rig)] == [(PushLine("ltv", "production", "5", "9"),)]


def test_what_is_too_old_is_told_as_one(rig: HandRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_landed, "DEPTH", 2)
    for version in (6, 7):
        rig.checkout.change("main", {LTV: uri("ltv", version)})
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.merged(number)
    rig.checkout.change("main", {"README.md": b"words"})
    sweep(rig)
    assert [news.lines for news in told(rig)] == [(PushLine("ltv", "production", "5", "7"),)]
