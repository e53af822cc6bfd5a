"""What is told of pull requests by hand besides the card: where the policy only watches, and where people merged what
was not complete."""

from __future__ import annotations

from bot.domain.commit_statuses import approvals_status, gates_status
from bot.domain.facts import Status
from bot.domain.snapshot import Snapshot
from bot.domain.wording import markdown, step

WATCHING_ONLY = "SlackOps is watching only here (`enforce: false`): this blocks nothing."


WATCHING_ON_CARD = "Watching only: the policy says `enforce: false`, so the forge is told that nothing blocks."


def would_have(seen: Snapshot) -> str:
    """The comment on the pull request: what would have happened."""
    stuck = [one for one in (gates_status(seen), approvals_status(seen)) if one.state != "success"]
    what = markdown(step(seen.change.intent))
    if not stuck:
        return f"{WATCHING_ONLY}\n\nIt would have been let through: {what}."
    lines = "\n".join(f"- {_line(one)}" for one in stuck)
    return f"{WATCHING_ONLY}\n\nIt would have been held up ({what}):\n\n{lines}"


def _line(status: Status) -> str:
    return f"`{status.context}`: {markdown(status.description)}"


def merged_anyway(seen: Snapshot) -> str:
    """What was missing of a pull request by hand when people merged it; empty where nothing was."""
    if not seen.change.by_hand or not seen.judged:
        return ""
    tally = seen.tally
    lacking = [f"{one} asked for changes" for one in tally.objections]
    if tally.approvals < tally.required:
        lacking.append(f"{tally.approvals} of {tally.required} approvals")
    lacking += [f"{gate.name}: {gate.observed}" for gate in seen.stuck]
    return f"It was not complete: {'; '.join(lacking)}." if lacking else ""
