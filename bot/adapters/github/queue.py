"""GitHub's merge queue, which only its GraphQL API lets in and out.

https://docs.github.com/graphql/reference/mutations#enqueuepullrequest
https://docs.github.com/graphql/reference/objects#mergequeueentry
"""

from __future__ import annotations

from typing import Any

from bot.adapters.github.convert import to_time
from bot.adapters.github.errors import Answer, failure
from bot.adapters.github.session import Session
from bot.domain.facts import MergeOutcome, MergeResult, Pull, QueueEntry
from bot.errors import ForgeUnavailable

READ = """
query MergeQueue($owner: String!, $name: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100) {
        nodes {
          position
          state
          enqueuedAt
          baseCommit { oid }
          headCommit { oid }
          pullRequest { number headRefOid }
        }
      }
    }
  }
}
""".strip()

ENQUEUE = """
mutation Enqueue($pull: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: {pullRequestId: $pull, expectedHeadOid: $head}) {
    mergeQueueEntry { position state }
  }
}
""".strip()

DEQUEUE = """
mutation Dequeue($pull: ID!) {
  dequeuePullRequest(input: {id: $pull}) {
    mergeQueueEntry { position state }
  }
}
""".strip()

_ALREADY = ("already in the queue", "already queued", "already in the merge queue")
_NOT_IN = ("not in the queue", "not in the merge queue", "not queued", "not found in queue")
_MOVED = ("head sha", "expected head", "head oid", "expectedheadoid", "was modified")


def read(session: Session, repo: str, branch: str) -> tuple[QueueEntry, ...] | None:
    """Who stands in the branch's queue, in order; None where the branch has none, or the server knows of none."""
    owner, _, name = repo.partition("/")
    answer = session.graphql("Read the merge queue", READ, {"owner": owner, "name": name, "branch": branch})
    if answer.status == 404 or _unknown_field(answer):
        return None
    data = _data(f"Read the merge queue of {branch}", answer)
    queue = (data.get("repository") or {}).get("mergeQueue")
    if queue is None:
        return None
    nodes = [one for one in (queue.get("entries") or {}).get("nodes") or () if one and one.get("pullRequest")]
    return tuple(sorted((_entry(one) for one in nodes), key=lambda entry: entry.position))


def enqueue(session: Session, repo: str, pull: Pull) -> MergeOutcome:
    """Put the head that was judged into the queue; one that stands there already is as good."""
    what = f"Queue #{pull.number}"
    answer = session.graphql(what, ENQUEUE, {"pull": _node(session, repo, pull.number), "head": pull.head}, writes=True)
    said = _errors(answer)
    if not said:
        _data(what, answer)
    if not said or any(words in said.lower() for words in _ALREADY):
        return MergeOutcome(MergeResult.QUEUED)
    if any(words in said.lower() for words in _MOVED):
        return MergeOutcome(MergeResult.MOVED, message=said)
    return MergeOutcome(MergeResult.BLOCKED, message=said)


def dequeue(session: Session, repo: str, number: int) -> None:
    """Take it out; one that is not there is fine."""
    what = f"Take #{number} out of the queue"
    answer = session.graphql(what, DEQUEUE, {"pull": _node(session, repo, number)}, writes=True)
    said = _errors(answer)
    if said and not any(words in said.lower() for words in _NOT_IN):
        raise failure(what, Answer(422, answer.headers, {"message": said}))
    if not said:
        _data(what, answer)


def _node(session: Session, repo: str, number: int) -> str:
    return str(session.get(f"Read pull request #{number}", f"/repos/{repo}/pulls/{number}")["node_id"])


def _entry(node: dict[str, Any]) -> QueueEntry:
    return QueueEntry(
        number=int(node["pullRequest"]["number"]),
        head=str(node["pullRequest"].get("headRefOid") or ""),
        position=int(node.get("position") or 0),
        state=str(node.get("state") or ""),
        group=(node.get("headCommit") or {}).get("oid"),
        base=(node.get("baseCommit") or {}).get("oid"),
        at=to_time(node.get("enqueuedAt")),
    )


def _data(what: str, answer: Answer) -> dict[str, Any]:
    if not answer.ok:
        raise failure(what, answer)
    said = _errors(answer)
    if said:
        raise failure(what, Answer(422, answer.headers, {"message": said}))
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    if not isinstance(data, dict):
        raise ForgeUnavailable(f"{what}: the answer was none of GitHub's.")
    return data


def _errors(answer: Answer) -> str:
    """What GraphQL refused: it answers 200 and lists errors. https://docs.github.com/graphql/overview/about-the-graphql-api"""
    found = answer.data.get("errors") if answer.ok and isinstance(answer.data, dict) else None
    return "; ".join(str(one.get("message") or one.get("type") or "") for one in found or () if isinstance(one, dict))


def _unknown_field(answer: Answer) -> bool:
    """An older server does not know merge queues."""
    said = _errors(answer).lower()
    return "mergequeue" in said and ("doesn't exist" in said or "does not exist" in said)
