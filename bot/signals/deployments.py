"""GitHub's deployment statuses to signals.

https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status
"""

from __future__ import annotations

import json

from bot.domain.signal import Phase, Signal
from bot.signals.reading import at, is_commit, moment, name, words

SOURCE = "github"
EVENT = "deployment_status"
_STATES = {
    "pending": Phase.SYNCING,
    "queued": Phase.SYNCING,
    "in_progress": Phase.PROGRESSING,
    "success": Phase.HEALTHY,
    "failure": Phase.FAILED,
    "error": Phase.FAILED,
}


def parse(payload: object) -> tuple[Signal, ...]:
    """The signal of one status; none for `inactive`, which says that another deployment took the place.

    The application is GitHub's environment. ``model`` and ``environment`` of the deployment's payload say more, where
    whoever deploys puts them there; without them the environment is GitHub's.
    """
    status, deployment = at(payload, EVENT), at(payload, "deployment")
    phase = _STATES.get(str(at(status, "state")))
    application = name(at(status, "environment")) or name(at(deployment, "environment"))
    revision, when = at(deployment, "sha"), moment(at(status, "created_at"))
    if phase is None or application is None or when is None or not is_commit(revision):
        return ()
    extra = _payload(at(deployment, "payload"))
    return (
        Signal(
            source=SOURCE,
            application=application,
            phase=phase,
            at=when,
            revision=revision,
            message=words(at(status, "description")),
            model=name(at(extra, "model")),
            environment=name(at(extra, "environment")) or application,
        ),
    )


def _payload(value: object) -> object:
    """GitHub hands on what was given: an object, or text that may hold one."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
