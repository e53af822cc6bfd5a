"""Freezes and bans, as the channel and the asker see them; and the buttons that offer them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.adapters.slack_blocks.blocks import button, context, message, section, sections
from bot.adapters.slack_blocks.facts import cut
from bot.adapters.slack_blocks.text import Block, bold, clean, code, date, mention, safe, sentence
from bot.domain.cards import ChangeCard
from bot.domain.stop_cards import StopLine, StopList, StopNews

SHOWN = 25


def stop_news(card: StopNews, prefix: str) -> Block:
    """Who stopped or lifted what, until when and why; what that means; how it is taken back."""
    end = f" until {date(card.until)}" if card.until is not None else ""
    why = f": {sentence(card.reason)}" if card.reason else ""
    lines = [bold(card.headline) or "*News*", f"{mention(card.by)}{end}{why}", sentence(card.effect)]
    blocks = [section("\n".join(line for line in lines if line))]
    blocks += context(code(_slashed(card.lift, prefix), 200)) if card.lift else []
    return message(f"{safe(card.headline)}{why}".strip() or "News", blocks)


def stop_list(card: StopList) -> Block:
    """A line each; when there are many, the rest is counted."""
    lines = [_line(one) for one in card.lines[:SHOWN]]
    left = len(card.lines) - len(lines)
    nothing = [] if card.fault else [sentence(card.empty) or "None."]
    blocks = [section(bold(card.title) or "*List*"), *sections(lines or nothing)]
    blocks += sections([sentence(card.fault)] if card.fault else [])
    blocks += context(f"… and {left} more" if left > 0 else "")
    said = "; ".join(safe(one.what, 80) for one in card.lines[:5]) or ("not known" if card.fault else "none")
    return message(f"{safe(card.title, 80)}: {said}", blocks)


def _line(line: StopLine) -> str:
    end = f" until {date(line.until)}" if line.until is not None else ""
    why = f": {sentence(line.reason, 300)}" if line.reason else ""
    return f"{bold(line.what, 200) or '*?*'}{end} · {mention(line.by)}, {date(line.since)}{why}"


def stop_buttons(card: ChangeCard) -> list[Block]:
    """`Ban 42` and `Freeze`, where the card may offer them; each opens a short form."""
    return list(_buttons(card))


def _buttons(card: ChangeCard) -> Iterable[Block]:
    value = json.dumps({"c": card.change}, separators=(",", ":"))
    if "ban" in card.stops and card.frm:
        yield button(f"Ban {cut(clean(card.frm), 30)}", "stop.ban", value)
    if "freeze" in card.stops:
        yield button("Freeze", "stop.freeze", value)


def _slashed(usage: str, prefix: str) -> str:
    return f"/{prefix}{usage[1:]}" if usage.startswith("/") else usage
