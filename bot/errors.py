"""The errors that cross layers. Their class, not their text, decides what happens next."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The closed list of reason codes. Scripts and the reference page rely on them; never reuse a code."""

    ALREADY_DEPLOYED = "already_deployed"
    ALREADY_DECIDED = "already_decided"
    APPROVAL_REFUSED = "approval_refused"
    BAD_USAGE = "bad_usage"
    BLOCK_EDITED = "block_edited"
    BUSY = "busy"
    CHANGE_MOVED = "change_moved"
    DATA_UNREADABLE = "data_unreadable"
    FORGE_REFUSED = "forge_refused"
    FORGE_REQUIRES_REVIEW = "forge_requires_review"
    FORGE_UNAVAILABLE = "forge_unavailable"
    GATE_FAILED = "gate_failed"
    INCIDENT_GOES_ON = "incident_goes_on"
    INTERNAL = "internal"
    INVALID_NAME = "invalid_name"
    LADDER_HELD = "ladder_held"
    LADDER_RUNNING = "ladder_running"
    LATEST_REFUSED = "latest_refused"
    LINKING_OFF = "linking_off"
    LINK_REFUSED = "link_refused"
    NOT_ALLOWED = "not_allowed"
    NOT_AN_APPROVER = "not_an_approver"
    NOT_BANNED = "not_banned"
    NOT_FROZEN = "not_frozen"
    NOT_LINKED = "not_linked"
    NOT_PINNED = "not_pinned"
    NOT_SUPPORTED = "not_supported"
    NOT_WAIVABLE = "not_waivable"
    NOT_WAIVED = "not_waived"
    NO_ACCESS = "no_access"
    NO_EARLIER_VERSION = "no_earlier_version"
    NO_TARGET = "no_target"
    OWN_CHANGE = "own_change"
    PENDING_REVIEW = "pending_review"
    POLICY_INVALID = "policy_invalid"
    PULL_LOCKED = "pull_locked"
    REGISTRY_UNAVAILABLE = "registry_unavailable"
    RETRAIN_COOLING = "retrain_cooling"
    RETRAIN_REFUSED = "retrain_refused"
    ROLLED_BACK_ALREADY = "rolled_back_already"
    SSO_REQUIRED = "sso_required"
    STATE_UNREADABLE = "state_unreadable"
    STEPS_UNSUPPORTED = "steps_unsupported"
    TARGET_MIXED = "target_mixed"
    TARGET_TAKEN = "target_taken"
    TARGET_UNREADABLE = "target_unreadable"
    UNKNOWN_ALIAS = "unknown_alias"
    UNKNOWN_CHANGE = "unknown_change"
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_ENVIRONMENT = "unknown_environment"
    UNKNOWN_GATE = "unknown_gate"
    UNKNOWN_INCIDENT = "unknown_incident"
    UNKNOWN_MODEL = "unknown_model"
    UNKNOWN_VERSION = "unknown_version"
    VERSION_BANNED = "version_banned"


class SlackOpsError(Exception):
    """Base of everything that this package raises on purpose."""


class Refused(SlackOpsError):  # noqa: N818  (a decision, not a failure)
    """A decision against doing something: told to the person who asked, never retried.

    ``reason`` is a stable code, ``message`` one sentence, ``unblock`` what would let it through.
    """

    def __init__(self, reason: Reason, message: str, unblock: str | None = None) -> None:
        super().__init__(message)
        self.reason, self.message, self.unblock = reason, message, unblock


class Transient(SlackOpsError):  # noqa: N818
    """It may work later: retried with backoff and jitter; ``retry_after`` in seconds when the service said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ForgeUnavailable(Transient):
    """The forge or its Git server did not answer, or asked to be left alone for a while."""


class RegistryUnavailable(Transient):
    """The model registry did not answer in time."""


class ChatUnavailable(Transient):
    """Slack did not answer, or asked to be left alone for a while."""


class StoreUnavailable(Transient):
    """The database did not take the write."""


class Stale(Transient):
    """Somebody else changed it since it was read: read again, decide again."""


class LeaseLost(SlackOpsError):  # noqa: N818
    """Another worker took the row over that this one carries out: it stops, and nothing that it still says counts."""


class Fatal(SlackOpsError):  # noqa: N818
    """It will not work however often it is tried: becomes a dead letter at once."""
