"""Signing in at Slack and at the forge, and what is remembered on the way from one to the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.linking import LinkStart
from bot.errors import ForgeUnavailable
from bot.ports.links import LinkedAccount, LinkTokens


class AnswerLost(ForgeUnavailable):
    """The forge may have done what was asked, but nobody knows: what may be used once must not be used again."""


@dataclass(frozen=True)
class SignedIn:
    """Who Slack says is in the browser. ``teams``: the workspace, and the enterprise where there is one."""

    user: str
    teams: frozenset[str]


@dataclass(frozen=True)
class Grant:
    """What the forge gave for a code or a refresh token. Seconds from now; None for what has no end."""

    token: str
    refresh_token: str | None = None
    expires_in: float | None = None
    refresh_expires_in: float | None = None

    def __repr__(self) -> str:
        return "Grant(…)"


@dataclass(frozen=True)
class ForgeUser:
    """An account of the forge: its name now, its number for good; ``person`` is False for a machine's."""

    login: str
    account: int
    person: bool = True


@dataclass(frozen=True)
class DeviceCode:
    """What the device flow begins with. ``interval`` is the least pause between two questions, in seconds."""

    device_code: str
    user_code: str
    url: str
    expires_in: float
    interval: float

    def __repr__(self) -> str:
        return "DeviceCode(…)"


@dataclass(frozen=True)
class NotYet:
    """Nobody has typed the code so far; ``slower``: ask five seconds less often."""

    slower: bool = False


class SlackSignIn(Protocol):
    """Sign in with Slack (https://docs.slack.dev/authentication/sign-in-with-slack)."""

    def authorize_url(self, state: str, nonce: str, team: str, redirect: str) -> str:
        """Where the browser goes."""
        ...

    def who(self, code: str, nonce: str, redirect: str) -> SignedIn:
        """Who came back. Raises Refused(LINK_REFUSED) for a code or an answer that does not hold, ChatUnavailable."""
        ...


class ForgeSignIn(Protocol):
    """The forge's OAuth, for the bot's own App. All raise ForgeUnavailable when it does not answer, and Fatal when it
    does not know the App."""

    def authorize_url(self, state: str, challenge: str, redirect: str) -> str:
        """Where the browser goes."""
        ...

    def exchange(self, code: str, verifier: str, redirect: str) -> Grant:
        """Tokens for a code. Raises Refused(LINK_REFUSED)."""
        ...

    def who(self, token: str) -> ForgeUser:
        """Whose token it is. Raises Refused(NOT_LINKED) when it is not taken."""
        ...

    def refresh(self, refresh_token: str) -> Grant:
        """New tokens for a refresh token, which is used up by it.

        Raises Refused(NOT_LINKED) when it is not taken, AnswerLost when that is not known.
        """
        ...

    def revoke(self, token: str, *, everything: bool) -> bool:
        """End this token, or, with ``everything``, all that the person granted to the App. False: it is not valid."""
        ...

    def ask_device(self) -> DeviceCode:
        """Begin the device flow. Raises Refused(LINKING_OFF) where the App does not allow it."""
        ...

    def poll_device(self, device_code: str) -> Grant | NotYet:
        """Whether the code was typed. Raises Refused(LINK_REFUSED) when it was refused or is too old."""
        ...


class LinkStarts(Protocol):
    """Starts of links, until they end or are too old."""

    def add(self, start: LinkStart) -> None: ...

    def get(self, start_id: str) -> LinkStart | None: ...

    def by_state(self, state: str) -> LinkStart | None:
        """The start whose browser was sent off with this state, given as a fingerprint."""
        ...

    def move(self, old: LinkStart, new: LinkStart) -> bool:
        """Replace it if it still is at ``old``'s stage with ``old``'s state; of two that try, one succeeds."""
        ...

    def forget(self, before: float) -> int:
        """Delete those that were over before this time; how many."""
        ...


@dataclass(frozen=True)
class SignIn:
    """All that linking needs. ``missing`` names the settings without which nobody can link in the browser."""

    slack: SlackSignIn
    forge: ForgeSignIn
    starts: LinkStarts
    tokens: LinkTokens
    public_url: str = ""
    missing: tuple[str, ...] = field(default=())

    @property
    def forge_missing(self) -> tuple[str, ...]:
        """Of those the forge's own: without them no code can be typed, and no token refreshed or revoked."""
        return tuple(name for name in self.missing if name.startswith("GITHUB_"))


@dataclass(frozen=True)
class Onward:
    """Send the browser on; ``cookie`` is given to it first."""

    url: str
    cookie: str | None = None


@dataclass(frozen=True)
class Shown:
    """A page that says what happened, in plain text."""

    title: str
    text: str
    ok: bool = False


class LinkingSteps(Protocol):
    """The way through the browser. ``cookie`` is what the browser holds, "" for nothing. Nothing is raised for what a
    browser can bring."""

    def begin(self, ticket: str, cookie: str) -> Onward | Shown:
        """The button in Slack was followed."""
        ...

    def slack(self, code: str, state: str, error: str, cookie: str) -> Onward | Shown:
        """Back from Slack."""
        ...

    def github(self, code: str, state: str, error: str, cookie: str) -> Onward | Shown:
        """Back from the forge."""
        ...


__all__ = [
    "AnswerLost",
    "DeviceCode",
    "ForgeSignIn",
    "ForgeUser",
    "Grant",
    "LinkStarts",
    "LinkTokens",
    "LinkedAccount",
    "LinkingSteps",
    "NotYet",
    "Onward",
    "Shown",
    "SignIn",
    "SignedIn",
    "SlackSignIn",
]
