"""A forge in memory, with GitHub's rules: no own approval, a moved head is no merge, closed is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.compared import Compared
from bot.domain.facts import Check, CheckState, ForgeReview, MergeOutcome, MergeResult, Pull, Status, Verdict
from bot.errors import Fatal, Reason, Refused, SlackOpsError
from bot.ports.links import LinkedAccount
from tests.fakes.checkout import FakeCheckout
from tests.fakes.forge_accounts import Accounts
from tests.fakes.forge_queue import QueueAndComments
from tests.fakes.forge_reviews import ReviewFacts

BOT = "slackops[bot]"
_VERDICTS = {"APPROVE": Verdict.APPROVED, "REQUEST_CHANGES": Verdict.CHANGES_REQUESTED}
_CHECKS = {"success": CheckState.SUCCESS, "pending": CheckState.PENDING}


@dataclass
class FakeForge(QueueAndComments, ReviewFacts, Accounts):
    """The Forge port over the same remote as ``checkout``.

    ``tokens`` maps a person's token to the login, ``permissions`` a login to admin, write, read; ``required`` are
    contexts and checks that a merge needs. ``writes`` lists what was written. ``down`` is raised by every call.
    """

    checkout: FakeCheckout = field(default_factory=FakeCheckout)
    tokens: dict[str, str] = field(default_factory=dict)
    teams: dict[str, set[str]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    login: str = BOT
    glances: bool = True
    """Whether it tells of all open pull requests at once."""
    default_branch: str = "main"
    down: SlackOpsError | None = None
    writes: list[str] = field(default_factory=list)
    comments: dict[int, list[str]] = field(default_factory=dict)
    said: dict[tuple[int, str], str] = field(default_factory=dict)
    between: dict[tuple[str, str, str], Compared] = field(default_factory=dict)
    """Two commits of a repository beside each other, by repository, base and head."""
    _pulls: dict[int, Pull] = field(default_factory=dict)
    _reviews: dict[int, list[ForgeReview]] = field(default_factory=dict)
    _statuses: dict[str, dict[str, Status]] = field(default_factory=dict)
    _runs: dict[str, dict[str, Check]] = field(default_factory=dict)
    _time: float = 1_700_000_000.0

    def compare(self, repo: str, base: str, head: str) -> Compared | None:
        self._answer()
        return self.between.get((repo, base, head))

    def pull(self, number: int) -> Pull:
        self._answer()
        return self._shown(number, alone=True)

    def open_pulls(self) -> list[Pull]:
        self._answer()
        found = [self._shown(number) for number in self._pulls]
        return [pull for pull in found if pull.state == "open" and pull.base_ref == self.checkout.default_branch]

    def glance(self) -> dict[int, str] | None:
        self._answer()
        if not self.glances:
            return None
        return {
            one.number: repr(
                (one, self._reviews.get(one.number), self._runs.get(one.head), self._statuses.get(one.head))
            )
            for one in self.open_pulls()
        }

    def find_open(self, branch: str) -> Pull | None:
        self._answer()
        found = [self._shown(number) for number in self._pulls]
        return next((pull for pull in found if pull.state == "open" and pull.head_ref == branch), None)

    def open_pull(self, branch: str, title: str, body: str, labels: Sequence[str]) -> Pull:
        self._answer()
        found = self.find_open(branch)
        number = found.number if found else self.open_by_hand(self.login, branch, title, body)
        missing = tuple(label for label in labels if label not in self._pulls[number].labels)
        self._write(f"open {branch}")
        self._save(number, labels=(*self._pulls[number].labels, *missing))
        return self._shown(number)

    def open_by_hand(self, login: str, branch: str, title: str, body: str = "") -> int:
        """A person opens a pull request."""
        head, base = self.checkout.remote.get(branch), self.checkout.remote[self.checkout.default_branch]
        if head is None or head in self.checkout.ancestors(base):
            raise Refused(Reason.FORGE_REFUSED, f"No commits between main and {branch}")
        number = len(self._pulls) + 1
        url = f"https://forge.example/pull/{number}"
        main = self.checkout.default_branch
        empty: tuple[str, ...] = ()
        self._pulls[number] = Pull(
            number, url, title, body, login, "open", False, head, branch, base, main, empty, self._tick()
        )
        return number

    def edit_pull(self, number: int, *, title: str | None = None, body: str | None = None) -> None:
        self._answer()
        self._write(f"edit {number}")
        pull = self._shown(number)
        self._save(number, title=pull.title if title is None else title, body=pull.body if body is None else body)

    def close_pull(self, number: int, comment: str) -> None:
        self._answer()
        if self._shown(number).state == "open":
            self._write(f"close {number}")
            self.comments.setdefault(number, []).append(comment)
            self.close_by_hand(self.login, number)

    def close_by_hand(self, login: str, number: int) -> None:
        """A person closes a pull request."""
        self._save(number, head=self._shown(number).head, state="closed", closed_by=login)

    def delete_branch(self, branch: str) -> None:
        self._answer()
        for pull in self.open_pulls():
            if pull.head_ref == branch:
                self.close_by_hand(self.login, pull.number)
        if branch in self.checkout.remote:
            self._write(f"delete {branch}")
            self.checkout.delete(branch)

    def reviews(self, number: int) -> list[ForgeReview]:
        self._answer()
        return list(self._reviews.get(number, ()))

    def review(self, account: LinkedAccount, number: int, commit: str, verdict: str, body: str) -> ForgeReview:
        self._answer()
        login = self.tokens.get(account.token)
        if login is None:
            raise Refused(Reason.NOT_LINKED, f"GitHub no longer accepts the link to {account.login}.")
        if self.permissions.get(login) is None:
            raise Refused(Reason.NO_ACCESS, f"{login} may not review")
        pull = self._shown(number)
        if commit not in self.checkout.ancestors(pull.head) - self.checkout.ancestors(pull.base):
            raise Refused(Reason.CHANGE_MOVED, "The commit is not part of the pull request")
        return self.review_by_hand(login, number, verdict, body, commit)

    def review_by_hand(self, login: str, number: int, verdict: str, body: str = "", commit: str = "") -> ForgeReview:
        """A person reviews on the forge's own page."""
        pull = self._shown(number)
        if login == pull.author:
            raise Refused(Reason.OWN_CHANGE, "Can not approve your own pull request")
        if pull.state != "open":
            raise Refused(Reason.APPROVAL_REFUSED, "Can only approve open pull requests")
        if verdict == "REQUEST_CHANGES" and not body.strip():
            raise Refused(Reason.APPROVAL_REFUSED, "Review body can't be blank")
        said = self._reviews.setdefault(number, [])
        identity = 1 + sum(len(one) for one in self._reviews.values())
        review = ForgeReview(identity, login, _VERDICTS[verdict], commit or pull.head, body, self._tick())
        said.append(review)
        self._write(f"review {number}")
        return review

    def statuses(self, sha: str) -> dict[str, Status]:
        self._answer()
        return dict(self._statuses.get(sha, {}))

    def set_status(self, sha: str, status: Status, url: str | None = None) -> None:
        self._answer()
        if sha not in self.checkout.commits:
            raise Refused(Reason.FORGE_REFUSED, f"No commit found for SHA: {sha}")
        self._write(f"status {status.context}")
        self._statuses.setdefault(sha, {})[status.context] = replace(
            status, description=status.description[:140], url=url
        )

    def set_check(self, sha: str, check: Check) -> None:
        """A CI run reports."""
        self._runs.setdefault(sha, {})[check.name] = check

    def checks(self, sha: str) -> list[Check]:
        self._answer()
        others = [one for context, one in self._statuses.get(sha, {}).items() if not context.startswith("slackops/")]
        found = [Check(one.context, _CHECKS.get(one.state, CheckState.FAILURE), one.description) for one in others]
        return sorted([*self._runs.get(sha, {}).values(), *found], key=lambda check: check.name)

    def merge(self, number: int, sha: str, method: str, title: str, message: str) -> MergeOutcome:
        self._answer()
        pull = self._shown(number, alone=True)
        if pull.merged:
            return MergeOutcome(MergeResult.MERGED, pull.merge_commit)
        if pull.state == "closed":
            return MergeOutcome(MergeResult.BLOCKED, message="The pull request is closed.")
        if pull.head != sha:
            return MergeOutcome(MergeResult.MOVED, message="The branch has moved on.")
        if self.entries is not None:
            return self.enqueue(number, sha)
        good = {one.name for one in self._runs.get(sha, {}).values() if one.state == CheckState.SUCCESS}
        good |= {context for context, one in self._statuses.get(sha, {}).items() if one.state == "success"}
        if self.required - good:
            return MergeOutcome(MergeResult.BLOCKED, message=f"{len(self.required - good)} required checks expected")
        return self.merge_by_hand(self.login, number, method, f"{title}\n\n{message}")

    def merge_by_hand(self, login: str, number: int, method: str = "merge", message: str = "Merge") -> MergeOutcome:
        """A person merges on the forge's own page, past its rules."""
        pull, main = self._shown(number), self.checkout.default_branch
        base = self.checkout.remote[main]
        parents = (base, pull.head) if method == "merge" else (base,)
        made = self.checkout.merge_commit(base, pull.head, parents, message, login)
        if made is None:
            return MergeOutcome(MergeResult.BLOCKED, message="Pull Request is not mergeable")
        self._write(f"merge {number}")
        self.checkout.remote[main] = made
        self._save(number, state="closed", merged=True, merge_commit=made, closed_by=login, head=pull.head)
        return MergeOutcome(MergeResult.MERGED, made)

    def update_branch(self, number: int, sha: str) -> bool:
        self._answer()
        pull = self._shown(number)
        base = self.checkout.remote[self.checkout.default_branch]
        if pull.head != sha:
            return False
        if base in self.checkout.ancestors(sha):
            return True
        made = self.checkout.merge_commit(base, sha, (sha, base), "Merge branch 'main'", self.login)
        if made is None:
            return False
        self._write(f"update {number}")
        self.checkout.remote[pull.head_ref] = made
        return True

    def _shown(self, number: int, *, alone: bool = False) -> Pull:
        pull = self._pulls.get(number)
        if pull is None:
            raise Fatal(f"There is no pull request #{number}.")
        if pull.state == "closed":
            return pull
        if pull.head_ref not in self.checkout.remote:
            self._save(number, state="closed")
            return self._pulls[number]
        head, base = (self.checkout.remote[ref] for ref in (pull.head_ref, pull.base_ref))
        mergeable = None
        if alone:
            mergeable = self.checkout.merge_commit(base, head, (base,), "try", self.login) is not None
        if head != pull.head:
            self._save(number, head=head)
        queued = alone and number in {entry.number for entry in self.entries or ()}
        return replace(self._pulls[number], head=head, mergeable=mergeable, queued=queued)

    def _save(self, number: int, **changes: object) -> None:
        self._pulls[number] = replace(self._pulls[number], updated_at=self._tick(), **changes)  # type: ignore[arg-type]

    def _tick(self) -> float:
        self._time += 1
        return self._time

    def _write(self, what: str) -> None:
        self.writes.append(what)

    def _answer(self) -> None:
        if self.down is not None:
            raise self.down
