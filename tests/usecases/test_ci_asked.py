"""Re-run, by whoever may; and the CI of a change, in its thread."""

from __future__ import annotations

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.ci import CiRun
from bot.domain.ci_cards import CiCard
from bot.domain.commands import Origin, RerunCi
from bot.domain.compared import Compared
from bot.domain.notice_cards import ThreadEvent
from bot.domain.people import Person
from bot.errors import ForgeUnavailable
from bot.ports import PostRecord
from bot.usecases.ci_look import MOST_HEADS
from tests.usecases.ci_rig import ANA, BEN, C1, C2, C3, NOW, TRAINING, CiRig

ORIGIN = Origin(channel="C0FRAUD")
CHANGE, DEPLOYMENT = "01CHANGE000000000000000007", "acme/ml-deployments"


@pytest.fixture
def rig() -> CiRig:
    rig = CiRig()
    rig.push(C1)
    rig.ends(C1, "lint", "failure", told=False, rerun="run:7")
    rig.ends(C1, "unit", "failure", rerun="run:7")
    return rig


def rerun(rig: CiRig, by: Person = ANA, repo: str = TRAINING) -> None:
    rig.ask(RerunCi(by=by, origin=ORIGIN, repo=repo, sha=C1))


def said(rig: CiRig) -> str:
    message = rig.chat.whispers[-1].message
    return message.reason if isinstance(message, Refusal) else message.text if isinstance(message, Receipt) else "?"


def test_what_runs_again_together_is_asked_for_once(rig: CiRig) -> None:
    rerun(rig)
    assert rig.ci.again == [(TRAINING, "run:7")]
    assert said(rig) == "Runs again: lint, unit."
    assert rig.replies() == [ThreadEvent("runs again: lint, unit.", ANA)]
    [row] = [row.entry for row in rig.audit.rows() if row.entry.what == "ci re-run"]
    assert (row.by, row.evidence["gates"]) == (str(ANA), ["lint", "unit"])


def test_a_second_click_finds_it_running(rig: CiRig) -> None:
    rerun(rig)
    rerun(rig)
    assert len(rig.ci.again) == 1
    assert said(rig) == "Nothing of it fails now, or it runs already."


def test_a_kill_after_it_was_asked_for_leaves_its_row(rig: CiRig) -> None:
    ask, row = rig.ci.rerun, rig.inbox.put("slack:kill", RerunCi(by=ANA, origin=ORIGIN, repo=TRAINING, sha=C1))

    def and_dies(repo: str, run: CiRun) -> bool:
        ask(repo, run)
        raise ForgeUnavailable("cut off")

    rig.ci.rerun = and_dies  # type: ignore[method-assign]
    with pytest.raises(ForgeUnavailable):
        rig.drain()
    rig.ci.rerun = ask  # type: ignore[method-assign]
    rig.clock.tick(61)
    rig.drain()
    assert row is not None
    assert [one.entry.what for one in rig.audit.rows()] == ["ci re-run"]


def test_a_forge_that_does_not_let_the_bot(rig: CiRig) -> None:
    rig.ci.may_rerun = False
    rerun(rig)
    assert said(rig) == "forge_refused"
    assert rig.replies() == []


def test_what_nothing_can_run_again_is_named(rig: CiRig) -> None:
    rig.ends(C1, "external", "failure", rerun="")
    rerun(rig)
    assert said(rig) == "Runs again: lint, unit. Not again, by GitHub's word: external."


@pytest.mark.parametrize(("by", "repo", "reason"), [(BEN, TRAINING, "not_allowed"), (ANA, "acme/x", "not_supported")])
def test_not_everybody_and_not_everything(rig: CiRig, by: Person, repo: str, reason: str) -> None:
    rerun(rig, by, repo)
    assert (said(rig), rig.ci.again) == (reason, [])


def changed(rig: CiRig, *, carded: bool = True) -> None:
    """An open change of the deployment repo whose head is C3."""
    rig.push(C2, repo=DEPLOYMENT)
    intent = Intent(Action.PROMOTE, "fraud", "production", "41", "42", None, ())
    change = Change(CHANGE, intent, (BEN,), None, NOW, "b", "slackops/x", ChangeState.OPEN, 7, head=C3)
    rig.changes.add(change)
    if carded:
        rig.posts.save(PostRecord(CHANGE, "card", "C0DEPLOYS", NOW, "1.0"))


def of_the_change(rig: CiRig) -> list[CiCard]:
    return [one.message for one in rig.sent() if isinstance(one.message, CiCard) and one.thread == "1.0"]


def test_the_head_of_a_change_is_told_in_its_thread_to_who_asked(rig: CiRig) -> None:
    changed(rig)
    rig.ends(C3, "e2e", "failure", DEPLOYMENT)
    rig.hook(C3, DEPLOYMENT)
    [card] = of_the_change(rig)
    assert (card.branch, card.people, card.notify) == ("slackops/x", (BEN,), ())
    rig.ends(C3, "e2e", "success", DEPLOYMENT)
    [card] = of_the_change(rig)
    assert card.failing == ()
    assert rig.sent()[-1].message == ThreadEvent("Back at 3333333: e2e.")
    assert rig.sent()[-1].thread == "1.0"


def test_a_change_without_a_card_is_told_once_it_has_one(rig: CiRig) -> None:
    changed(rig, carded=False)
    rig.ends(C3, "e2e", "failure", DEPLOYMENT)
    rig.drain(60)
    assert of_the_change(rig) == []
    rig.posts.save(PostRecord(CHANGE, "card", "C0DEPLOYS", NOW, "1.0"))
    rig.drain(60)
    assert len(of_the_change(rig)) == 1


def test_a_change_that_never_has_a_card_is_looked_at_less_and_less(rig: CiRig) -> None:
    changed(rig, carded=False)
    rig.ends(C3, "e2e", "failure", DEPLOYMENT)
    before = len(rig.inbox.records)
    for _ in range(120):
        rig.drain(30)
    assert len(rig.inbox.records) - before <= 8


def test_a_commit_that_is_on_no_branch_of_ours_says_nothing(rig: CiRig) -> None:
    sent, stray = len(rig.sent()), "9" * 40
    between = Compared(stray, C1, "diverged", 1, 1, "https://forge.example/compare")
    rig.forge.between[TRAINING, stray, C1] = between
    rig.ends(stray, "unit", "success")
    rig.ends(stray, "e2e", "failure")
    main = rig.log.get(TRAINING, "main")
    assert main is not None
    assert (main.failing, main.gates["unit"].sha, "e2e" in main.gates, len(rig.sent())) == (True, C1, False, sent)


def test_a_branch_by_hand_that_is_called_as_the_default_one_says_nothing_of_it(rig: CiRig) -> None:
    rig.push(C2, repo=DEPLOYMENT)
    rig.ends(C2, "e2e", "failure", DEPLOYMENT)
    intent = Intent(Action.MANUAL, "fraud", "production", "41", "42", None, ())
    forked = Change(CHANGE, intent, (), None, NOW, "b", "main", ChangeState.BY_HAND, 7, head=C3, by_hand=True)
    rig.changes.add(forked)
    rig.ends(C3, "e2e", "success", DEPLOYMENT)
    main = rig.log.get(DEPLOYMENT, "main")
    assert main is not None
    assert (main.failing, main.gates["e2e"].sha) == (True, C2)


def test_the_clock_finds_what_a_lost_webhook_said_of_a_change(rig: CiRig) -> None:
    changed(rig)
    rig.ends(C3, "e2e", "failure", DEPLOYMENT, told=False)
    rig.poll()
    rig.poll()
    assert len(of_the_change(rig)) == 1


def test_the_clock_looks_at_a_few_of_many_changes_others_each_time(rig: CiRig) -> None:
    rig.push(C2, repo=DEPLOYMENT)
    for at in range(30):
        intent = Intent(Action.PROMOTE, "fraud", f"stage{at}", "41", "42", None, ())
        one = Change(f"01H{at}", intent, (), None, NOW, "b", f"slackops/{at}", ChangeState.OPEN, at, head=f"{at:040x}")
        rig.changes.add(one)
    seen = list[set[str]]()
    for _ in range(2):
        before = len(rig.inbox.records)
        rig.poll()
        seen.append({row.key.rpartition(":")[2] for row in rig.inbox.records[before:] if ":01H" in row.key})
    assert [len(one) for one in seen] == [MOST_HEADS, MOST_HEADS]
    assert seen[0] != seen[1]
