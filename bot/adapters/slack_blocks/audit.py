"""The newest decisions about a model, for whoever asked."""

from __future__ import annotations

from bot.adapters.slack_blocks.blocks import context, message, section, sections
from bot.adapters.slack_blocks.text import Block, bold, date, mention, safe, sentence
from bot.domain.audit_cards import AuditLine, AuditList

OLDER = "There is more: `slackops audit export` has every row."


def audit_list(card: AuditList) -> Block:
    """A line each."""
    lines = [_line(one) for one in card.lines] or ["Nothing was decided about it yet."]
    blocks = [section(f"{bold('Audit')} {bold(card.model, 200)}".strip()), *sections(lines)]
    blocks += context(OLDER if card.more else "")
    newest = sentence(card.lines[0].text, 200) if card.lines else "nothing yet"
    return message(f"Audit: {safe(card.model, 80)}: {newest}", blocks)


def _line(line: AuditLine) -> str:
    who = mention(line.person) if line.person else safe(line.name, 80) or "?"
    return f"{date(line.at)} {who} {sentence(line.text, 250)}"
