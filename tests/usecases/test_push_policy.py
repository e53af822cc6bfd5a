"""A policy that somebody pushed past every approval is told and written down; one that was approved is not."""

from __future__ import annotations

import pytest

from bot.domain.audit import AuditEntry
from bot.domain.commands import TellPush
from bot.domain.notice_cards import ThreadNews
from bot.errors import ChatUnavailable
from tests.usecases.hand_rig import FRAUD, LTV, POLICY, HandRig, uri
from tests.usecases.test_policy_review import LOWER, opened, says
from tests.usecases.test_pushes import pushed, rig, sweep, told

__all__ = ["rig"]

FILE = ".slackops.yaml"


def news(rig: HandRig) -> list[tuple[str, ThreadNews]]:
    """What was said of policies, and where."""
    said = [(sent.posted.channel, sent.message) for sent in rig.chat.sent if isinstance(sent.message, ThreadNews)]
    return [(channel, one) for channel, one in said if "policy" in one.headline]


def rows(rig: HandRig) -> list[AuditEntry]:
    return [row.entry for row in rig.audit.chain if row.entry.what == "policy outside"]


def lowered(rig: HandRig, text: str = LOWER) -> str:
    return rig.checkout.change("main", {FILE: text.encode()}, author="somebody")


def test_it_is_told_once_where_the_policy_before_it_would_have_it(rig: HandRig) -> None:
    before = rig.checkout.remote["main"]
    after = lowered(rig, LOWER.replace("#ml-deploys", "#nobody-reads"))
    pushed(rig, before, after)
    sweep(rig)
    [(channel, one)] = news(rig)
    assert channel == "C0DEPLOYS"  # of #ml-deploys
    assert "@kim" in one.text and after[:10] in one.text and "no approval" in one.text
    [row] = rows(rig)
    assert (row.by, row.login, row.evidence) == ("github:kim", "kim", {"commit": after})


def test_polling_alone_tells_it_and_each_of_two_that_cancel_out(rig: HandRig) -> None:
    lowered(rig)
    lowered(rig, POLICY)
    sweep(rig)
    assert len(news(rig)) == len(rows(rig)) == 2
    assert rows(rig)[0].by == "git:somebody"


@pytest.mark.parametrize("text", [POLICY + "# words\n", POLICY.replace("version: 1", "version:  1", 1)])
def test_other_words_for_the_same_are_no_news(rig: HandRig, text: str) -> None:
    lowered(rig, text)
    sweep(rig)
    assert not news(rig) and not rows(rig)


def test_one_that_cannot_be_read_is_news_too_and_what_puts_back_the_one_before_is_none(rig: HandRig) -> None:
    lowered(rig, "version: 7\n")
    sweep(rig)
    assert len(news(rig)) == len(rows(rig)) == 1
    lowered(rig, POLICY)
    sweep(rig)
    assert len(news(rig)) == len(rows(rig)) == 1


@pytest.mark.parametrize("method", ["merge", "squash"])
@pytest.mark.parametrize("values", [False, True], ids=["alone", "with a value"])
def test_one_that_was_approved_is_none(rig: HandRig, method: str, values: bool) -> None:
    files: dict[str, bytes | None] = {FILE: LOWER.encode(), **({FRAUD: uri("fraud", 42)} if values else {})}
    number = rig.opened(files, login="ana")
    says(rig, "ben", number)
    assert [row.entry.number for row in rig.audit.chain if row.entry.what == "policy approved"] == [number]
    rig.merged(number, method)
    sweep(rig)
    assert not news(rig) and not rows(rig)


def test_one_that_was_merged_past_its_approval_is(rig: HandRig) -> None:
    rig.merged(opened(rig, LOWER))
    sweep(rig)
    assert len(news(rig)) == len(rows(rig)) == 1


def test_an_approval_is_for_one_landing(rig: HandRig) -> None:
    number = opened(rig, LOWER)
    says(rig, "ben", number)
    rig.merged(number, "squash")
    lowered(rig, POLICY)
    again = lowered(rig)
    sweep(rig)
    assert rows(rig)[-1].evidence["commit"] == again
    assert len(rows(rig)) == 2


def test_one_merged_by_rebasing_is_a_step_of_several_commits(rig: HandRig) -> None:
    number = opened(rig, POLICY.replace("required: 1", "required: 3"))
    rig.pushed("mine", {FILE: LOWER.encode()})
    says(rig, "ben", number)
    lowered(rig, POLICY.replace("required: 1", "required: 3"))
    last = lowered(rig)
    rig.forge._save(number, state="closed", merged=True, merge_commit=last, head=rig.forge.pull(number).head)
    sweep(rig)
    assert not news(rig) and not rows(rig)


def test_a_kill_in_between_doubles_and_loses_nothing(rig: HandRig) -> None:
    head = lowered(rig)
    rig.chat.fails = ChatUnavailable("no answer")
    with pytest.raises(ChatUnavailable):
        rig.run(TellPush(before="", after=head))
    rig.run(TellPush(before="", after=head))
    assert len(news(rig)) == len(rows(rig)) == 1


def test_a_value_is_not_hidden_by_taking_it_out_of_the_policy_first(rig: HandRig) -> None:
    lowered(rig, POLICY.replace("models/{model}/{env", "elsewhere/{model}/{env"))
    rig.checkout.change("main", {LTV: uri("ltv", 9)}, author="somebody")
    sweep(rig)
    assert [line.to for one in told(rig) for line in one.lines] == ["9"]
    assert [row.entry.version for row in rig.audit.of_model("ltv")] == ["9"]


def test_where_nobody_is_ever_asked_it_is_written_down_and_no_news() -> None:
    free = POLICY.replace("approvals: {required: 1}", "approvals: {required: 0}")
    rig = HandRig(policy=free)
    sweep(rig)
    lowered(rig, free.replace("staging: {}", "staging: {merge: {auto: false}}"))
    sweep(rig)
    assert (len(rows(rig)), news(rig)) == (1, [])
