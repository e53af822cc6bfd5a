"""Pushes to the default branch that nobody judged: told once, by webhook or by polling alone."""

from __future__ import annotations

import pytest

from bot.domain.commands import Nudge, Origin, Reconcile, Review, Sweep, TellPush
from bot.domain.push_cards import PushLine, PushNews
from tests.usecases.hand_rig import BEN, FRAUD, LTV, HandRig, uri
from tests.usecases.test_by_hand import look


@pytest.fixture
def rig() -> HandRig:
    rig = HandRig()
    rig.run(Sweep())  # the first look remembers where it began
    rig.drain()
    assert told(rig) == []
    return rig


def told(rig: HandRig) -> list[PushNews]:
    return [sent.message for sent in rig.chat.sent if isinstance(sent.message, PushNews)]


def sweep(rig: HandRig) -> None:
    rig.run(Sweep())
    rig.drain()


def pushed(rig: HandRig, before: str, after: str, pusher: str = "kim") -> None:
    rig.run(Nudge(source="github", default_branch_moved=True, before=before, after=after, pusher=pusher))
    rig.drain()


def test_a_push_is_told_once_with_who_pushed_it(rig: HandRig) -> None:
    before = rig.checkout.remote["main"]
    after = rig.checkout.change("main", {LTV: uri("ltv", 9)}, author="somebody else")
    pushed(rig, before, after)
    [news] = told(rig)
    assert news.lines == (PushLine("ltv", "production", "5", "9"),)
    assert (news.pusher, news.commit, news.branch) == ("kim", after, "main")
    pushed(rig, before, after)
    sweep(rig)
    assert len(told(rig)) == 1
    [row] = [row.entry for row in rig.audit.of_model("ltv")]
    assert (row.what, row.by, row.version, row.evidence["from"]) == ("outside", "github:kim", "9", "5")


def test_polling_alone_tells_it_too(rig: HandRig) -> None:
    rig.checkout.change("main", {LTV: uri("ltv", 9)}, author="kim")
    sweep(rig)
    [news] = told(rig)
    assert (news.pusher, news.author) == ("", "kim")
    sweep(rig)
    assert len(told(rig)) == 1


@pytest.mark.parametrize("files", [{"README.md": b"words"}, {LTV: b"# kept\nuri: s3://models/ltv/5\n"}])
def test_what_moves_nothing_is_not_told(rig: HandRig, files: dict[str, bytes | None]) -> None:
    rig.checkout.change("main", files)
    sweep(rig)
    assert told(rig) == []


def test_the_first_look_of_all_tells_nothing() -> None:
    rig = HandRig()
    rig.checkout.change("main", {LTV: uri("ltv", 9)})
    sweep(rig)
    assert told(rig) == []


@pytest.mark.parametrize(("seconds", "news"), [(0.0, 1), (599.0, 1), (601.0, 0)])
def test_a_push_while_the_bot_starts_is_not_lost_to_the_first_look(seconds: float, news: int) -> None:
    rig = HandRig()
    before = rig.checkout.remote["main"]
    between = rig.checkout.change("main", {LTV: uri("ltv", 9)})
    after = rig.checkout.change("main", {"README.md": b"words"})
    sweep(rig)  # it began with the head that the webhooks are about
    rig.clock.tick(seconds)
    pushed(rig, before, between)
    pushed(rig, between, after)
    pushed(rig, before, between)
    assert len(told(rig)) == news


def test_the_first_word_of_all_may_be_a_webhook() -> None:
    rig = HandRig()
    before = rig.checkout.remote["main"]
    after = rig.checkout.change("main", {LTV: uri("ltv", 9)})
    pushed(rig, before, after)
    assert len(told(rig)) == 1


@pytest.mark.parametrize("settled", [True, False], ids=["recorded", "the push is told first"])
@pytest.mark.parametrize("method", ["squash", "merge"])
def test_a_merge_of_what_was_judged_is_no_such_push(rig: HandRig, settled: bool, method: str) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    rig.merged(number, method)
    if settled:
        look(rig, number)
    sweep(rig)
    assert told(rig) == []


def test_a_pull_request_that_nobody_had_judged_is(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    rig.merged(number)
    sweep(rig)
    assert len(told(rig)) == 1


def test_a_forged_trailer_proves_nothing(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    words = f"Promote ltv 5 → 9 in production\n\nSlackOps-Change: {rig.record(number).id}\nSlackOps-To: 9\n"
    rig.checkout.change("main", {LTV: uri("ltv", 9)}, message=words)
    sweep(rig)
    assert [news.lines[0].to for news in told(rig)] == ["9"]


def test_pushes_around_a_merge_are_told_apart(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    one = rig.checkout.change("main", {LTV: uri("ltv", 6)})
    rig.merged(number)
    two = rig.checkout.change("main", {LTV: uri("ltv", 7)})
    sweep(rig)
    assert [(news.commit, news.lines) for news in told(rig)] == [
        (one, (PushLine("ltv", "production", "5", "6"),)),
        (two, (PushLine("ltv", "production", "6", "7"),)),
    ]


def test_a_change_merged_by_rebasing_is_all_its_own(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    rig.pushed("mine", {LTV: uri("ltv", 9)})
    look(rig, number)
    rig.checkout.change("main", {FRAUD: uri("fraud", 42)})  # what a rebase makes of two commits
    last = rig.checkout.change("main", {LTV: uri("ltv", 9)})
    rig.forge._save(number, state="closed", merged=True, merge_commit=last, head=rig.forge.pull(number).head)
    sweep(rig)
    assert told(rig) == []


def test_history_that_was_rewritten_is_told_by_the_difference(rig: HandRig) -> None:
    start = rig.checkout.remote["main"]
    rig.checkout.change("main", {"a.txt": b"a"})
    sweep(rig)
    rig.checkout.remote["main"] = start
    rig.checkout.change("main", {LTV: uri("ltv", 9)})
    sweep(rig)
    assert [news.lines[0].to for news in told(rig)] == ["9"]


def test_a_policy_broken_by_the_push_is_judged_by_the_one_before(rig: HandRig) -> None:
    rig.checkout.change("main", {LTV: uri("ltv", 9), ".slackops.yaml": b"version: 7\n"})
    rig.run(TellPush(before="", after=rig.checkout.remote["main"]))
    assert len(told(rig)) == 1


def test_a_push_that_overtakes_an_open_change_ends_its_approval(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    change = rig.record(number)
    rig.run(
        Review(by=BEN, origin=Origin(channel="C0"), change=change.id, digest=change.intent.digest, verdict="approve")
    )
    rig.drain()
    rig.checkout.change("main", {FRAUD: uri("fraud", 39)})
    sweep(rig)
    rig.run(Reconcile(number=number))
    assert rig.states(number)["slackops/gates"] == "failure"
    assert len(told(rig)) == 1
