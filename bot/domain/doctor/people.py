"""Who can approve, who cannot and why, and whether one person can finish a rollback alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.doctor.finding import Finding, fail, listed, ok, warn

LINK = "Set up linking: docs/howto/link-accounts.md."
STATUSES = "Require the two statuses instead of reviews on GitHub: docs/howto/install.md."


@dataclass(frozen=True)
class MayApprove:
    """Somebody whom an environment's policy lets approve: by Slack id, by account, or both. ``writes`` is None where
    no account is known."""

    user: str | None
    login: str | None
    writes: bool | None

    @property
    def name(self) -> str:
        """As people find them."""
        return self.login or f"slack:{self.user}"


@dataclass(frozen=True)
class Bar:
    """What an environment asks for. ``listed``: the policy names approvers, else anybody who may write is one.
    ``recorded``: the bot may record the word of somebody without an account."""

    environment: str
    required: int
    back: int
    requester_counts: bool
    listed: bool
    recorded: bool = False


def check_approvers(bar: Bar, people: tuple[MayApprove, ...], *, linking: bool) -> Iterator[Finding]:
    """``linking``: whoever has no link can make one."""
    name = f"approvers of {bar.environment}"
    if not bar.listed:
        yield ok(name, f"anybody who may write and linked an account; {bar.required} needed")
        return
    powerless = [one.name for one in people if one.writes is False]
    unlinked = [one for one in people if one.writes is None]
    for who in powerless:
        fix = f"Give {who} write access to the deployment repo, or take {who} out of approvals.from."
        yield fail(name, f"{who} has no write access, so that no approval by {who} counts", fix)
    able = len(people) - len(powerless) - (0 if linking or bar.recorded else len(unlinked))
    if able < bar.required:
        fix = "Name more people in approvals.from, lower approvals.required, or let those who are named link accounts."
        yield fail(name, f"{bar.required} needed, and only {able} can approve: nothing is ever merged", fix)
    elif unlinked and not linking and not bar.recorded:
        yield warn(
            name, f"not linked, and cannot link: {_names(unlinked)}", "Set up linking: docs/howto/link-accounts.md."
        )
    elif not powerless:
        yield ok(name, _standing(bar, people, unlinked))


def _standing(bar: Bar, people: tuple[MayApprove, ...], unlinked: list[MayApprove]) -> str:
    words = f"{len(people)} may approve, {bar.required} needed"
    how = "the bot records what they say" if bar.recorded else "their first Approve links"
    return f"{words}; not linked yet: {_names(unlinked)} ({how})" if unlinked else words


def _names(people: list[MayApprove]) -> str:
    return listed([one.name for one in people])


def check_alone(bars: tuple[Bar, ...], native: int) -> Iterator[Finding]:
    """Whether one person can finish a rollback alone, at night. ``native``: how many reviews the forge itself wants; of
    the pull request of an App any one person's counts."""
    held = [bar.environment for bar in bars if bar.back > 1 or (bar.back == 1 and not bar.requester_counts)]
    free = [bar.environment for bar in bars if bar.environment not in held]
    if native > 1:
        message = f"no: the forge wants {native} reviews of every merge"
        yield warn(
            "rollback alone", message, "Require the two statuses instead of reviews on GitHub: docs/howto/install.md."
        )
        return
    if held:
        message = f"no, in {listed(held)}: the policy wants somebody else's approval"
        yield warn("rollback alone", message, "Set rollback: {approvals: 1, requester: true} there, if that is meant.")
    if free:
        yield ok("rollback alone", f"one person can finish a rollback in {listed(free)}")
