"""Subscriptions, and the news that they bring."""

from __future__ import annotations

from bot.adapters.slack_blocks.blocks import context, message, section, sections
from bot.adapters.slack_blocks.text import Block, link, mention, paragraphs, safe
from bot.domain.grammar_subscribe import EVENTS
from bot.domain.subscription_cards import Subscribed, SubscriptionLine, SubscriptionList, SubscriptionNews

NONE_YET = (
    "This channel hears of nothing but what the policy sends to it. `/slackops subscribe MODEL|ENV` adds to that."
)


def subscribed(card: Subscribed) -> Block:
    """One line, where it leads, and why it is said here."""
    words = paragraphs(card.text, 800) or "News."
    more = f" {link(card.url, 'Open')}" if card.url else ""
    return message(words, [section(words + more), *context(f"This channel subscribed to {safe(card.why, 100)}.")])


def subscription_list(card: SubscriptionList) -> Block:
    """A line each."""
    lines = [_line(line) for line in card.lines] or [NONE_YET]
    return message(f"This channel hears of: {lines[0]}", [section("*This channel hears of*"), *sections(lines)])


def subscription_news(card: SubscriptionNews) -> Block:
    """Who changed what this channel hears."""
    verb = "hears no more of" if card.off else "hears of"
    words = f"{mention(card.by)} decided: this channel {verb} {_line(card.line)}."
    undo = "" if card.off else f"`/slackops subscribe {safe(card.line.subject, 100)} --off` ends it."
    return message(words, [section(words), *context(undo)])


def _line(line: SubscriptionLine) -> str:
    every = set(line.events) == set(EVENTS)
    return f"{safe(line.subject, 100)}: {'everything' if every else ', '.join(line.events)}"
