"""The two commit statuses of a change: `slackops/gates` and `slackops/approvals`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.cards import Stage
from bot.domain.facts import Status
from bot.domain.snapshot import Snapshot, blocker
from bot.domain.wording import gate_summary, one_line

GATES, APPROVALS = "slackops/gates", "slackops/approvals"
DESCRIPTION_LIMIT = 140  # https://docs.github.com/en/rest/commits/statuses


def gates_status(seen: Snapshot) -> Status:
    """`slackops/gates`: the branch's content and every gate; it leads to the details page, where there is one."""
    return replace(_gates_status(seen), url=seen.page or None)


def _gates_status(seen: Snapshot) -> Status:
    if not seen.sound:
        return _status(GATES, "failure", blocker(seen))
    state = "failure" if seen.failed else "pending" if seen.stuck else "success"
    return _status(GATES, state, gate_summary(seen.gates))


def same_status(now: Status | None, wanted: Status) -> bool:
    """Whether the head has it already; without a URL of its own it may lead anywhere."""
    return now == wanted and (wanted.url is None or (now is not None and now.url == wanted.url))


def approvals_status(seen: Snapshot) -> Status:
    """`slackops/approvals`: who must still agree."""
    tally = seen.tally
    if seen.held:
        return _status(APPROVALS, "pending", f"On hold: {seen.change.hold_reason or 'no reason given'}")
    if tally.objections:
        return _status(APPROVALS, "failure", f"{', '.join(tally.objections)} asked for changes")
    state = "success" if tally.complete and seen.sound else "pending"
    if tally.required == 0:
        return _status(APPROVALS, state, _none_required(seen))
    still = f"; {tally.words}" if tally.words else ""
    return _status(APPROVALS, state, f"{tally.approvals} of {tally.required} approvals{still}")


def _none_required(seen: Snapshot) -> str:
    if not seen.sound:
        return "Not known while it is blocked"
    glass = seen.change.glass
    return f"Broke the glass, with nobody's approval: {glass.reason}" if glass else "No approvals are required here"


def ended_statuses(seen: Snapshot, at: Stage, statuses: Mapping[str, Status]) -> tuple[Status, ...]:
    """Green ones of a head that is not judged any more, taken back: it may be opened again, and merged, before anybody
    looks at it by the rules of that moment. Where the policy only watches, all is green for good."""
    ended = seen.enforce and at in (Stage.CLOSED, Stage.SUPERSEDED)
    green = (name for name in (GATES, APPROVALS) if name in statuses and statuses[name].state == "success")
    after = (_status(name, "pending", "Not open any more: judged again when it is") for name in green if ended)
    return tuple(replace(one, url=seen.page or None) if one.context == GATES else one for one in after)


def shown_as(status: Status, seen: Snapshot) -> Status:
    """The status as it is set: where the policy only watches it is green, and says what would have blocked."""
    return status if seen.enforce else watched(status)


def watched(status: Status) -> Status:
    """The same where nothing is enforced."""
    if status.state == "success":
        return status
    return replace(_status(status.context, "success", f"would block: {status.description}"), url=status.url)


def _status(context: str, state: str, text: str) -> Status:
    line = one_line(text)
    return Status(
        context, state, line if len(line) <= DESCRIPTION_LIMIT else line[: DESCRIPTION_LIMIT - 1].rstrip() + "…"
    )
