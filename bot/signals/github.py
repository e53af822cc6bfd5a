"""GitHub's webhooks: verify, and turn into a nudge. Names only are taken; state is always read again.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping

from bot.domain.commands import Nudge
from bot.domain.state_files import BRANCH
from bot.signals.reading import at as _at
from bot.signals.reading import is_commit
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


def parse(event: str, payload: object) -> Nudge | None:
    """What to read again because of this event; None when it concerns no pull request and no head."""
    read = _EVENTS.get(event)
    return None if read is None else read(payload)


def _pull_event(payload: object) -> Nudge | None:
    return _nudge([_at(payload, "pull_request", "number"), _at(payload, "number")], [])


def _check_event(name: str) -> Callable[[object], Nudge | None]:
    def read(payload: object) -> Nudge | None:
        pulls = [_at(p, "number") for p in _list(_at(payload, name, "pull_requests"))]
        return _nudge(pulls, [_at(payload, name, "head_sha")])

    return read


def _status_event(payload: object) -> Nudge | None:
    # Our own statuses come back as events; to act on them would never end.
    if str(_at(payload, "context") or "").startswith("slackops/"):
        return None
    return _nudge([], [_at(payload, "sha")])


def _push_event(payload: object) -> Nudge | None:
    """A push to the default branch may move the base of every open pull request, and one to the branch of freezes and
    bans may stop it or let it go on; other branches name their head."""
    ref, default = _at(payload, "ref"), _at(payload, "repository", "default_branch")
    if ref == f"refs/heads/{BRANCH}" or (isinstance(default, str) and ref == f"refs/heads/{default}"):
        return Nudge(source=SOURCE, default_branch_moved=True)
    return _nudge([], [_at(payload, "after")])


_EVENTS: Mapping[str, Callable[[object], Nudge | None]] = {
    "pull_request": _pull_event,
    "pull_request_review": _pull_event,
    "check_run": _check_event("check_run"),
    "check_suite": _check_event("check_suite"),
    "status": _status_event,
    "push": _push_event,
}


def _nudge(numbers: Iterable[object], shas: Iterable[object]) -> Nudge | None:
    pulls = {n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 0 < n < 2**31}
    heads = {s for s in shas if isinstance(s, str) and is_commit(s)}
    if not pulls and not heads:
        return None
    return Nudge(source=SOURCE, pulls=tuple(sorted(pulls)), shas=tuple(sorted(heads)))
