"""Setting and lifting freezes: what is committed, who hears of it, and that a kill or a race changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.commands import Freeze, ListStops, Sweep, Unfreeze
from bot.domain.state_files import BRANCH
from bot.domain.stop_cards import StopList, StopNews
from bot.errors import Fatal, ForgeUnavailable
from bot.usecases.stops import stopped_meanwhile
from bot.usecases.sweep import Sweeper
from tests.usecases.stop_rig import ANA, BEN, NOW, Rig


def test_a_freeze_is_committed_told_once_and_answered() -> None:
    rig = Rig()
    row = rig.ask(Freeze, environment="prod", until="2h", reason="year's\nend")
    (freeze,) = rig.file("freezes.json")["freezes"]
    assert freeze == {
        "environment": "production",
        "model": None,
        "until": "2026-12-23T06:26:40Z",
        "reason": "year's\nend",
        "by": "slack:T0SANDBOX/U0ANA",
        "login": "ana",
        "since": "2026-12-23T04:26:40Z",
        "id": row.id,
    }
    (message,) = rig.commits()
    assert message.startswith("Freeze production until 2026-12-23 06:26 UTC\n\nBy ana in Slack.\nReason: year's end\n")
    (news,) = rig.told()
    assert isinstance(news, StopNews)
    assert (news.headline, news.until, news.lift) == (
        "Frozen: production",
        NOW + 7200,
        "/slackops unfreeze production",
    )
    assert rig.whispered() == Receipt("Frozen: production.")


def test_run_again_after_a_kill_it_changes_nothing() -> None:
    rig = Rig()
    row = rig.ask(Freeze, environment="production", until="2h")
    before = (rig.checkout.remote[BRANCH], len(rig.told()))
    rig.clock.tick(3 * 3600)  # the end is counted from when it was asked for, however late the second run
    rig.dispatcher(replace(row, attempt=2))
    assert (rig.checkout.remote[BRANCH], len(rig.told())) == before


@pytest.mark.parametrize("done", [1, 2, 3], ids=["pushed", "told", "answered"])
def test_killed_anywhere_after_the_push(done: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()
    row = rig.row(Freeze(by=ANA, environment="production"))
    steps = [(rig.changes, "all_open"), (rig.posts, "save"), (rig.chat, "whisper")][:done]
    target, name = steps[-1]
    with monkeypatch.context() as patch:
        patch.setattr(target, name, _killed)
        with pytest.raises(KeyboardInterrupt):
            rig.dispatcher(row)
    rig.dispatcher(replace(row, attempt=2))
    assert len(rig.commits()) == 1
    assert len(rig.told()) == 1
    assert rig.whispered() == Receipt("Frozen: production.")


def test_a_push_whose_answer_was_lost_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()
    row = rig.row(Unfreeze(by=ANA, environment="production"), "k2")
    rig.ask(Freeze, environment="production")
    push = rig.checkout.push

    def lost(commit: str, branch: str) -> bool:
        push(commit, branch)
        raise ForgeUnavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(rig.checkout, "push", lost)
        with pytest.raises(ForgeUnavailable):
            rig.dispatcher(row)
    rig.dispatcher(replace(row, attempt=2))  # nothing is frozen any more, and it is no refusal: it was this row's doing
    assert rig.file("freezes.json")["freezes"] == []
    assert len(rig.commits()) == 2
    assert rig.whispered() == Receipt("Not frozen any more: production.")


def test_whoever_loses_a_race_takes_the_other_one_in(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()
    other = Rig(rig.checkout, rig.clock)
    push, first = rig.checkout.push, [True]

    def slow(commit: str, branch: str) -> bool:
        if first.pop() if first else False:
            other.ask(Freeze, "other", environment="staging")
        return push(commit, branch)

    monkeypatch.setattr(rig.checkout, "push", slow)
    rig.ask(Freeze, environment="production")
    assert [one["environment"] for one in rig.file("freezes.json")["freezes"]] == ["production", "staging"]
    assert len(rig.commits()) == 2


def test_a_race_that_is_always_lost_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()
    monkeypatch.setattr(rig.checkout, "push", lambda *_: False)
    with pytest.raises(ForgeUnavailable, match="write to the branch"):
        rig.ask(Freeze, environment="production")
    assert rig.told() == []


def test_the_open_changes_that_it_concerns_are_looked_at_and_again_when_it_is_lifted() -> None:
    rig = Rig()
    rig.open_change(7)
    rig.open_change(8, model="churn")
    rig.ask(Freeze, environment="production", model="fraud")
    assert rig.to_reconcile() == [7]
    rig.ask(Freeze, "k2", environment="production")
    assert rig.to_reconcile() == [7, 8]
    rig.ask(Unfreeze, "k3", environment="prod", model="fraud", reason="over")
    assert rig.to_reconcile() == [7]
    assert [one["model"] for one in rig.file("freezes.json")["freezes"]] == [None]
    assert "Reason: over" in rig.commits()[0]


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        (Freeze, {"environment": "productoin"}, "unknown_environment"),
        (Freeze, {"environment": "production", "model": "fruad"}, "unknown_model"),
        (Freeze, {"environment": "production", "until": "2020-01-01T00:00"}, "bad_usage"),
        (Freeze, {"environment": "production", "by": BEN}, "not_allowed"),
        (Unfreeze, {"environment": "production", "by": BEN}, "not_allowed"),
        (Unfreeze, {"environment": "production"}, "not_frozen"),
    ],
)
def test_refusals_write_nothing(kind: type, fields: dict[str, Any], reason: str) -> None:
    rig = Rig()
    rig.ask(kind, **fields)
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert (said.reason, rig.commits(), rig.told()) == (reason, [], [])


def test_a_broken_file_is_never_written_over() -> None:
    rig = Rig()
    rig.checkout.change(BRANCH, {"freezes.json": b"<<<<<<< ours"}, "By hand")
    head = rig.checkout.remote[BRANCH]
    rig.ask(Freeze, environment="production")
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert said.reason == "state_unreadable"
    assert "freezes.json is no JSON" in said.message
    assert rig.checkout.remote[BRANCH] == head
    rig.ask(ListStops, "k2", what="freezes")
    listed = rig.whispered()
    assert isinstance(listed, StopList)
    assert "freezes.json is no JSON" in listed.fault


def test_the_list_is_for_everybody_and_leaves_out_what_has_ended() -> None:
    rig = Rig()
    rig.ask(Freeze, environment="production", until="1h")
    rig.ask(Freeze, "k2", environment="staging", model="fraud", reason="why")
    rig.clock.tick(3600)
    rig.ask(ListStops, "k3", by=BEN, what="freezes")
    listed = rig.whispered()
    assert isinstance(listed, StopList)
    assert [(line.what, line.until, line.reason) for line in listed.lines] == [("fraud in staging", None, "why")]


def test_a_channel_that_cannot_be_told_is_named_and_the_freeze_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()

    def gone(*_: object, **__: object) -> None:
        raise Fatal("channel_not_found")

    monkeypatch.setattr(rig.chat, "post", gone)
    rig.ask(Freeze, environment="production")
    assert len(rig.file("freezes.json")["freezes"]) == 1
    said = rig.whispered()
    assert isinstance(said, Receipt)
    assert said.text == "Frozen: production. It could not be told in #ml-deploys: channel_not_found."


def test_a_branch_that_was_deleted_is_begun_anew() -> None:
    rig = Rig()
    rig.ask(Freeze, environment="production")
    rig.checkout.delete(BRANCH)
    rig.ask(Freeze, "k2", environment="staging")
    assert [one["environment"] for one in rig.file("freezes.json")["freezes"]] == ["staging"]
    assert len(rig.commits()) == 1


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_an_edit_by_hand_is_seen_by_the_next_sweep() -> None:
    rig = Rig()
    head = rig.checkout.change("slackops/x", {"models/fraud/production.yaml": b"uri: s3://models/fraud/42\n"})
    rig.checkout.fetch()
    rig.ctx.forge.open_pull("slackops/x", "Promote", "", [])
    row = rig.row(Sweep())
    sweeper = Sweeper()
    assert [sweeper.sweep(rig.ctx, row) for _ in range(3)] == [1, 0, 0]
    rig.checkout.change(BRANCH, {"freezes.json": b'{"version": 1, "freezes": []}'}, "By hand", base=head)
    assert [sweeper.sweep(rig.ctx, row) for _ in range(2)] == [1, 0]
    rig.checkout.delete(BRANCH)
    assert [sweeper.sweep(rig.ctx, row) for _ in range(2)] == [1, 0]


def test_a_freeze_that_comes_while_a_change_is_looked_at_still_stops_the_merge() -> None:
    rig = Rig()
    change, repo = rig.open_change(7), rig.dispatcher.repo
    assert not stopped_meanwhile(rig.ctx, repo, change, ())
    rig.ask(Freeze, environment="production", until="2h")
    assert stopped_meanwhile(rig.ctx, repo, change, ())
    assert not stopped_meanwhile(rig.ctx, repo, replace(change, swift=True), ())
    rig.clock.tick(7200)
    assert not stopped_meanwhile(rig.ctx, repo, change, ())
    rig.checkout.change("main", {".slackops.yaml": b"environments: ["})
    assert stopped_meanwhile(rig.ctx, repo, change, ())


def test_a_freeze_by_an_alias_or_of_an_environment_that_was_renamed_holds_and_is_lifted() -> None:
    rig = Rig()
    change, repo = rig.open_change(7), rig.dispatcher.repo
    by_hand = {"environment": "prod", "by": "slack:T0SANDBOX/U0ANA", "since": "2026-12-23T04:00:00Z"}
    content = {"version": 1, "freezes": [by_hand, {**by_hand, "environment": "before"}]}
    rig.checkout.change(BRANCH, {"freezes.json": json.dumps(content).encode()}, "By hand")
    assert stopped_meanwhile(rig.ctx, repo, change, ())
    rig.ask(Unfreeze, environment="prod")
    assert not stopped_meanwhile(rig.ctx, repo, change, ())
    rig.ask(Unfreeze, "k2", environment="before")
    assert rig.whispered() == Receipt("Not frozen any more: before.")
    assert rig.file("freezes.json")["freezes"] == []
