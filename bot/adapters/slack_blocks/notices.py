"""Short messages: receipts, refusals, what happened in a thread, news that needs a person, help."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.adapters.slack_blocks.blocks import context, message, next_step, section
from bot.adapters.slack_blocks.rollout_card import back_button, take_on_button
from bot.adapters.slack_blocks.text import Block, bold, called, code, link, mention, paragraphs, safe, sentence
from bot.domain.cards import Help, Receipt, Refusal, ThreadEvent, ThreadNews

CALLED_AT_ONCE = 20
_NAMED = re.compile(r"(?<![\w:/])slack:(?:(?:[A-Z0-9]+/)?[UWS][A-Z0-9]{2,20}(?![\w/])|@[\w-]+(?:\.[\w-]+)*)")
_COMMAND = re.compile(r"`/(?=(?:promote|rollback|models|drift|slackops)\b)")


def receipt(card: Receipt) -> Block:
    """A short answer, with a link where there is one."""
    words = paragraphs(card.text) or "Done."
    more = f" {link(card.url, card.url_text)}" if card.url else ""
    return message(words, [section(words + more)])


def refusal(card: Refusal, prefix: str = "") -> Block:
    """What was not done and why; then what to do next; the reason code small, for those who search for it. Commands
    that it names are written as this workspace writes them."""
    card = replace(card, message=as_here(card.message, prefix), unblock=as_here(card.unblock or "", prefix) or None)
    title, why = safe(card.title), paragraphs(card.message)
    blocks = [section("\n".join(part for part in (bold(card.title) or "*Not done*", why) if part))]
    blocks += [*_calling(next_step(card.unblock)), *context(f"Reason: {code(card.reason, 60)}")]
    return message(f"{title or 'Not done'}. {why}".strip(), blocks)


def _calling(blocks: list[Block]) -> list[Block]:
    """People and groups whom the next step names as the policy writes them, as mentions. Only the asker sees it."""
    texts = (block["text"] for block in blocks)
    return [
        section(_NAMED.sub(lambda hit: called(hit[0]), str(text["text"]))) for text in texts if isinstance(text, dict)
    ]


def thread_event(card: ThreadEvent) -> Block:
    """One line; who waited for it stands first, then who did it."""
    words = paragraphs(card.text) or "Updated."
    text = f"{mention(card.by)} {words}" if card.by else words
    if card.to:
        text = f"{' '.join(mention(one) for one in card.to[:CALLED_AT_ONCE])} {text}"
    return message(text, [section(text)])


def thread_news(card: ThreadNews) -> Block:
    """The headline first, because it is the push text; then who is called, and what for."""
    calls = [called(entry) for entry in dict.fromkeys(card.notify) if entry]
    shown = " ".join(calls[:CALLED_AT_ONCE]) + (f" +{len(calls) - CALLED_AT_ONCE} more" * (len(calls) > CALLED_AT_ONCE))
    words = paragraphs(card.text, 800)
    body = " ".join(part for part in (shown, words) if part)
    text = "\n".join(part for part in (bold(card.headline) or "*News*", body) if part)
    blocks: list[Block] = [section(text)]
    if card.change:
        back = [back_button(card.change, card.back_to, urgent=True)] if card.back_to else []
        blocks.append({"type": "actions", "elements": [*back, take_on_button(card.change)]})
    return message(f"{safe(card.headline)} {body}".strip() or "News", blocks)


def help_card(card: Help, prefix: str) -> Block:
    """Every command, how it is written and what it does."""
    lines = [f"{code(slashed(line.usage, prefix), 200)}\n{sentence(line.does, 300)}" for line in card.lines[:20]]
    blocks = [section(line) for line in lines or ["There is nothing to show."]]
    blocks += context(sentence(card.note, 1000))
    usages = " · ".join(safe(slashed(line.usage, prefix), 150) for line in card.lines[:20])
    return message(f"SlackOps: {usages}", [section("*SlackOps*"), *blocks])


def slashed(usage: str, prefix: str) -> str:
    """`/promote …` as this workspace writes it: with the command prefix."""
    return f"/{prefix}{usage[1:]}" if usage.startswith("/") else usage


def as_here(text: str, prefix: str) -> str:
    """The commands that a text names as this workspace writes them."""
    return _COMMAND.sub(f"`/{prefix}", text)
