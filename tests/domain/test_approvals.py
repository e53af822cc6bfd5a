"""Which reviews count, as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.approvals import ApprovalRule, Askers, tally
from bot.domain.approvals_counting import UNLINKED
from bot.domain.facts import Verdict
from bot.domain.people import Person
from tests.domain.facts import ANA, BEN, CHLOE, RULE, review, tallied

NO = Verdict.CHANGES_REQUESTED


@pytest.mark.parametrize(
    ("reviews", "approvals", "complete", "why"),
    [
        ([], 0, False, None),
        ([review(BEN)], 1, True, ""),
        ([review(ANA)], 0, False, "asked for this change"),
        ([review(BEN, login="mallory", person=None)], 0, False, f"is not on the list of approvers: {UNLINKED}"),
        (
            [review(CHLOE, login="x", person=Person(team="T2", user="U0CHLOE"))],
            0,
            False,
            "is not on the list of approvers",
        ),
        ([review(BEN, may_write=False)], 0, False, "has no write access"),
        ([review(BEN, same_change=False)], 0, False, "was given before the change moved"),
        ([review(BEN, Verdict.DISMISSED)], 0, False, "dismissed"),
        ([review(BEN), review(BEN, NO)], 0, False, ""),
        ([review(BEN), review(BEN, NO), review(BEN)], 1, True, ""),
        ([review(BEN), review(BEN, Verdict.COMMENTED)], 1, True, ""),
    ],
)
def test_last_word_of_one_account(reviews, approvals, complete, why):
    result = tallied(*reviews)
    assert (result.approvals, result.complete) == (approvals, complete)
    if why is not None:
        assert result.lines[0].why == why
        assert result.lines[0].counts is (why == "")


def test_objection_of_an_approver_blocks_even_when_the_count_is_reached():
    result = tallied(review(BEN), review(CHLOE, NO))
    assert result.approvals == 1
    assert result.objections == ("chloe",)
    assert not result.complete


def test_objection_of_a_stranger_does_not_block():
    assert tallied(review(BEN), review(CHLOE, NO, login="x", person=None)).complete


def test_requester_who_objects_to_the_own_change_is_heard():
    assert tallied(review(BEN), review(ANA, NO)).objections == ("ana",)


def test_stale_objection_still_blocks():
    assert not tallied(review(CHLOE), review(BEN, NO, same_change=False)).complete


def test_requester_counts_where_the_rule_says_so():
    rule = ApprovalRule(required=1, people=frozenset({ANA, BEN}), requester_counts=True)
    assert tallied(review(ANA), rule=rule).complete


def test_requester_off_the_list_counts_only_for_the_rollback_to_the_version_before():
    rule = ApprovalRule(required=1, people=frozenset({BEN}), requester_counts=True)
    assert not tallied(review(ANA), rule=rule).complete
    assert tallied(review(ANA), rule=replace(rule, requester_unlisted=True)).complete


def test_nobodys_account_may_be_that_of_a_requester_who_linked_none():
    stranger = review(BEN, login="oscar", person=None)
    rule = ApprovalRule(required=1, logins=frozenset({"oscar"}))
    assert tally([stranger], rule, Askers((ANA,), ("ana",))).complete
    assert not tally([stranger], rule, Askers((ANA,), unlinked=True)).complete


def test_an_account_that_the_requester_had_when_asking_stays_theirs():
    rule = ApprovalRule(required=1, anyone=True)
    assert not tally([review(BEN, login="Ana-Old")], rule, Askers((ANA,), ("ana-old",))).complete


def test_second_account_of_the_requester_is_found_by_its_link():
    assert tallied(review(ANA, login="ana-alt"), rule=ApprovalRule(1, anyone=True)).approvals == 0


def test_logins_do_not_tell_upper_from_lower_case():
    rule = ApprovalRule(required=1, logins=frozenset({"ben"}))
    assert tallied(review(BEN, login="Ben", person=None), rule=rule).complete


def test_two_are_needed_where_two_are_required():
    rule = ApprovalRule(required=2, people=RULE.people)
    assert not tallied(review(BEN), review(BEN), rule=rule).complete
    assert tallied(review(BEN), review(CHLOE), rule=rule).complete
