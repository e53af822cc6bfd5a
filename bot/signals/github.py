"""GitHub's webhooks: verify, and turn into a nudge. Names only are taken; state is always read again.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping

from bot.domain.commands import JudgeGroup, Nudge
from bot.domain.state_files import BRANCH
from bot.signals.reading import at as _at
from bot.signals.reading import is_commit, words
from bot.signals.reading import items as _list

SOURCE = "github"


def verify(secret: str, body: bytes, header: str | None) -> bool:
    """Whether ``X-Hub-Signature-256`` proves that the sender knows the secret, compared in constant time.

    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return header is not None and hmac.compare_digest(expected.encode(), header.encode())


def repository(payload: object) -> str | None:
    """The repository that a payload is about, ``owner/name``; None for events without one."""
    name = _at(payload, "repository", "full_name")
    return name if isinstance(name, str) else None


def parse(event: str, payload: object, own: str = "") -> Nudge | JudgeGroup | None:
    """What to read again because of this event, or which group of the merge queue to judge; None when it concerns no
    pull request and no head, and when it only says what the account ``own`` did itself."""
    read = None if event == "status" and own and _is_own(payload, own) else _EVENTS.get(event)
    return None if read is None else read(payload)


def _pull_event(payload: object) -> Nudge | None:
    return _nudge([_at(payload, "pull_request", "number"), _at(payload, "number")], [])


def _check_event(name: str) -> Callable[[object], Nudge | None]:
    def read(payload: object) -> Nudge | None:
        pulls = [_at(p, "number") for p in _list(_at(payload, name, "pull_requests"))]
        return _nudge(pulls, [_at(payload, name, "head_sha")])

    return read


def is_of_ours(payload: object) -> bool:
    """Whether a status is called as ours are: whoever may write to the repository can set one."""
    return str(_at(payload, "context") or "").startswith("slackops/")


def _is_own(payload: object, own: str) -> bool:
    """Our own statuses come back as events: to look again for each would double the work. One that somebody else set
    is to be put right."""
    sender = _at(payload, "sender", "login")
    return is_of_ours(payload) and isinstance(sender, str) and sender.casefold() == own.casefold()


def _status_event(payload: object) -> Nudge | None:
    return _nudge([], [_at(payload, "sha")])


def _push_event(payload: object) -> Nudge | None:
    """A push to the default branch may move the base of every open pull request, and one to the branch of freezes and
    bans may stop it or let it go on; other branches name their head."""
    ref, default = _at(payload, "ref"), _at(payload, "repository", "default_branch")
    if ref == f"refs/heads/{BRANCH}" or (isinstance(default, str) and ref == f"refs/heads/{default}"):
        return Nudge(source=SOURCE, default_branch_moved=True, **_pushed(payload, default))
    return _nudge([], [_at(payload, "after")])


def _pushed(payload: object, default: object) -> dict[str, str]:
    """From where to where the default branch was pushed, and by which account; nothing for other branches."""
    if _at(payload, "ref") != f"refs/heads/{default}":
        return {}
    before, after, pusher = _at(payload, "before"), _at(payload, "after"), _at(payload, "sender", "login")
    if not isinstance(after, str) or not is_commit(after):
        return {}
    since = before if isinstance(before, str) and is_commit(before) else ""
    return {"before": since, "after": after, "pusher": words(pusher, 100) if isinstance(pusher, str) else ""}


def _group_event(payload: object) -> JudgeGroup | None:
    """The merge queue wants checks on a commit that it built. https://docs.github.com/webhooks (merge_group)"""
    sha, ref = _at(payload, "merge_group", "head_sha"), _at(payload, "merge_group", "head_ref")
    wanted = _at(payload, "action") == "checks_requested"
    if not wanted or not isinstance(sha, str) or not is_commit(sha) or not isinstance(ref, str):
        return None
    return JudgeGroup(sha=sha, ref=ref[:500])


_EVENTS: Mapping[str, Callable[[object], Nudge | JudgeGroup | None]] = {
    "pull_request": _pull_event,
    "pull_request_review": _pull_event,
    "check_run": _check_event("check_run"),
    "check_suite": _check_event("check_suite"),
    "status": _status_event,
    "push": _push_event,
    "merge_group": _group_event,
}


def _nudge(numbers: Iterable[object], shas: Iterable[object]) -> Nudge | None:
    pulls = {n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 0 < n < 2**31}
    heads = {s for s in shas if isinstance(s, str) and is_commit(s)}
    if not pulls and not heads:
        return None
    return Nudge(source=SOURCE, pulls=tuple(sorted(pulls)), shas=tuple(sorted(heads)))
