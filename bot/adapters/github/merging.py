"""Merging, and bringing a branch up to date. https://docs.github.com/rest/pulls/pulls#merge-a-pull-request"""

from __future__ import annotations

from bot.adapters.github.errors import Answer, failure
from bot.adapters.github.session import Session
from bot.domain.facts import MergeOutcome, MergeResult, Pull
from bot.errors import ForgeUnavailable

_AGAIN = ("base branch was modified", "merge already in progress", "try the merge again")
_HEAD_MOVED = "head branch was modified"


def settled(pull: Pull, sha: str) -> MergeOutcome | None:
    """The outcome where there is nothing to merge: an earlier try that was cut off may have merged it."""
    if pull.merged:
        return MergeOutcome(MergeResult.MERGED, pull.merge_commit)
    if pull.state == "closed":
        return MergeOutcome(MergeResult.BLOCKED, message="The pull request is closed.")
    if pull.head != sha:
        return MergeOutcome(MergeResult.MOVED, message="The branch has moved on.")
    return None


def merge(session: Session, repo: str, pull: Pull, method: str, title: str, message: str) -> MergeOutcome:
    """Merge the head that was judged. Raises ForgeUnavailable when GitHub asks to try again."""
    body = {"sha": pull.head, "merge_method": method}
    if method != "rebase":
        body |= {"commit_title": title, "commit_message": message}
    what = f"Merge #{pull.number}"
    answer = session.send(what, "PUT", f"/repos/{repo}/pulls/{pull.number}/merge", body, creates=True)
    if answer.ok:
        return MergeOutcome(MergeResult.MERGED, answer.data["sha"])
    return _refusal(what, answer)


def update_branch(session: Session, repo: str, number: int, sha: str) -> bool:
    """Merge the base into the branch; True as well where there was nothing to merge."""
    what = f"Update the branch of #{number}"
    path = f"/repos/{repo}/pulls/{number}/update-branch"
    answer = session.send(what, "PUT", path, {"expected_head_sha": sha}, creates=True)
    if answer.ok or (answer.status == 422 and "no new commits" in answer.words.lower()):
        return True
    if answer.status == 422:
        return False
    raise failure(what, answer)


def _refusal(what: str, answer: Answer) -> MergeOutcome:
    said = answer.words.lower()
    if answer.status in {405, 409} and _HEAD_MOVED in said:
        return MergeOutcome(MergeResult.MOVED, message=answer.words)
    if answer.status in {405, 409} and any(words in said for words in _AGAIN):
        raise ForgeUnavailable(f"{what}: {answer.words}.", retry_after=2)
    if answer.status == 409:
        return MergeOutcome(MergeResult.MOVED, message=answer.words)
    if answer.status in {405, 422}:
        return MergeOutcome(MergeResult.BLOCKED, message=answer.words)
    raise failure(what, answer)
