"""What concerns gates, CI and the registry: asked for by people, and what the bot has itself do."""

from __future__ import annotations

from typing import Literal

from bot.domain.commands_asked import Asked, FrozenCommand

SubscribedEvent = Literal["review", "merged", "live", "degraded", "ended", "ci", "mismatch"]


class WaiveGate(Asked):
    """Let one gate of a change pass, or take that back. ``digest`` is what the person saw; "" on the command line."""

    kind: Literal["waive_gate"] = "waive_gate"
    change: str
    gate: str
    reason: str | None = None
    digest: str = ""
    withdraw: bool = False


class Compare(Asked):
    """Show the candidate beside the deployed version, to whoever asked."""

    kind: Literal["compare"] = "compare"
    change: str


class LookRegistry(FrozenCommand):
    """Read again what the registry says of a registered model, and do what follows from it. Carries names only."""

    kind: Literal["look_registry"] = "look_registry"
    model: str


class PollRegistry(FrozenCommand):
    """The clock has every model read that a rule or a mismatch could concern: for servers that send no webhooks."""

    kind: Literal["poll_registry"] = "poll_registry"


class ProposeByRule(FrozenCommand):
    """A rule of the policy asks for a promotion. ``rule`` says why, in words."""

    kind: Literal["propose_by_rule"] = "propose_by_rule"
    model: str
    version: str
    environment: str
    rule: str


class LookCi(FrozenCommand):
    """Read the checks of a commit again, and tell what changed. ``branch`` is the one that was pushed, where known."""

    kind: Literal["look_ci"] = "look_ci"
    repo: str
    sha: str
    branch: str = ""
    settled: bool = False
    """What came with it has had the time to come. ``sha`` may be empty then: the head of the default branch."""


class PollCi(FrozenCommand):
    """The clock has the heads of all repositories looked at whose CI is told about."""

    kind: Literal["poll_ci"] = "poll_ci"


class TellCi(FrozenCommand):
    """Tell together the failures of a channel that were kept back because there were many: those of one ``window``."""

    kind: Literal["tell_ci"] = "tell_ci"
    channel: str
    window: str = ""


class RerunCi(Asked):
    """Have the failed checks of a commit run again; one of them where ``gate`` names it."""

    kind: Literal["rerun_ci"] = "rerun_ci"
    repo: str
    sha: str
    gate: str = ""


class SnoozeCi(Asked):
    """Say nothing of a gate of a repository for a while, or of all that fail (``*``). ``until``: a duration or a
    moment, as it was written; ``sha`` is the commit whose card was clicked."""

    kind: Literal["snooze_ci"] = "snooze_ci"
    repo: str
    sha: str = ""
    gate: str
    until: str
    reason: str | None = None


class Subscribe(Asked):
    """`/slackops subscribe MODEL|ENV [events]`: the channel hears of it, or no more. No ``subject``: list them."""

    kind: Literal["subscribe"] = "subscribe"
    subject: str = ""
    events: tuple[SubscribedEvent, ...] = ()
    off: bool = False


class TellSubscribers(FrozenCommand):
    """Tell one piece of news to the channels that subscribed to it. ``key`` tells it from every other."""

    kind: Literal["tell_subscribers"] = "tell_subscribers"
    key: str
    event: SubscribedEvent
    model: str
    environment: str
    text: str
    url: str = ""
    but: tuple[str, ...] = ()
    """Channels that have heard it already, by id."""
