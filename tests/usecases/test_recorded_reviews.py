"""`reviews: recorded-by-bot`: what counts as somebody's word, and what was edited, copied or forged and does not."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from bot.adapters.attest import HmacAttest
from bot.domain.commands import HoldChange, Leave, Review
from bot.domain.facts import Verdict
from bot.domain.people import Standing
from bot.domain.recorded import END, MARK, Recorded, opened, parsed, payload, sealed
from tests.fakes.links import FakeLinks
from tests.usecases.review_rig import CAROL, KEYS, KIM, ReviewRig
from tests.usecases.stop_rig import BEN

RECORDED = '{required: 2, from: ["slack:@fraud", "slack:U0KIM"], reviews: recorded-by-bot}'


@pytest.fixture
def rig() -> ReviewRig:
    return ReviewRig(approvals=RECORDED)


def test_the_bot_writes_it_down_and_it_counts_as_theirs(rig: ReviewRig) -> None:
    rig.click(CAROL, comment="Looks right.")
    (review,) = rig.reviews()
    assert (review.verdict, review.login) == (Verdict.COMMENTED, "slackops[bot]")
    assert "`slack:T0SANDBOX/U0CAROL` approved" in review.body
    (line,) = rig.tally().lines
    assert (line.person, line.counts, line.note) == (CAROL, True, "recorded by the bot")
    assert line.comment.startswith("Looks right.")
    assert rig.tally().approvals == 1


def test_two_runs_write_it_once(rig: ReviewRig) -> None:
    change = rig.change
    row = rig.row(Review(by=CAROL, change=change.id, digest=change.intent.digest, verdict="approve"), "same")
    rig.dispatcher(row)
    rig.dispatcher(row)
    assert len(rig.reviews()) == 1


def test_a_later_word_of_theirs_holds(rig: ReviewRig) -> None:
    rig.click(CAROL)
    rig.click(CAROL, "request_changes", "Wait.")
    assert (rig.tally().approvals, len(rig.tally().objections)) == (0, 1)


def test_whoever_asked_cannot(rig: ReviewRig) -> None:
    rig.changes.update(rig.change.id, lambda c: replace(c, requesters=(CAROL,)))
    rig.click(CAROL)
    assert (rig.refused().reason, rig.reviews()) == ("own_change", [])


def test_a_guest_counts_only_by_name(rig: ReviewRig) -> None:
    rig.chat.standings = {"U0CAROL": Standing.GUEST, "U0KIM": Standing.GUEST}
    rig.click(CAROL)
    assert (rig.refused().reason, rig.reviews()) == ("not_an_approver", [])
    rig.click(KIM)
    assert rig.tally().approvals == 1


def test_voided_when_they_leave(rig: ReviewRig) -> None:
    rig.click(CAROL)
    assert rig.tally().approvals == 1
    rig.run(Leave(person=CAROL, why="deactivated in Slack"))
    assert [one.login for one in rig.change.voided] == [str(CAROL)]
    assert rig.tally().approvals == 0


def test_native_mode_refuses_it(rig: ReviewRig) -> None:
    rig.click(CAROL)
    rig.forge.native_reviews = 1
    assert rig.tally().approvals == 0
    rig.click(KIM)
    assert (rig.refused().reason, len(rig.reviews())) == ("forge_requires_review", 1)


def test_who_has_an_account_reviews_with_it_and_links_it_again_where_the_link_is_dead(rig: ReviewRig) -> None:
    held = rig.ctx.links.of(BEN)
    assert isinstance(rig.ctx.links, FakeLinks)
    assert held is not None
    rig.ctx.links.bury(BEN, held.token)
    rig.click(BEN)
    assert rig.reviews() == []
    assert "does not take the link to ben any more" in rig.refused().message


def test_a_dead_link_still_says_who_somebody_is() -> None:
    rig = ReviewRig(approvals='{required: 1, from: ["slack:U0KIM"]}')
    assert isinstance(rig.ctx.links, FakeLinks)
    rig.ctx.links.bury(BEN, "ben-token")
    rig.run(HoldChange(by=BEN, change=rig.change.id, hold=True))
    assert rig.change.held_by == BEN


def test_without_the_policy_it_is_a_link_that_is_missing() -> None:
    rig = ReviewRig(approvals='{required: 1, from: ["slack:@fraud"]}')
    rig.click(CAROL)
    assert (rig.refused().reason, rig.reviews()) == ("not_linked", [])


def edited(body: str) -> str:
    return body.replace("approved", "approved gladly")


def flipped(body: str) -> str:
    inside = body.partition(MARK)[2].partition(".")[0]
    data = base64.urlsafe_b64decode(inside).replace(b"U0CAROL", b"U0KIM00")
    return body.replace(inside, base64.urlsafe_b64encode(data).decode())


def twice(body: str) -> str:
    return f"{body}\n{MARK}x.y{END}"


def by_other_keys(body: str) -> str:
    record = parsed(opened(body)[0])  # type: ignore[index]
    assert record is not None
    return body.partition(MARK)[0] + sealed(record, HmacAttest(KEYS[1:]).sign(payload(record)) + "0")


@pytest.mark.parametrize("forge", [edited, flipped, twice, by_other_keys])
def test_what_was_edited_or_forged_counts_for_nobody(rig: ReviewRig, forge) -> None:
    rig.click(CAROL)
    (review,) = rig.reviews()
    rig.forge.edit_review(rig.number, review.id, forge(review.body))
    assert rig.tally().lines == ()


def test_a_copy_by_another_account_on_another_head_or_pull_request_counts_for_nobody(rig: ReviewRig) -> None:
    rig.click(CAROL)
    (review,) = rig.reviews()
    for copy in (replace(review, login="mallory"), replace(review, commit="0" * 40)):
        rig.forge._reviews[rig.number] = [copy]
        assert rig.tally().lines == ()
    rig.forge._reviews[rig.number] = [review]
    rig.forge.repository = "acme/other"
    assert rig.tally().lines == ()


def test_an_older_key_still_verifies(rig: ReviewRig) -> None:
    rig.click(CAROL)
    turned = HmacAttest([KEYS[1], KEYS[0]])
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, attest=turned)
    assert rig.tally().approvals == 1


def test_a_comment_cannot_carry_a_mark_of_its_own(rig: ReviewRig) -> None:
    rig.click(CAROL)
    stolen = rig.reviews()[0].body
    rig.click(KIM, comment=stolen)
    assert [line.person for line in rig.tally().lines] == [CAROL, KIM]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"v":1}', b"null", b'{"v":1,"person":{},"verdict":"approve"}'])
def test_what_is_no_record(data: bytes) -> None:
    assert parsed(data) is None


def test_a_record_reads_back() -> None:
    record = Recorded("c", "d", "h", 7, "a/b", CAROL, Verdict.APPROVED, "r", 1.5, "s")
    assert parsed(payload(record)) == record
    assert opened(sealed(record, "f")) == (payload(record), "f", "")
