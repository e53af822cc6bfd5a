"""What people made of a version in an environment: may a rule of the policy propose it there? Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.change import Action, Change, ChangeState
from bot.domain.stops import takes_out


def left_by_people(past: Iterable[Change], version: str) -> str:
    """Why a rule leaves this version alone there, "" where it does not: it was taken back, or people closed its change,
    and nobody promoted it by name since. ``past`` are the target's merged and closed changes."""
    for change in sorted(past, key=lambda one: (one.created_at, one.id), reverse=True):
        told = _closed(change, version) or _left(change, version)
        if told:
            return told
        if _by_name(change, version):
            return ""
    return ""


def _closed(change: Change, version: str) -> str:
    """A change that nobody cared for was closed by the bot, which gives a reason and no name: that says nothing."""
    people = change.closed_by is not None or change.close_reason is None
    if change.state is not ChangeState.CLOSED or change.intent.to != version or not people or goes_back(change):
        return ""
    return f"#{change.number} for it was closed" if change.number else "its change was closed"


def _left(change: Change, version: str) -> str:
    if change.state is ChangeState.CLOSED or not goes_back(change):
        return ""
    left = change.intent.to if takes_out(change.rung) else change.intent.frm
    return f"#{change.number} took it back" if left == version else ""


def goes_back(change: Change) -> bool:
    """It takes a version out instead of bringing one."""
    return change.intent.action is Action.ROLLBACK or takes_out(change.rung)


def _by_name(change: Change, version: str) -> bool:
    forward = change.intent.action in (Action.PROMOTE, Action.MANUAL) and not goes_back(change)
    return forward and change.intent.to == version and bool(change.requesters)
