"""What concerns who somebody is, what they may, and what is told of it afterwards."""

from __future__ import annotations

from typing import Literal

from bot.domain.commands_asked import Asked, FrozenCommand, Origin, Review
from bot.domain.people import Person


class Link(Asked):
    """`/slackops link`: make a GitHub account stand for this Slack user. ``then`` is the review that waits for it."""

    kind: Literal["link"] = "link"
    device: bool = False
    then: Review | None = None


class Unlink(Asked):
    """`/slackops unlink`: the account stands for nobody any more, and its token is revoked."""

    kind: Literal["unlink"] = "unlink"


class ConfirmLink(Asked):
    """A role says that a link by the device flow is true: this person is this account."""

    kind: Literal["confirm_link"] = "confirm_link"
    person: Person
    login: str


class PollDevice(FrozenCommand):
    """Ask whether somebody has typed the code of a device flow; ``ticket`` is the start of the link."""

    kind: Literal["poll_device"] = "poll_device"
    ticket: str
    turn: int = 0


class Linked(FrozenCommand):
    """An account was linked: the person hears of it, and the review that waited is finished."""

    kind: Literal["linked"] = "linked"
    person: Person
    login: str
    origin: Origin = Origin()
    then: Review | None = None
    confirmed: bool = True


class RevokeToken(FrozenCommand):
    """A token that stands for nobody any more is to be revoked; ``ident`` is where it is kept."""

    kind: Literal["revoke_token"] = "revoke_token"
    ident: str


class Leave(FrozenCommand):
    """Somebody is no longer of the workspace (``person``) or of the organisation (``login``)."""

    kind: Literal["leave"] = "leave"
    person: Person | None = None
    login: str | None = None
    account: int = 0
    why: str = ""


class TellLeaver(FrozenCommand):
    """Somebody left: the default channel hears what nobody looks after any more."""

    kind: Literal["tell_leaver"] = "tell_leaver"
    person: Person | None = None
    login: str | None = None
    why: str = ""


class CheckMembers(FrozenCommand):
    """The clock asks whether everybody who linked an account is still there: heals what no event told. ``after``: those
    who come after this person, for not everybody is asked for at once."""

    kind: Literal["check_members"] = "check_members"
    after: str = ""


class MergeChange(Asked):
    """Merge, on a change of an environment that does not merge by itself, with what the card showed."""

    kind: Literal["merge_change"] = "merge_change"
    change: str
    digest: str


class SettleGlass(Asked):
    """A second person has looked at what broke the glass."""

    kind: Literal["settle_glass"] = "settle_glass"
    change: str
    comment: str | None = None


class ShowAudit(Asked):
    """`/slackops audit MODEL`: what was decided about it lately."""

    kind: Literal["show_audit"] = "show_audit"
    model: str


class JudgeGroup(FrozenCommand):
    """The forge's merge queue built a commit out of pull requests: our statuses are wanted on it."""

    kind: Literal["judge_group"] = "judge_group"
    sha: str
    ref: str


class TellPush(FrozenCommand):
    """Somebody pushed to the default branch: what moved there outside of changes is told, and written down."""

    kind: Literal["tell_push"] = "tell_push"
    before: str
    after: str
    pusher: str = ""


class AnchorAudit(FrozenCommand):
    """The clock has the audit chain's head written into the branch `slackops-state`."""

    kind: Literal["anchor_audit"] = "anchor_audit"
