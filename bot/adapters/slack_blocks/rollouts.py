"""The question before a rollback: what it would do, with the button that does it."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks.blocks import button, message, section, sections
from bot.adapters.slack_blocks.facts import edit_lines
from bot.adapters.slack_blocks.text import Block, bold, safe, sentence
from bot.domain.cards import ConfirmCard

MOST_FACTS = 8


def confirm_card(card: ConfirmCard) -> Block:
    """`Confirm: fraud-detector 42→41, production`, and two buttons."""
    blocks = [section("\n".join(part for part in (bold(card.title) or "*Confirm*", sentence(card.message)) if part))]
    blocks += sections(sentence(fact) for fact in card.facts[:MOST_FACTS])
    blocks += sections(edit_lines(card.edits))
    about = {"c": card.change} if card.change else {"m": card.model, "e": card.environment}
    facts = {**about, "d": card.digest}
    value = json.dumps(facts, separators=(",", ":"))
    yes = button("Roll back", "rollback.confirm", value, style="danger")
    blocks.append({"type": "actions", "elements": [yes, button("Cancel", "rollback.cancel", "{}")]})
    return message(safe(card.title, 300) or "Confirm", blocks)
