"""What the channel is told about the model registry."""

from __future__ import annotations

from bot.adapters.slack_blocks.blocks import message, next_step, section
from bot.adapters.slack_blocks.notices import as_here
from bot.adapters.slack_blocks.text import Block, bold, called, paragraphs, safe
from bot.domain.registry_cards import RegistryNews

CALLED = 10


def registry_news(card: RegistryNews, prefix: str) -> Block:
    """The headline, what happened, what to do now. Commands are written as this workspace writes them."""
    calls = " ".join(called(one) for one in dict.fromkeys(card.notify[:CALLED]) if one and not card.settled)
    words = paragraphs(as_here(card.text, prefix), 800)
    body = " ".join(part for part in (calls, words) if part)
    text = "\n".join(part for part in (bold(card.headline) or "*Registry*", body) if part)
    todo = [] if card.settled else next_step(as_here(card.unblock, prefix) or None)
    return message(f"{safe(card.headline)} {body}".strip() or "Registry", [section(text), *todo])
