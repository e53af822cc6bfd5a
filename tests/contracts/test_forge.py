"""What every Forge does: in memory, and GitHub's REST API as the sandbox speaks it, by token and by App."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from bot.adapters.github import AppCredentials, Credentials, GitHubForge, TokenCredentials
from bot.domain.facts import Check, CheckState, MergeResult, Status, Verdict
from bot.domain.people import Person
from bot.errors import Fatal, Reason, Refused
from bot.ports import Forge, LinkedAccount
from bot.sandbox.github import Org, Team
from tests.fakes.checkout import FakeCheckout
from tests.fakes.forge import FakeForge
from tests.sandbox.test_github_support import APP_ID, FILE, FILES, REPO, TOKENS, key_pair
from tests.support.forge_world import BlockingWorld, blocking_world

LABELS = ("slackops", "env:production")


class Hands(Protocol):
    """What other people do."""

    @property
    def forge(self) -> Forge: ...

    @property
    def tells_who_closed(self) -> bool: ...

    def change(self, branch: str, content: bytes = ..., login: str = ..., path: str = ...) -> str: ...

    def head(self, branch: str = "main") -> str | None: ...

    def open(self, login: str, branch: str) -> int: ...

    def close(self, login: str, number: int) -> None: ...

    def review(self, login: str, number: int, event: str) -> None: ...

    def merge(self, login: str, number: int) -> None: ...

    def check(self, sha: str, name: str, state: CheckState) -> None: ...

    def require(self, *contexts: str) -> None: ...


@dataclass
class FakeHands:
    forge: FakeForge
    tells_who_closed: bool = True

    def change(self, branch: str, content: bytes = b"2\n", login: str = "slackops[bot]", path: str = FILE) -> str:
        return self.forge.checkout.change(branch, {path: content}, f"Change {branch}", login)

    def head(self, branch: str = "main") -> str | None:
        return self.forge.checkout.remote.get(branch)

    def open(self, login: str, branch: str) -> int:
        return self.forge.open_by_hand(login, branch, f"Change {branch}")

    def close(self, login: str, number: int) -> None:
        self.forge.close_by_hand(login, number)

    def review(self, login: str, number: int, event: str) -> None:
        self.forge.review_by_hand(login, number, event, "By hand.")

    def merge(self, login: str, number: int) -> None:
        self.forge.merge_by_hand(login, number)

    def check(self, sha: str, name: str, state: CheckState) -> None:
        self.forge.set_check(sha, Check(name, state, "All of it"))

    def require(self, *contexts: str) -> None:
        self.forge.required |= set(contexts)


@dataclass
class SandboxHands:
    forge: Forge
    world: BlockingWorld

    @property
    def tells_who_closed(self) -> bool:
        """GitHub's issues name who closed them; see whether this forge's do."""
        issue = self.world.go(self.world.world.request("GET", f"/repos/{REPO}/issues/1")).json()
        return "closed_by" in issue

    def change(self, branch: str, content: bytes = b"2\n", login: str = "slackops[bot]", path: str = FILE) -> str:
        github = self.world.world.github
        return self.world.go(github.push_file(login, REPO, branch, path, content, f"Change {branch}"))

    def head(self, branch: str = "main") -> str | None:
        return self.world.world.github.head(REPO, branch)

    def open(self, login: str, branch: str) -> int:
        return self.world.go(self.world.world.github.open_pull(login, REPO, branch, "main", f"Change {branch}", ""))

    def close(self, login: str, number: int) -> None:
        self.world.go(self.world.world.github.close(login, REPO, number))

    def review(self, login: str, number: int, event: str) -> None:
        self.world.go(self.world.world.github.review(login, REPO, number, event, "By hand."))

    def merge(self, login: str, number: int) -> None:
        self.world.go(self.world.world.github.merge_by_hand(login, REPO, number))

    def check(self, sha: str, name: str, state: CheckState) -> None:
        status = "in_progress" if state == CheckState.PENDING else "completed"
        conclusion = None if state == CheckState.PENDING else str(state)
        self.world.go(self.world.world.github.set_check(REPO, sha, name, status, conclusion, "All of it"))

    def require(self, *contexts: str) -> None:
        rule = {"required_status_checks": {"strict": False, "contexts": list(contexts)}, "enforce_admins": True}
        rule |= {"required_pull_request_reviews": None, "restrictions": None}
        self.world.world.github.protect(REPO, "main", rule)


@pytest.fixture(params=["fake", "token", "app"])
def hands(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hands]:
    if request.param == "fake":
        rights = {"ana": "write", "ben": "write", "chloe": "write", "dora": "read", "root": "admin"}
        tokens = {token: login for login, token in TOKENS.items()}
        checkout = FakeCheckout(FILES)
        yield FakeHands(FakeForge(checkout, tokens, permissions=rights, teams={"acme/ml-leads": {"ben", "chloe"}}))
        return
    leads = Team("ml-leads", "ML leads", ("ben", "chloe"))
    with blocking_world(tmp_path, orgs=(Org("acme", 1, ("ana", "slackops[bot]"), (leads,)),)) as world:
        bot = TOKENS["slackops[bot]"]
        app = AppCredentials(APP_ID, key_pair()[0], REPO, base_url=world.world.api)
        credentials: Credentials = app if request.param == "app" else TokenCredentials(bot)
        yield SandboxHands(GitHubForge(REPO, credentials, world.world.api), world)


def account(login: str) -> LinkedAccount:
    return LinkedAccount(Person(team="T0", user=f"U0{login.upper()}"), login, TOKENS.get(login, "unknown"))


def proposed(hands: Hands, branch: str = "slackops/promote") -> int:
    hands.change(branch)
    return hands.forge.open_pull(branch, "Promote", "Because.", LABELS).number


def test_the_bot_knows_its_name(hands: Hands) -> None:
    assert hands.forge.login == "slackops[bot]"


def test_a_pull_request_is_opened_and_found(hands: Hands) -> None:
    sha = hands.change("slackops/promote/a")
    made = hands.forge.open_pull("slackops/promote/a", "Promote a", "Because.", LABELS)
    assert (made.title, made.body, made.author, made.state) == ("Promote a", "Because.", "slackops[bot]", "open")
    assert (made.head, made.head_ref, made.base_ref, made.base) == (sha, "slackops/promote/a", "main", hands.head())
    assert set(made.labels) == set(LABELS)
    assert made.url.startswith("http")
    found = hands.forge.find_open("slackops/promote/a")
    assert found is not None
    assert (found.number, set(found.labels)) == (made.number, set(LABELS))
    assert hands.forge.find_open("slackops/other") is None
    assert hands.forge.find_open("slackops/promote") is None
    assert hands.forge.pull(made.number).mergeable is True


def test_opening_twice_gives_the_same_one(hands: Hands) -> None:
    first = proposed(hands)
    again = hands.forge.open_pull("slackops/promote", "Promote", "Because.", (*LABELS, "more"))
    assert again.number == first
    assert set(hands.forge.pull(first).labels) == {*LABELS, "more"}
    assert len(hands.forge.open_pulls()) == 1


def test_nothing_to_merge_is_refused(hands: Hands) -> None:
    with pytest.raises(Refused) as refused:
        hands.forge.open_pull("main", "No", "No", ())
    assert refused.value.reason == Reason.FORGE_REFUSED


def test_an_unknown_pull_request_is_fatal(hands: Hands) -> None:
    with pytest.raises(Fatal):
        hands.forge.pull(4040)


def test_every_open_pull_request_is_listed(hands: Hands) -> None:
    numbers = [proposed(hands, f"slackops/{n}") for n in range(3)]
    hands.change("by-hand", b"3\n", "ana")
    numbers.append(hands.open("ana", "by-hand"))
    hands.close("ana", numbers[0])
    found = hands.forge.open_pulls()
    assert [pull.number for pull in found] == numbers[1:]
    assert found[-1].author == "ana"
    assert all(pull.mergeable is None for pull in found)


def test_title_and_body_change_apart(hands: Hands) -> None:
    number = proposed(hands)
    hands.forge.edit_pull(number, title="New title")
    hands.forge.edit_pull(number, body="New body")
    assert (hands.forge.pull(number).title, hands.forge.pull(number).body) == ("New title", "New body")
    assert hands.forge.pull(number).state == "open"


def test_a_push_moves_the_head(hands: Hands) -> None:
    number = proposed(hands)
    before = hands.forge.pull(number)
    sha = hands.change("slackops/promote", b"3\n", "ana")
    after = hands.forge.pull(number)
    assert (after.head, before.head != sha) == (sha, True)
    assert after.updated_at >= before.updated_at


def test_close_and_close_again(hands: Hands) -> None:
    number = proposed(hands)
    hands.forge.close_pull(number, "Superseded by #9.")
    hands.forge.close_pull(number, "Superseded by #9.")
    pull = hands.forge.pull(number)
    assert (pull.state, pull.merged) == ("closed", False)
    assert pull.closed_by == ("slackops[bot]" if hands.tells_who_closed else None)
    assert hands.forge.find_open("slackops/promote") is None


def test_who_closed_it_is_told(hands: Hands) -> None:
    number = proposed(hands)
    hands.close("ana", number)
    assert hands.forge.pull(number).closed_by == ("ana" if hands.tells_who_closed else None)


def test_deleting_a_branch_twice(hands: Hands) -> None:
    number = proposed(hands, "slackops/a#b")
    hands.forge.delete_branch("slackops/a#b")
    hands.forge.delete_branch("slackops/a#b")
    hands.forge.delete_branch("never/was")
    assert hands.head("slackops/a#b") is None
    assert hands.forge.pull(number).state == "closed"


def test_a_review_is_the_persons_own(hands: Hands) -> None:
    number = proposed(hands)
    head = hands.forge.pull(number).head
    said = hands.forge.review(account("ben"), number, head, "APPROVE", "Fine. <!-- slackops:01ABC -->")
    assert (said.login, said.verdict, said.commit) == ("ben", Verdict.APPROVED, head)
    assert said.body == "Fine. <!-- slackops:01ABC -->"
    hands.forge.review(account("ben"), number, head, "REQUEST_CHANGES", "Wait.")
    hands.forge.review(account("ben"), number, head, "APPROVE", "")
    hands.review("chloe", number, "REQUEST_CHANGES")
    found = hands.forge.reviews(number)
    verdicts = [Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.APPROVED, Verdict.CHANGES_REQUESTED]
    assert [review.verdict for review in found] == verdicts
    assert [review.login for review in found] == ["ben", "ben", "ben", "chloe"]
    assert len({review.id for review in found}) == 4
    assert found[0].submitted_at > 1_600_000_000


def test_reviews_that_the_forge_refuses(hands: Hands) -> None:
    hands.change("by-hand", b"3\n", "ana")
    number = hands.open("ana", "by-hand")
    head = hands.forge.pull(number).head

    def reason(login: str, commit: str = head, verdict: str = "APPROVE") -> Reason:
        with pytest.raises(Refused) as refused:
            hands.forge.review(account(login), number, commit, verdict, "")
        assert refused.value.message
        return refused.value.reason

    assert reason("ana") == Reason.OWN_CHANGE
    assert reason("nobody") == Reason.NOT_LINKED
    assert reason("oscar") == Reason.NO_ACCESS
    assert reason("ben", hands.change("elsewhere", b"9\n")) == Reason.CHANGE_MOVED
    assert reason("ben", verdict="REQUEST_CHANGES") == Reason.APPROVAL_REFUSED
    hands.close("ana", number)
    assert reason("ben") == Reason.APPROVAL_REFUSED
    assert hands.forge.reviews(number) == []


def test_who_may_write(hands: Hands) -> None:
    may = {login: hands.forge.may_write(login) for login in ("ana", "dora", "oscar", "root", "no such/login")}
    assert may == {"ana": True, "dora": False, "oscar": False, "root": True, "no such/login": False}


def test_team_members(hands: Hands) -> None:
    assert hands.forge.team_members("acme", "ml-leads") == {"ben", "chloe"}
    for organisation, team in (("acme", "nobody"), ("nowhere", "ml-leads")):
        with pytest.raises(Refused):
            hands.forge.team_members(organisation, team)


def test_statuses_are_ours_and_checks_are_not(hands: Hands) -> None:
    head = hands.change("slackops/promote")
    assert hands.forge.statuses(head) == {}
    assert hands.forge.checks(head) == []
    hands.forge.set_status(head, Status("slackops/gates", "pending", "…"), "https://example.com/1")
    hands.forge.set_status(head, Status("slackops/gates", "success", "ä" * 200))
    hands.forge.set_status(head, Status("ci/lint", "error", "Broken"))
    found = hands.forge.statuses(head)
    assert set(found) == {"slackops/gates", "ci/lint"}
    assert found["slackops/gates"].state == "success"
    assert len(found["slackops/gates"].description) == 140
    hands.check(head, "ci/test", CheckState.PENDING)
    hands.check(head, "ci/test", CheckState.SUCCESS)
    hands.check(head, "ci/scan", CheckState.FAILURE)
    hands.check(head, "ci/slow", CheckState.PENDING)
    states = {check.name: check.state for check in hands.forge.checks(head)}
    assert states == {
        "ci/lint": CheckState.FAILURE,
        "ci/scan": CheckState.FAILURE,
        "ci/slow": CheckState.PENDING,
        "ci/test": CheckState.SUCCESS,
    }


def test_a_status_for_an_unknown_commit_is_refused(hands: Hands) -> None:
    with pytest.raises(Refused):
        hands.forge.set_status("f" * 40, Status("slackops/gates", "success", ""))


@pytest.mark.parametrize("method", ["squash", "merge", "rebase"])
def test_merge_once_and_only_once(hands: Hands, method: str) -> None:
    number = proposed(hands)
    head = hands.forge.pull(number).head
    done = hands.forge.merge(number, head, method, "Promote (#1)", "SlackOps-Change: 01ABC")
    again = hands.forge.merge(number, head, method, "Promote (#1)", "SlackOps-Change: 01ABC")
    assert done.result == again.result == MergeResult.MERGED
    assert done.commit == again.commit == hands.head()
    pull = hands.forge.pull(number)
    assert (pull.state, pull.merged, pull.merge_commit, pull.head) == ("closed", True, hands.head(), head)


def test_merge_by_hand_is_seen(hands: Hands) -> None:
    number = proposed(hands)
    head = hands.forge.pull(number).head
    hands.merge("root", number)
    assert hands.forge.merge(number, head, "squash", "", "").result == MergeResult.MERGED
    assert hands.forge.pull(number).closed_by == "root"


def test_a_moved_head_is_not_merged(hands: Hands) -> None:
    number = proposed(hands)
    judged = hands.forge.pull(number).head
    hands.change("slackops/promote", b"4\n", "ana")
    assert hands.forge.merge(number, judged, "squash", "t", "m").result == MergeResult.MOVED
    assert not hands.forge.pull(number).merged


def test_a_rule_blocks_until_it_is_satisfied(hands: Hands) -> None:
    hands.require("slackops/gates")
    number = proposed(hands)
    head = hands.forge.pull(number).head
    blocked = hands.forge.merge(number, head, "squash", "t", "m")
    assert (blocked.result, bool(blocked.message)) == (MergeResult.BLOCKED, True)
    hands.forge.set_status(head, Status("slackops/gates", "success", "4/4"))
    assert hands.forge.merge(number, head, "squash", "t", "m").result == MergeResult.MERGED


def test_a_conflict_and_a_closed_one_are_blocked(hands: Hands) -> None:
    base, number = hands.head(), proposed(hands)
    hands.change("main", b"7\n", "root")
    pull = hands.forge.pull(number)
    assert (pull.mergeable, pull.base) == (False, base)  # GitHub's base is the one at the opening, not today's
    assert hands.forge.merge(number, pull.head, "squash", "t", "m").result == MergeResult.BLOCKED
    assert not hands.forge.update_branch(number, pull.head)
    hands.close("ana", number)
    assert hands.forge.merge(number, pull.head, "squash", "t", "m").result == MergeResult.BLOCKED


def test_update_branch(hands: Hands) -> None:
    number = proposed(hands)
    head = hands.forge.pull(number).head
    assert hands.forge.update_branch(number, head)
    assert hands.forge.pull(number).head == head
    hands.change("main", b"# more\n", "root", path="README.md")
    assert not hands.forge.update_branch(number, str(hands.head()))
    assert hands.forge.update_branch(number, head)
    assert hands.forge.pull(number).head != head
