"""Open pull requests as GraphQL lists them: what stands at each, its reviews and its checks in numbers."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bot.sandbox.github.checks import latest_runs, latest_statuses, state_of
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.graphql.document import Malformed
from bot.sandbox.github.pulls import open_pulls
from bot.sandbox.github.store import Doc

MOST = 100


def listed(forge: Forge, repo: Repo, given: dict[str, Any]) -> Doc:
    """One page, oldest first. Raises Malformed without a page's size, as GitHub does."""
    first = given.get("first")
    if not isinstance(first, int) or not 0 < first <= MOST:
        raise Malformed("You must provide a `first` value of 1 to 100 to paginate the `pullRequests` connection")
    found = [one for one in open_pulls(forge, repo) if given.get("baseRefName") in (None, one["base_ref"])]
    start = _place(given.get("after"))
    page = found[start : start + first]
    end = start + len(page)
    return {
        "totalCount": len(found),
        "pageInfo": {"hasNextPage": end < len(found), "endCursor": _cursor(end) if page else None},
        "nodes": [_node(forge, repo, one) for one in page],
    }


def _node(forge: Forge, repo: Repo, pull: Doc) -> Doc:
    reviews = [one for one in forge.store.reviews(repo.full_name, pull["number"]).all() if one["state"] != "PENDING"]
    return {
        "number": pull["number"],
        "headRefOid": pull["head_sha"],
        "updatedAt": pull["updated_at"],
        "isDraft": bool(pull.get("draft")),
        "reviewDecision": None,
        "reviews": {
            "totalCount": len(reviews),
            "nodes": [{"databaseId": one["id"], "state": one["state"]} for one in reviews[-30:]],
        },
        "commits": {"nodes": [{"commit": {"oid": pull["head_sha"], "statusCheckRollup": _rollup(forge, repo, pull)}}]},
    }


def _rollup(forge: Forge, repo: Repo, pull: Doc) -> Doc | None:
    """None where nothing reported. https://docs.github.com/graphql/reference/objects#statuscheckrollup"""
    sha = pull["head_sha"]
    runs, statuses = latest_runs(forge, repo, sha), latest_statuses(forge, repo, sha)
    if not runs and not statuses:
        return None
    return {
        "state": state_of(forge, repo, sha).upper(),
        "contexts": {
            "totalCount": len(runs) + len(statuses),
            "checkRunCountsByState": _counts(str(run["conclusion"] or run["status"]) for run in runs),
            "statusContextCountsByState": _counts(str(status["state"]) for status in statuses),
        },
    }


def _counts(states: Iterable[str]) -> list[Doc]:
    return [{"state": state.upper(), "count": count} for state, count in sorted(Counter(states).items())]


def _cursor(place: int) -> str:
    return base64.b64encode(f"cursor:{place}".encode()).decode()


def _place(cursor: Any) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(str(cursor), validate=True).decode().removeprefix("cursor:"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Malformed(f"`{cursor}` does not appear to be a valid cursor.") from None
