"""What can be clicked on an incident's card, and the form of a snooze."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks.blocks import button, option, section
from bot.adapters.slack_blocks.facts import cut
from bot.adapters.slack_blocks.inputs import REASON, field, modal, pick
from bot.adapters.slack_blocks.text import SAFE_URL, Block, clean, safe
from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.windows import Severity
from bot.domain.forms import SnoozeIncidentForm
from bot.domain.incident_cards import IncidentCard

MOST_BUTTONS, UNTIL = 3, 40
WORDS = {
    "take": "I'm on it",
    "snooze": "Snooze",
    "retrain": "Retrain",
    "details": "Details",
    "over": "Take it over",
    "close": "It is over",
}


def incident_actions(card: IncidentCard) -> list[Block]:
    """At most three buttons, and the rest in a menu; once it is over, only what there is to look at."""
    if not card.open:
        return [_button(card, "details"), *_open_button(card)]
    does = _does(card)
    back = [_back(card)] if card.back_to else []
    room = MOST_BUTTONS - len(back)
    buttons = [_button(card, do) for do in does[:room]]
    more = ["close"] if any(one.quiet is not None for one in card.open) else []
    options = [option(WORDS[do], _value(card, do)) for do in (*does[room:], *more)]
    if SAFE_URL.fullmatch(card.url):
        options.append(option("Open the monitor", _value(card, "open"), card.url))
    menu: Block = {"type": "overflow", "action_id": "incident.more", "options": options}
    return [*buttons[:2], *back, *buttons[2:], *([menu] if options else [])]


def _does(card: IncidentCard) -> list[str]:
    """In the order in which people need them; the last ones are always in the menu."""
    free = any(one.owner is None for one in card.open)
    retrain = ["retrain"] if card.can_retrain else []
    return ["take", "snooze", *retrain, "details"] if free else ["snooze", *retrain, "details", "over"]


def _button(card: IncidentCard, do: str) -> Block:
    quiet = do == "snooze" and all(one.state is IncidentState.SNOOZED for one in card.open)
    return button("Snooze again" if quiet else WORDS[do], f"incident.{do}", _value(card, do))


def _open_button(card: IncidentCard) -> list[Block]:
    there = SAFE_URL.fullmatch(card.url)
    return [button("Open the monitor", "incident.open", _value(card, "open"), url=card.url)] if there else []


def _back(card: IncidentCard) -> Block:
    """It shows what would happen, and asks; it is the reader who decides."""
    value = json.dumps({"m": card.model, "e": card.environment}, separators=(",", ":"))
    style = {"style": "danger"} if any(one.severity is Severity.CRITICAL for one in card.open) else {}
    return button(f"Roll back to {cut(clean(card.back_to or ''), 40)}", "change.rollback", value, **style)


def _value(card: IncidentCard, do: str) -> str:
    return json.dumps({"i": card.incident, "do": do}, separators=(",", ":"))


def snooze_incident_view(form: SnoozeIncidentForm) -> Block:
    """Until when: one of a few spans, or whatever is written; and why."""
    blocks = [
        section(f"Of {safe(form.about, 300) or 'it'} nothing is said until then, unless it gets worse."),
        pick("span", "For", form.spans, form.spans[0].value, optional=True),
        field("until", "Or until", None, UNTIL, optional=True, hint="2h, 3d, or 2026-12-24T18:00 (UTC)"),
        field("reason", "Why", None, REASON, optional=True),
    ]
    return modal("Snooze", "form.snooze_incident", blocks, "Snooze", i=form.incident, st=form.storm, ch=form.channel)
