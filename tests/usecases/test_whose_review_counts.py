"""Whose review counts, from the forge and the workspace as they are now: teams, numbers, editors, dismissals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.branch_rules import BranchRules
from bot.domain.change import Voided
from bot.domain.commands import HoldChange
from bot.domain.editors import Writer
from bot.domain.people import Person, Standing
from bot.errors import ChatUnavailable
from bot.ports import LinkedAccount
from tests.usecases.review_rig import ReviewRig
from tests.usecases.stop_rig import ANA, BEN

TEAM = '{required: 1, from: ["github:acme/leads"]}'
BOTH = '{rule: {all_of: [{from: [owners]}, {from: ["github:acme/leads"]}]}}'


def rig_of(approvals: str) -> ReviewRig:
    rig = ReviewRig(approvals=approvals)
    rig.forge.teams["acme/leads"] = {"ben", "kim"}
    return rig


def why(rig: ReviewRig) -> str:
    return rig.tally().lines[-1].why


def test_an_account_that_nobody_linked_counts_only_where_the_policy_lists_it() -> None:
    rig = rig_of(TEAM)
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    assert rig.tally().complete
    rig = rig_of("{required: 1}")
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    assert (rig.tally().complete, why(rig)) == (False, "may be the asker's own: nobody linked it: /slackops link")


def test_out_of_the_team_after_approving() -> None:
    rig = rig_of(TEAM)
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    rig.forge.teams["acme/leads"] = {"ben"}
    assert not rig.tally().complete


def test_the_requester_under_another_name_is_known_by_number() -> None:
    rig = rig_of(TEAM)
    rig.changes.update(rig.change.id, lambda c: replace(c, accounts=(7,)))
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    said = rig.forge._reviews[rig.number]
    rig.forge._reviews[rig.number] = [replace(said[0], account=7)]
    assert why(rig) == "asked for this change"


def test_a_new_link_of_the_requester_helps_nobody() -> None:
    rig = rig_of(TEAM)
    rig.ctx.links.save(LinkedAccount(ANA, "kim", "token-2"))
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    assert why(rig) == "asked for this change"


def test_who_links_another_account_between_two_approvals_is_one_human() -> None:
    rig = rig_of('{required: 2, from: ["github:acme/leads"]}')
    rig.click(BEN)
    rig.ctx.links.save(LinkedAccount(BEN, "kim", "kim-token"))
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    assert (rig.tally().approvals, rig.tally().complete) == (1, False)


def test_whoever_wrote_to_the_branch_does_not_approve_it() -> None:
    rig = rig_of(TEAM)
    pull = rig.forge.pull(rig.number)
    head = rig.checkout.change(pull.head_ref, dict(rig.checkout.commits[pull.head].files))
    rig.forge.writers[head] = (Writer("kim", 9, "Kim"), Writer("web-flow", 1, "GitHub"))
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    assert why(rig) == "wrote to this branch"
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    assert rig.tally().complete


def test_whoever_wrote_under_an_unknown_address_may_be_any_account_that_nobody_linked() -> None:
    rig = rig_of(TEAM)
    pull = rig.forge.pull(rig.number)
    head = rig.checkout.change(pull.head_ref, dict(rig.checkout.commits[pull.head].files))
    rig.forge.writers[head] = (Writer(name="Somebody"),)
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    assert why(rig) == "cannot be told from who asked: nobody linked it"
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    assert rig.tally().complete


@pytest.mark.parametrize(("by_push", "complete"), [(True, True), (False, False)])
def test_dismissed_by_a_push_it_counts_on_and_by_somebody_it_does_not(by_push: bool, complete: bool) -> None:
    rig = rig_of(TEAM)
    review = rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    rig.forge.dismiss(rig.number, review.id, by_push=by_push)
    assert rig.tally().complete is complete


def test_voided_by_number_before_that_moment_only() -> None:
    rig = rig_of(TEAM)
    review = rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    rig.changes.update(rig.change.id, lambda c: replace(c, voided=(Voided("ben", review.submitted_at),)))
    assert why(rig) == "was voided, because whoever gave it has left"
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    assert rig.tally().complete


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.DEACTIVATED, Standing.ROBOT, Standing.UNKNOWN])
def test_who_is_no_member_does_not_count_even_on_the_forge(standing: Standing) -> None:
    rig = rig_of(TEAM)
    rig.chat.standings = {"U0BEN": standing}
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    assert not rig.tally().complete
    rig.click(BEN)
    assert rig.refused().reason == "not_an_approver"


def test_slack_being_away_keeps_nobody_from_counting_whom_the_forge_lists() -> None:
    rig = rig_of(TEAM)
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    rig.chat.member = silent  # type: ignore[method-assign]
    assert rig.tally().complete


def silent(person: Person) -> Standing:
    raise ChatUnavailable(f"nobody tells what {person} is")


def test_somebody_of_another_workspace_only_by_name() -> None:
    foreign = Person(team="T2OTHER", user="U0BEN")
    rig = rig_of('{required: 1, from: ["slack:U0BEN", "slack:T3THIRD/U0BEN"]}')
    rig.click(foreign)
    assert rig.refused().reason == "not_allowed"
    rig = rig_of('{required: 1, from: ["slack:T2OTHER/U0BEN"]}')
    rig.ctx.links.save(LinkedAccount(foreign, "kim", "kim-token"))
    rig.forge.tokens["kim-token"] = "kim"
    rig.click(foreign)
    assert [line.person for line in rig.tally().lines] == [foreign]
    assert rig.tally().complete


def test_the_status_says_who_is_missing() -> None:
    rig = rig_of(BOTH)
    wanted = "1 more of slack:@fraud (2 in Slack); 1 more of github:acme/leads (ben, kim)"
    assert rig.status() == f"pending: 0 of 2 approvals; {wanted}"
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    assert rig.status().startswith("pending: 1 of 2 approvals; 1 more of ")
    rig.forge.review_by_hand("kim", rig.number, "APPROVE")
    assert rig.tally().complete


def test_a_rollback_to_the_version_before_needs_no_rule() -> None:
    rig = rig_of(BOTH)
    rig.changes.update(rig.change.id, lambda c: replace(c, swift=True))
    assert (rig.tally().required, rig.tally().missing[0].refs) == (1, ("slack:@fraud", "github:acme/leads"))


def test_the_forges_own_number_holds_too() -> None:
    rig = rig_of(TEAM)
    rig.forge.native_reviews = 2
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    assert (rig.tally().approvals, rig.tally().required) == (1, 2)


def test_the_card_names_the_code_owners_that_the_forge_wants() -> None:
    rig = rig_of(TEAM)
    main = dict(rig.checkout.commits[rig.checkout.remote["main"]].files)
    rig.checkout.change("main", {**main, "CODEOWNERS": b"* @all\nmodels/fraud/ @acme/leads\n"})
    assert "code owner" not in rig.cards()[0].note
    rig.forge.branch_rules = BranchRules(code_owners=True)
    rig.status()
    assert "GitHub also wants a code owner: @acme/leads." in rig.cards()[0].note
    rig.forge.review_by_hand("ben", rig.number, "APPROVE")
    assert rig.tally().complete


def test_a_renamed_account_reviews_on_the_spot() -> None:
    """The link knows its number, by which the forge tells the new name; the daily check is not waited for."""
    rig = rig_of("{required: 1}")
    rig.ctx.links.save(LinkedAccount(BEN, "ben", "ben-token", account=1002))
    rig.forge.logins, rig.forge.permissions = {1002: "benjamin"}, {"benjamin": "write"}
    rig.forge.tokens = {"ben-token": "benjamin"}
    rig.click(BEN)
    assert [one.login for one in rig.reviews()] == ["benjamin"]
    assert rig.ctx.links.login_of(BEN) == "benjamin"


@pytest.mark.parametrize("logins", [{}, {1002: "ben"}, {1002: "benjamin"}], ids=["gone", "as ever", "may not write"])
def test_who_may_not_write_is_refused_whatever_they_are_called(logins: dict[int, str]) -> None:
    rig = rig_of("{required: 1}")
    rig.ctx.links.save(LinkedAccount(BEN, "ben", "ben-token", account=1002))
    rig.forge.logins, rig.forge.permissions = logins, {}
    rig.click(BEN)
    assert (rig.refused().reason, rig.reviews()) == ("no_access", [])


def test_a_renamed_account_holds_a_change_too() -> None:
    rig = rig_of(TEAM)
    rig.ctx.links.save(LinkedAccount(BEN, "ben", "ben-token", account=1002))
    rig.forge.logins, rig.forge.permissions = {1002: "benjamin"}, {"benjamin": "write"}
    rig.run(HoldChange(by=BEN, change=rig.change.id, hold=True))
    assert rig.change.held_by == BEN
