"""Retraining: its own card, and the form that asks for one."""

from __future__ import annotations

from bot.adapters.slack_blocks.blocks import button, context, message, section
from bot.adapters.slack_blocks.inputs import REASON, field, modal
from bot.adapters.slack_blocks.text import SAFE_URL, Block, bold, date, mention, paragraphs, safe
from bot.domain.retrain_card_words import headline
from bot.domain.retrain_cards import RetrainCard, RetrainForm


def retrain_card(card: RetrainCard) -> Block:
    """`Retraining: fraud-detector, production`: who wanted it, why, what trains, what came of it."""
    reason = f": “{safe(card.reason, 300)}”" if card.reason else ""
    lines = [bold(headline(card, 400), 500), f"{mention(card.by)} asked{reason}"]
    if words := paragraphs(card.words, 800):
        lines.append(words)
    blocks = [section("\n".join(lines)), *context(" · ".join(_facts(card)))]
    if SAFE_URL.fullmatch(card.url):
        blocks.append({"type": "actions", "elements": [button("Open", "retrain.open", card.retrain, url=card.url)]})
    return message(f"{safe(headline(card), 200)} · {mention(card.by)} asked", blocks)


def _facts(card: RetrainCard) -> list[str]:
    began = f"started {date(card.started)}" if card.started else f"asked {date(card.asked)}"
    ended = f"ended {date(card.ended)}" if card.ended else ""
    return [part for part in (safe(card.engine, 200), began, ended) if part]


def retrain_view(form: RetrainForm) -> Block:
    """Why. What would be started stands above it."""
    about = f"{safe(form.about, 300)}: {_starts(form)} Its version is proposed, never deployed."
    hint = "It stands in the thread, in the change that proposes the version, and in the audit, with your name."
    blocks = [section(about), field("reason", "Why", form.reason, REASON, multiline=True, hint=hint)]
    known = {"m": form.model, "e": form.environment, "i": form.incident, "ch": form.channel}
    return modal("Train a model again", "form.retrain", blocks, "Retrain", **known)


def _starts(form: RetrainForm) -> str:
    if not form.running:
        return f"this starts {safe(form.engine, 300)}."
    return f"{safe(form.engine, 300)} runs already ({safe(form.running, 200)}). You would hear what comes of it."
