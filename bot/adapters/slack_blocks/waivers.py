"""Waivers on a card, where they stay, and the form that gives one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.adapters.slack_blocks.blocks import section
from bot.adapters.slack_blocks.inputs import REASON, field, modal, pick
from bot.adapters.slack_blocks.text import Block, mention, safe
from bot.domain.forms import WaiveForm
from bot.domain.waive_cards import WaiverLine

SHOWN = 4


def waiver_lines(waivers: Sequence[WaiverLine]) -> list[str]:
    """The newest waivers, those that count first; and how many more there are."""
    newest = tuple(reversed(waivers))
    ranked = sorted(newest, key=lambda one: bool(one.ended))
    lines = [_line(one) for one in ranked[:SHOWN]]
    left = len(ranked) - len(lines)
    return [*lines, f"+{left} more waivers in the audit"] if left > 0 else lines


def _line(one: WaiverLine) -> str:
    who = f" by {mention(one.withdrawn_by)}" if one.withdrawn_by else ""
    ended = f" · {safe(one.ended, 80)}{who}" if one.ended else ""
    return f"{mention(one.by)} waived {safe(one.gate, 60)}: “{safe(one.reason, 160)}”{ended}"


def waive_view(form: WaiveForm) -> Block:
    """Which gate, and why."""
    blocks = [
        section(safe(form.about) or "This change"),
        pick("gate", "Gate", form.gates, form.gates[0].value if len(form.gates) == 1 else None),
        field(
            "reason",
            "Reason",
            form.reason,
            REASON,
            multiline=True,
            hint="It stays on the card, the pull request, the commit and the audit, with your name.",
        ),
    ]
    return modal("Waive a gate", "form.waive", blocks, "Waive", c=form.change, d=form.digest, ch=form.channel)
