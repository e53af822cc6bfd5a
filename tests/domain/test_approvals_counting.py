"""Why a review does not count, one turned fact at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.approvals import ApprovalRule, Askers, SeenReview, tally, why_not
from bot.domain.facts import Verdict
from bot.domain.people import Person, Standing

ANA, BEN, KIM = (Person(team="T1", user=user) for user in ("U0ANA", "U0BEN", "U0KIM"))
FOREIGN = Person(team="T2", user="U0BEN")
NO = Verdict.CHANGES_REQUESTED
LIST = ApprovalRule(1, people=frozenset({BEN, KIM}), logins=frozenset({"oscar"}))
ANYONE = ApprovalRule(1, anyone=True)
ASKED = Askers((ANA,), ("ana",), accounts=(7,))


def review(**turned: Any) -> SeenReview:
    known = {"login": "ben", "person": BEN, "verdict": Verdict.APPROVED, "same_change": True, "may_write": True}
    return SeenReview(**(known | {"account": 2} | turned))


@pytest.mark.parametrize(
    ("turned", "rule", "askers", "why"),
    [
        ({}, LIST, ASKED, ""),
        ({"robot": True}, LIST, ASKED, "is a machine's"),
        ({"robot": True, "verdict": NO}, LIST, ASKED, "is a machine's"),
        ({"voided": True}, LIST, ASKED, "was voided, because whoever gave it has left"),
        ({"voided": True, "verdict": NO}, LIST, ASKED, "was voided, because whoever gave it has left"),
        ({"verdict": Verdict.DISMISSED}, LIST, ASKED, "dismissed"),
        ({"may_write": False}, LIST, ASKED, "has no write access"),
        ({"same_change": False}, LIST, ASKED, "was given before the change moved"),
        ({"same_change": False, "verdict": NO}, LIST, ASKED, ""),
        ({"standing": Standing.GUEST}, LIST, ASKED, "is a guest of the workspace, whom the policy does not name"),
        ({"standing": Standing.GUEST}, replace(LIST, named=frozenset({BEN})), ASKED, ""),
        ({"standing": Standing.EXTERNAL}, replace(LIST, named=frozenset({BEN})), ASKED, ""),
        ({"standing": Standing.DEACTIVATED}, replace(LIST, named=frozenset({BEN})), ASKED, "is deactivated in Slack"),
        ({"standing": Standing.ROBOT}, replace(LIST, named=frozenset({BEN})), ASKED, "is no human"),
        ({"standing": Standing.UNKNOWN}, LIST, ASKED, "is not known to Slack any more"),
        ({"person": FOREIGN}, LIST, ASKED, "is not on the list of approvers"),
        ({"person": FOREIGN, "standing": Standing.EXTERNAL}, ANYONE, ASKED, "is of another workspace"),
        # second accounts, renames, new links
        ({"login": "ana-two", "person": None, "account": 9}, ANYONE, ASKED, "may be the asker's own: nobody linked it"),
        ({"login": "ana-two", "person": None, "account": 9}, LIST, ASKED, "is not on the list of approvers: nobody"),
        ({"login": "renamed", "person": None, "account": 7}, ANYONE, ASKED, "asked for this change"),
        ({"login": "new", "person": ANA, "account": 9}, ANYONE, ASKED, "asked for this change"),
        ({"login": "ANA", "person": KIM, "account": 0}, LIST, ASKED, "asked for this change"),
        ({"login": "oscar", "person": None, "account": 3}, LIST, ASKED, ""),
        ({"login": "oscar", "person": None}, LIST, replace(ASKED, unlinked=True), "cannot be told from who asked"),
        ({"person": None, "verdict": NO}, ANYONE, ASKED, ""),
        # editors
        ({}, LIST, replace(ASKED, editors=("BEN",)), "wrote to this branch"),
        ({"login": "ben2"}, LIST, replace(ASKED, editor_accounts=(2,)), "wrote to this branch"),
        ({"login": "ben2", "account": 5}, LIST, replace(ASKED, editor_people=(BEN,)), "wrote to this branch"),
        ({"verdict": NO}, LIST, replace(ASKED, editors=("ben",)), ""),
        ({}, LIST, Askers((), unknown=True), "cannot be told from who made it"),
        # what the bot records
        ({"recorded": True, "may_write": False}, LIST, ASKED, "was recorded by the bot, which the policy does not"),
        ({"recorded": True, "may_write": False}, replace(LIST, recorded=True), ASKED, ""),
        ({"recorded": True}, replace(LIST, recorded=True, native=1), ASKED, "was recorded by the bot, and the forge"),
        ({"recorded": True, "may_write": False}, replace(ANYONE, recorded=True), ASKED, "has no account that may"),
    ],
)  # fmt: skip
def test_the_first_broken_rule_is_named(turned, rule, askers, why):
    found = why_not(review(**turned), rule, askers)
    assert (found == "") is (why == "")
    assert found.startswith(why)


def test_a_requester_who_counts_may_have_brought_the_branch_up_to_date():
    rule = ApprovalRule(1, anyone=True, requester_counts=True)
    asked = replace(ASKED, editors=("ana",))
    assert why_not(review(login="ana", person=ANA), rule, asked) == ""


def test_one_human_with_two_accounts_counts_once():
    two = replace(LIST, required=2)
    assert tally([review(), review(login="ben-work", account=3)], two, ASKED).approvals == 1


def test_an_objection_by_another_account_of_the_same_human_cancels():
    assert tally([review(), review(login="ben-work", account=3, verdict=NO)], LIST, ASKED).objections == ("ben-work",)


def test_a_renamed_account_is_still_one():
    said = [review(person=None, login="oscar"), review(person=None, login="oscar2", verdict=NO)]
    assert tally(said, ANYONE, ASKED).approvals == 0


def test_dismissed_by_a_push_counts_and_says_what_the_forge_wants():
    line = tally([review(stale=True)], replace(LIST, native=1), ASKED).lines[0]
    assert (line.counts, line.note) == (True, "a push dismissed it on the forge, which wants it again")


def word(who: Person) -> SeenReview:
    return review(login=str(who), person=who, account=0, recorded=True, may_write=False)


def test_a_recorded_word_and_an_account_that_nobody_linked_may_be_one_human():
    rule = replace(LIST, required=2, recorded=True)
    stranger = review(login="oscar", person=None, account=3)
    assert tally([word(BEN), stranger], rule, ASKED).approvals == 1
    assert tally([word(BEN), word(KIM), stranger], rule, ASKED).complete
    assert tally([word(BEN), review(login="kim", person=KIM, account=5)], rule, ASKED).complete


def test_the_card_says_that_the_bot_recorded_it():
    assert tally([word(BEN)], replace(LIST, recorded=True), ASKED).lines[0].note == "recorded by the bot"


def test_an_account_that_two_people_had_does_not_make_two_approvals():
    two = replace(LIST, required=2)
    theirs = review(login="kim", person=KIM, account=3, former=frozenset({BEN, KIM}))
    assert tally([review(), theirs], two, ASKED).approvals == 1
    assert tally([review(), replace(theirs, former=frozenset({KIM}))], two, ASKED).approvals == 2


def test_an_old_account_of_the_askers_or_of_an_editors_does_not_count():
    old = review(login="oscar", person=None, account=9, former=frozenset({ANA}))
    assert why_not(old, LIST, ASKED) == "asked for this change"
    assert why_not(old, LIST, Askers((KIM,), editor_people=(ANA,))) == "wrote to this branch"


def test_a_word_that_counts_nowhere_does_not_take_an_objection_away():
    old = {"login": "ben-old", "account": 3, "person": None, "former": frozenset({BEN})}
    assert tally([review(verdict=NO), review(**old)], LIST, ASKED).objections == ("ben",)
    assert tally([review(), review(**old)], LIST, ASKED).approvals == 1
    assert tally([review(), review(**old, verdict=NO)], LIST, ASKED).approvals == 0
