"""`slackops promote` and `slackops rollback`: what is typed becomes the command that Slack would have sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cli.asking import Command, How, run
from bot.domain.commands import Promote, Rollback
from bot.domain.grammar import MAX_TEXT
from bot.domain.grammar_gates import waived_with
from bot.domain.people import Person
from bot.domain.policy.names import validate_name
from bot.errors import Reason, Refused


def run_promote(
    model: str,
    version: str,
    environment: str | None,
    how: How,
    *,
    plan: bool = False,
    reason: str | None = None,
    waive: Sequence[str] = (),
) -> None:
    """`promote MODEL VERSION|@ALIAS [ENV]`; exit 0 when it is proposed. Raises Refused, StoreUnavailable."""

    def command(by: Person) -> Command:
        alias = validate_name("alias", version[1:]) if version.startswith("@") else None
        return Promote(
            by=by,
            model=validate_name("model", model),
            version=None if alias else _version(version),
            alias=alias,
            environment=None if environment is None else validate_name("environment", environment),
            plan=plan,
            reason=_reason(reason),
            waive=waived_with(waive, _reason(reason)),
        )

    run(command, how)


def run_rollback(
    model: str,
    environment: str,
    to: str | None,
    how: How,
    *,
    plan: bool = False,
    reason: str | None = None,
    glass: bool = False,
) -> None:
    """`rollback MODEL ENV [--to VERSION] [--break-glass]`; exit 0 when it is proposed. Raises as `promote` does."""

    def command(by: Person) -> Command:
        return Rollback(
            by=by,
            model=validate_name("model", model),
            environment=validate_name("environment", environment),
            to=None if to is None else _version(to),
            plan=plan,
            reason=_said(reason) if glass else _reason(reason),
            break_glass=glass,
        )

    run(command, how)


def _version(text: str) -> str:
    """`v42` is 42, as in Slack."""
    return validate_name("version", text[1:] if re.fullmatch(r"[vV][0-9]+", text) else text)


def _said(text: str | None) -> str:
    """The reason, which breaking the glass must have."""
    reason = _reason(text)
    if not reason:
        raise Refused(Reason.BAD_USAGE, "Glass is broken with a reason.", "Add --reason TEXT.")
    return reason


def _reason(text: str | None) -> str | None:
    if text is not None and len(text) > MAX_TEXT:
        raise Refused(
            Reason.BAD_USAGE, f"The reason has {len(text)} characters; at most {MAX_TEXT} are read.", "Say less."
        )
    return "".join(ch for ch in " ".join((text or "").split()) if ch.isprintable()) or None
