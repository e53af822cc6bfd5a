"""All open pull requests at a glance: a hundred a request, each with what moves when its reviews or checks do.

REST tells of neither in a list, and a pull request's ``updated_at`` does not move when a check ends.
https://docs.github.com/graphql/reference/objects#pullrequest
https://docs.github.com/graphql/reference/objects#statuscheckrollupcontextconnection
"""

from __future__ import annotations

import json
from typing import Any

from bot.adapters.github.errors import Answer, failure
from bot.adapters.github.session import Session
from bot.errors import ForgeUnavailable

GLANCE = """
query Glance($owner: String!, $name: String!, $branch: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, baseRefName: $branch, first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number
        headRefOid
        updatedAt
        isDraft
        reviewDecision
        reviews(last: 30) { totalCount nodes { databaseId state } }
        commits(last: 1) {
          nodes {
            commit {
              statusCheckRollup {
                state
                contexts(first: 1) {
                  totalCount
                  checkRunCountsByState { state count }
                  statusContextCountsByState { state count }
                }
              }
            }
          }
        }
      }
    }
  }
}
""".strip()

_WHAT = "Look at the open pull requests"
_SIZES = (100, 25)
"""Pull requests a page. GitHub gives a query ten seconds: what is too much for it at once may do in smaller parts."""
_MOST_PAGES = 100


def glance(session: Session, repo: str, branch: str) -> dict[int, str] | None:
    """By number; None where the server has no such API, keeps it from the bot, or cannot answer it now. Raises
    ForgeUnavailable where a limit is reached: whoever then asks in another way reaches the next one."""
    owner, _, name = repo.partition("/")
    for first in _SIZES:
        try:
            return _all(session, {"owner": owner, "name": name, "branch": branch, "first": first})
        except ForgeUnavailable as error:
            if error.retry_after is not None:
                raise
    return None


def _all(session: Session, asked: dict[str, Any]) -> dict[int, str] | None:
    found: dict[int, str] = {}
    after: str | None = None
    for _ in range(_MOST_PAGES):
        page = _page(session.graphql(_WHAT, GLANCE, {**asked, "after": after}))
        if page is None:
            return None
        nodes = [node for node in page["nodes"] if node]
        found |= {int(node["number"]): json.dumps(node, sort_keys=True) for node in nodes}
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        if after is None:
            break
    return found


def _page(answer: Answer) -> dict[str, Any] | None:
    if not answer.ok and answer.status not in {401, 403, 404}:
        raise failure(_WHAT, answer)
    if not answer.ok or not isinstance(answer.data, dict):
        return None
    errors = answer.data.get("errors") or []
    if any(isinstance(one, dict) and one.get("type") == "RATE_LIMITED" for one in errors):
        raise ForgeUnavailable(f"{_WHAT}: GitHub asks to wait ({answer.words}).", retry_after=answer.pause)
    repository = (answer.data.get("data") or {}).get("repository")
    page = (repository or {}).get("pullRequests")
    return page if isinstance(page, dict) and not errors else None
