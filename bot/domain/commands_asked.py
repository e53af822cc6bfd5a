"""What people ask for: slash commands, mentions, buttons and forms."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.people import Person


class Origin(BaseModel):
    """Where a command was given, so that the answer can go there. ``response_url`` holds for 30 minutes and 5 uses."""

    model_config = ConfigDict(frozen=True)
    channel: str = ""
    thread_ts: str | None = None
    response_url: str | None = None


class FrozenCommand(BaseModel):
    """The base of every row of the inbox."""

    model_config = ConfigDict(frozen=True)


class Asked(FrozenCommand):
    """A command that a person gave."""

    by: Person
    origin: Origin = Origin()


class Promote(Asked):
    """`/promote MODEL VERSION|@ALIAS ENV`. Exactly one of ``version`` and ``alias`` is set."""

    kind: Literal["promote"] = "promote"
    model: str
    version: str | None = None
    alias: str | None = None
    environment: str | None = None
    plan: bool = False
    reason: str | None = None
    waive: tuple[str, ...] = ()
    """Gates that whoever asks waives with it, by name; needs the role and a reason."""


class Rollback(Asked):
    """`/rollback MODEL ENV [--to VERSION]`, or a click on Roll back.

    ``change`` is the change whose card was clicked. ``confirm``: only show what would happen, with a button that does
    it. ``digest``: the person saw this and said yes, so what is proposed must mean the same, and their approval is
    given with it. ``break_glass``: it merges with nobody's approval; a second person reviews it afterwards.
    """

    kind: Literal["rollback"] = "rollback"
    model: str
    environment: str
    to: str | None = None
    plan: bool = False
    reason: str | None = None
    change: str | None = None
    confirm: bool = False
    digest: str | None = None
    break_glass: bool = False


class Unpin(Asked):
    """`/slackops unpin MODEL ENV`."""

    kind: Literal["unpin"] = "unpin"
    model: str
    environment: str
    plan: bool = False
    reason: str | None = None


class ListModels(Asked):
    """`/models [MODEL]`."""

    kind: Literal["list_models"] = "list_models"
    model: str | None = None


class Review(Asked):
    """Approve or Request changes, on the change and the digest that the card showed."""

    kind: Literal["review"] = "review"
    change: str
    digest: str
    verdict: Literal["approve", "request_changes"]
    comment: str | None = None


class CloseChange(Asked):
    """Give the change up: close its pull request."""

    kind: Literal["close_change"] = "close_change"
    change: str
    reason: str | None = None


class HoldChange(Asked):
    """Keep the change from merging (``hold``), or let it go on."""

    kind: Literal["hold_change"] = "hold_change"
    change: str
    hold: bool = True
    reason: str | None = None


class TakeOn(Asked):
    """I'm on it: this person looks after a change that degraded."""

    kind: Literal["take_on"] = "take_on"
    change: str


class SteerLadder(Asked):
    """Pause or resume a ladder of steps, abort it, or go by hand to its next rung. ``change``: any of its changes."""

    kind: Literal["steer_ladder"] = "steer_ladder"
    change: str
    do: Literal["pause", "resume", "abort", "next"]
    reason: str | None = None


class Freeze(Asked):
    """`/slackops freeze ENV|MODEL ENV`. ``until`` is a duration or a moment as it was written; None has no end."""

    kind: Literal["freeze"] = "freeze"
    environment: str
    model: str | None = None
    until: str | None = None
    reason: str | None = None


class Unfreeze(Asked):
    """`/slackops unfreeze ENV|MODEL ENV`."""

    kind: Literal["unfreeze"] = "unfreeze"
    environment: str
    model: str | None = None
    reason: str | None = None


class Ban(Asked):
    """`/slackops ban MODEL VERSION|@ALIAS`. Exactly one of ``version`` and ``alias`` is set."""

    kind: Literal["ban"] = "ban"
    model: str
    version: str | None = None
    alias: str | None = None
    reason: str | None = None


class Unban(Asked):
    """`/slackops unban MODEL VERSION|@ALIAS --reason TEXT`."""

    kind: Literal["unban"] = "unban"
    model: str
    version: str | None = None
    alias: str | None = None
    reason: str


class ListStops(Asked):
    """`/slackops freezes` or `/slackops bans`."""

    kind: Literal["list_stops"] = "list_stops"
    what: Literal["freezes", "bans"]


FormName = Literal[
    "promote",
    "rollback",
    "unpin",
    "request_changes",
    "close",
    "hold",
    "diff",
    "freeze",
    "ban",
    "waive",
    "snooze_ci",
    "snooze_incident",
    "retrain",
]


class FillForm(Asked):
    """Fill a loading view that stands open in front of the person; ``model`` to ``reason`` were given already."""

    kind: Literal["fill_form"] = "fill_form"
    form: Literal[
        "promote",
        "rollback",
        "unpin",
        "request_changes",
        "close",
        "hold",
        "diff",
        "freeze",
        "ban",
        "waive",
        "snooze_ci",
        "snooze_incident",
        "retrain",
    ]
    view_id: str
    view_hash: str | None = None
    change: str | None = None
    digest: str | None = None
    model: str | None = None
    version: str | None = None
    environment: str | None = None
    reason: str | None = None
    until: str | None = None
