"""What GitHub tells of branch rules, commits and dismissals, and what its refusals of a review mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.github.branch_rules import BYPASS, CLASSIC, RULESETS, read_rules
from bot.adapters.github.dismissals import explained
from bot.adapters.github.errors import Answer
from bot.adapters.github.refusals import refusal
from bot.adapters.github.writers import MOST, commits
from bot.domain.branch_rules import BranchRules, Bypass, RequiredCheck, ReviewMode
from bot.domain.editors import BranchCommit, Writer, editors_of
from bot.domain.facts import ForgeReview, Verdict
from bot.errors import Refused

ROOT = "/repos/acme/ml"
RULES, PROTECTION, BRANCH = f"{ROOT}/rules/branches/main", f"{ROOT}/branches/main/protection", f"{ROOT}/branches/main"


class Canned:
    """A session that knows some paths; all others are 404."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {}
        self.answers.update(answers)

    def look(self, _what: str, path: str, _params: Any = None) -> Answer:
        found = self.answers.get(path, 404)
        if isinstance(found, int):
            return Answer(found, {}, {"message": "no"})
        return Answer(200, {}, found)

    def pages(self, _what: str, path: str, _params: Any = None) -> Iterator[Any]:
        yield self.answers[path]


def rules_of(answers: dict[str, Any]) -> BranchRules:
    session: Any = Canned(**answers)
    return read_rules(session, "acme/ml", "main", "slackops")


RULESET = [
    {"type": "pull_request", "ruleset_id": 5, "parameters": {
        "required_approving_review_count": 2, "require_code_owner_review": True,
        "dismiss_stale_reviews_on_push": True, "require_last_push_approval": True}},
    {"type": "required_status_checks", "ruleset_id": 5, "parameters": {
        "strict_required_status_checks_policy": True,
        "required_status_checks": [{"context": "slackops/gates", "integration_id": 7}, {"context": "ci"}]}},
    {"type": "merge_queue", "ruleset_id": 6, "parameters": {}},
    {"type": "required_signatures"},
]  # fmt: skip


def test_rulesets_with_who_may_pass_them_by():
    five = {"current_user_can_bypass": "never", "bypass_actors": [{"actor_id": 7, "actor_type": "Integration"}]}
    six = {"current_user_can_bypass": "pull_requests_only"}
    unprotected = {"protected": False, "protection": {"enabled": False}}
    found = rules_of({RULES: RULESET, f"{ROOT}/rulesets/5": five, f"{ROOT}/rulesets/6": six, BRANCH: unprotected})
    assert found == BranchRules(
        reviews=2,
        code_owners=True,
        dismiss_stale=True,
        last_push=True,
        checks=(RequiredCheck("slackops/gates", 7), RequiredCheck("ci")),
        strict=True,
        merge_queue=True,
        signed=True,
        bypass=(Bypass("app", "7"),),
        we_bypass=True,
    )
    assert (found.mode, found.requires("ci"), found.requires("x")) == (ReviewMode.NATIVE, True, False)


def test_classic_protection_in_full():
    apps = {"apps": [{"slug": "slackops"}], "teams": [{"slug": "sre"}], "users": [{"login": "root"}]}
    reviews = {"required_approving_review_count": 1, "dismiss_stale_reviews": True, "require_code_owner_reviews": True}
    protection = {
        "required_pull_request_reviews": {**reviews, "bypass_pull_request_allowances": apps},
        "required_status_checks": {"strict": True, "contexts": ["a"], "checks": [{"context": "a", "app_id": -1}]},
        "required_signatures": {"enabled": True},
    }
    found = rules_of({RULES: [], PROTECTION: protection})
    assert (found.reviews, found.dismiss_stale, found.code_owners, found.strict, found.signed) == (1, *[True] * 4)
    assert found.checks == (RequiredCheck("a"),)
    assert found.bypass == (Bypass("app", "slackops"), Bypass("team", "sre"), Bypass("user", "root"))
    assert (found.we_bypass, found.unread) == (True, ())


def test_what_the_app_may_not_read_is_named():
    shown = {"protected": True, "protection": {"enabled": True, "required_status_checks": {"contexts": ["ci"]}}}
    found = rules_of({RULES: RULESET[:1], PROTECTION: 403, BRANCH: shown})
    assert (found.reviews, found.checks, found.unread) == (2, (RequiredCheck("ci"),), (BYPASS, CLASSIC))
    assert rules_of({}).unread == (RULESETS, CLASSIC)
    assert rules_of({}).mode is ReviewMode.OURS


@pytest.mark.parametrize("junk", [[1, None, {"type": 3}], [{"type": "pull_request", "parameters": [1]}], {"a": 1}])
def test_nonsense_demands_nothing(junk):
    assert rules_of({RULES: junk, BRANCH: {"protected": False}}).reviews == 0


def test_who_wrote_the_branch():
    def commit(sha: str, author: Any, committer: Any, name: str = "Kim") -> dict[str, Any]:
        return {"sha": sha, "author": author, "committer": committer,
                "commit": {"author": {"name": name}, "committer": {"name": name}}}  # fmt: skip

    kim, web = {"login": "kim", "id": 9, "type": "User"}, {"login": "web-flow", "id": 19864447}
    session: Any = Canned()
    session.answers[f"{ROOT}/pulls/7/commits"] = [
        commit("a", None, None, "SlackOps"),
        commit("b", kim, web),
        commit("c", None, None, "Somebody"),
    ]
    found = commits(session, "acme/ml", 7)
    assert found[1] == BranchCommit("b", (Writer("kim", 9, "Kim"), Writer("web-flow", 19864447, "Kim")))
    wrote = editors_of(found[:2], frozenset(), "slackops[bot]")
    assert (wrote.known, wrote.unknown) == ((Writer("kim", 9, "Kim"),), False)
    assert editors_of(found, frozenset(), "slackops[bot]").unknown
    assert editors_of(found, frozenset({"b", "c"}), "slackops[bot]").known == ()


def test_more_commits_than_github_lists_have_an_unknown_writer():
    session: Any = Canned()
    session.answers[f"{ROOT}/pulls/7/commits"] = [{"sha": str(n), "author": {"login": "kim"}} for n in range(MOST)]
    found = commits(session, "acme/ml", 7)
    assert editors_of(found, frozenset(str(n) for n in range(MOST)), "b").unknown


def dismissed(identity: int) -> ForgeReview:
    return ForgeReview(identity, "ben", Verdict.DISMISSED, "sha", "", 1.0)


def test_dismissals_by_a_push_and_by_somebody():
    def event(identity: int, **more: Any) -> dict[str, Any]:
        return {"event": "review_dismissed", "dismissed_review": {"review_id": identity, "state": "approved", **more}}

    session: Any = Canned()
    session.answers[f"{ROOT}/issues/7/events"] = [
        {"event": "labeled"},
        event(1, dismissal_commit_id="abc"),
        event(2, dismissal_message="no"),
    ]
    found = explained(session, "acme/ml", 7, [dismissed(1), dismissed(2), dismissed(3)])
    assert [(one.was, one.by_push) for one in found] == [
        (Verdict.APPROVED, True),
        (Verdict.APPROVED, False),
        (None, False),
    ]


def test_dismissals_that_github_does_not_tell_of_stay_unknown():
    session: Any = Canned()
    assert explained(session, "acme/ml", 7, [dismissed(1)]) == [dismissed(1)]


SSO = {"x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=A1"}


@pytest.mark.parametrize(
    ("status", "headers", "message", "reason", "unblock"),
    [
        (401, {}, "Bad credentials", "not_linked", "Link your account again"),
        (403, SSO, "Resource protected", "sso_required", "https://github.com/orgs/acme/sso?authorization_request=A1."),
        (403, {"x-github-sso": "partial-results"}, "x", "sso_required", "for acme on GitHub"),
        (403, {}, "Resource protected by organization SAML enforcement", "sso_required", "for acme on GitHub"),
        (403, {}, "Must have admin rights", "no_access", "Ask an owner of acme/ml"),
        (403, {}, "Unable to review because issue is locked", "pull_locked", "unlocks it"),
        (404, {}, "Not Found", "no_access", "Ask an owner of acme/ml"),
        (422, {}, "Can not approve your own pull request", "own_change", "Somebody else"),
        (422, {}, "The commit_id is not part of the pull request", "change_moved", "Look at it again"),
        (422, {}, "User can only have one pending review per pull request", "pending_review", "Submit or discard"),
        (422, {}, "Unprocessable: lock prevents review, issue is locked", "pull_locked", "unlocks it"),
        (422, {}, "Something else", "approval_refused", "Look at the pull request"),
    ],
)
def test_every_refusal_of_a_review_has_its_way_out(status, headers, message, reason, unblock):
    found = refusal("Review #7 as ben", "acme/ml", "ben", Answer(status, headers, {"message": message}))
    assert isinstance(found, Refused)
    assert (found.reason, found.message.count("\n")) == (reason, 0)
    assert found.unblock is not None
    assert unblock in found.unblock
