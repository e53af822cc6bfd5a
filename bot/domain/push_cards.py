"""What is said of a push to the default branch that moved a bound value outside of every change, by meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PushLine:
    """One target that was moved."""

    model: str
    environment: str
    frm: str | None
    to: str


@dataclass(frozen=True)
class PushNews:
    """`Outside SlackOps: ltv 8→9, production`. ``pusher`` is the account that pushed, as the forge said; where only Git
    tells, ``author`` is what the commit says of itself, which proves nothing. ``lines`` has at least one."""

    lines: tuple[PushLine, ...]
    commit: str
    url: str
    branch: str
    pusher: str = ""
    author: str = ""
