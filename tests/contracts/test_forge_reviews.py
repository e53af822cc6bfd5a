"""What every Forge tells: who wrote a branch, what its rules demand, what the bot itself may say in a review."""

from __future__ import annotations

from bot.domain.branch_rules import BranchRules
from bot.domain.editors import editors_of
from bot.domain.facts import Verdict
from tests.contracts.test_forge import Hands, hands

__all__ = ["hands"]


def test_who_wrote_a_branch(hands: Hands) -> None:
    hands.change("by-hand", b"3\n", "ana")
    hands.change("by-hand", b"4\n", "ben")
    number = hands.open("ana", "by-hand")
    found = editors_of(hands.forge.commits(number), frozenset(), hands.forge.login)
    assert {writer.login for writer in found.known} == {"ana", "ben"}
    assert not found.unknown


def test_the_bot_is_no_editor(hands: Hands) -> None:
    hands.change("slackops/promote")
    pull = hands.forge.open_pull("slackops/promote", "Promote", "", ())
    assert editors_of(hands.forge.commits(pull.number), frozenset(), hands.forge.login).known == ()


def test_the_bot_records_a_comment_on_the_head(hands: Hands) -> None:
    head = hands.change("slackops/promote")
    pull = hands.forge.open_pull("slackops/promote", "Promote", "", ())
    made = hands.forge.record(pull.number, head, "Somebody approved.\n<!-- mark -->")
    assert (made.verdict, made.login, made.commit) == (Verdict.COMMENTED, hands.forge.login, head)
    (found,) = hands.forge.reviews(pull.number)
    assert (found.id, found.body) == (made.id, "Somebody approved.\n<!-- mark -->")


def test_a_branch_without_rules_demands_nothing(hands: Hands) -> None:
    found = hands.forge.rules()
    assert (found.reviews, found.code_owners, found.checks) == (0, False, ())
    assert isinstance(found, BranchRules)
    assert hands.forge.required_reviews() == 0


def test_the_repository_is_named_by_owner_and_name(hands: Hands) -> None:
    assert hands.forge.repository.count("/") == 1
