"""Submitted forms, checked before Slack's view closes. Pure: whether a thing exists is found out later."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.forms import FormErrors
from bot.domain.policy import validate_name
from bot.domain.until import check_until
from bot.errors import Refused

REQUIRED = {
    "promote": ("model", "version"),
    "rollback": ("model", "environment"),
    "unpin": ("model", "environment"),
    "freeze": ("environment",),
    "ban": ("model", "version"),
    "snooze_ci": ("gate", "until"),
    "snooze_incident": (),
    "retrain": ("reason",),
    "request_changes": ("comment",),
    "hold": ("comment",),
    "close": (),
    "waive": ("gate", "reason"),
}
LONGEST = 2_000


class PureFormCheck:
    """The FormCheck port: what can be said of the values alone."""

    def check(self, form: str, values: Mapping[str, str]) -> FormErrors:
        """Faults by field name; a form that is not known has one fault on each of its fields."""
        if form not in REQUIRED:
            return FormErrors(dict.fromkeys(values, "This form is not known here; close it."))
        faults = {name: "Fill this in." for name in REQUIRED[form] if not values.get(name, "").strip()}
        if form == "snooze_incident" and not any(values.get(name, "").strip() for name in ("span", "until")):
            faults["until"] = "Choose for how long, or say until when."
        for name, text in values.items():
            if text.strip() and name not in faults and (fault := _fault(name, text.strip())):
                faults[name] = fault
        return FormErrors(faults)


def _fault(name: str, text: str) -> str:
    if len(text) > LONGEST:
        return f"At most {LONGEST} characters."
    if name == "version" and text.lower() in ("latest", "@latest"):
        return "`latest` means something else tomorrow; name the version."
    if name in ("until", "span"):
        return _until(text)
    kinds = {"model": "model", "environment": "environment", "version": "version", "to": "version"}
    if name not in kinds:
        return ""
    try:
        validate_name(kinds[name], text.removeprefix("@") if name == "version" else text)  # type: ignore[arg-type]
    except Refused as why:
        return why.message
    return ""


def _until(text: str) -> str:
    try:
        check_until(text)
    except Refused as why:
        return f"{why.message} {why.unblock}"
    return ""
