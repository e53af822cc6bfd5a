"""From GitHub's JSON to our facts. https://docs.github.com/rest/pulls/pulls"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.facts import Check, CheckState, ForgeReview, Pull, Status, Verdict

_GOOD = frozenset({"success", "neutral", "skipped"})


def to_pull(data: dict[str, Any], closed_by: str | None = None) -> Pull:
    """A pull request, out of a list or alone; lists do not tell whether it can be merged."""
    merged = bool(data.get("merged") or data.get("merged_at"))
    return Pull(
        number=data["number"],
        url=data["html_url"],
        title=data["title"],
        body=data.get("body") or "",
        author=login_of(data.get("user")),
        state="open" if data["state"] == "open" else "closed",
        merged=merged,
        head=data["head"]["sha"],
        head_ref=data["head"]["ref"],
        base=data["base"]["sha"],
        base_ref=data["base"]["ref"],
        labels=tuple(label["name"] for label in data.get("labels") or ()),
        updated_at=to_time(data["updated_at"]),
        mergeable=data.get("mergeable"),
        merge_commit=data.get("merge_commit_sha") if merged else None,
        merged_at=to_time(data["merged_at"]) if data.get("merged_at") else None,
        closed_by=login_of(data["merged_by"]) if merged and data.get("merged_by") else closed_by,
        outdated=data.get("mergeable_state")
        == "behind",  # https://docs.github.com/graphql/reference/enums#mergestatestatus
        author_account=int((data.get("user") or {}).get("id") or 0),
        draft=bool(data.get("draft")),
    )


def to_review(data: dict[str, Any]) -> ForgeReview:
    """A review; webhooks write its state in lower case, the API in upper case."""
    return ForgeReview(
        id=data["id"],
        login=login_of(data.get("user")),
        verdict=Verdict(str(data["state"]).upper()),
        commit=data.get("commit_id") or "",
        body=data.get("body") or "",
        submitted_at=to_time(data.get("submitted_at")),
        account=int((data.get("user") or {}).get("id") or 0),
        robot=(data.get("user") or {}).get("type") == "Bot",
    )


def to_status(data: dict[str, Any]) -> Status:
    """A commit status."""
    return Status(data["context"], data["state"], data.get("description") or "", data.get("target_url"))


def status_check(data: dict[str, Any]) -> Check:
    """A commit status, seen as a check."""
    states = {"success": CheckState.SUCCESS, "pending": CheckState.PENDING}
    state = states.get(data["state"], CheckState.FAILURE)
    began = to_time(data.get("created_at")) or None
    return Check(data["context"], state, data.get("description") or "", data.get("target_url"), began)


def run_check(data: dict[str, Any]) -> Check:
    """A check run; what has ended and is not known to be good counts as failed."""
    if data["status"] != "completed":
        state = CheckState.PENDING
    else:
        state = CheckState.SUCCESS if data.get("conclusion") in _GOOD else CheckState.FAILURE
    output = data.get("output") or {}
    summary, began = output.get("title") or output.get("summary") or "", to_time(data.get("started_at")) or None
    return Check(data["name"], state, summary, data.get("html_url"), began)


def login_of(user: dict[str, Any] | None) -> str:
    """The account's login; ``ghost`` stands for deleted ones, as at GitHub."""
    return str(user["login"]) if user else "ghost"


def to_time(text: str | None) -> float:
    """Seconds since the epoch; 0 where GitHub gives no time."""
    return datetime.fromisoformat(text).timestamp() if text else 0.0
