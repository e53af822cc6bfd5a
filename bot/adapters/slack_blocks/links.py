"""Linking an account, and people who left."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks.blocks import button, confirm, context, message, section, sections
from bot.adapters.slack_blocks.text import Block, bold, code, mention, paragraphs, safe, sentence
from bot.domain.link_cards import LeaverNews, LinkMessage, LinkOffer, LinkWaits


def link_message(card: LinkMessage) -> Block:
    """Any of them."""
    match card:
        case LinkOffer():
            return _offer(card)
        case LinkWaits():
            return _waits(card)
        case LeaverNews():
            return _left(card)


def _offer(card: LinkOffer) -> Block:
    """The URL holds a ticket, so it stands on the button alone and never in the text."""
    words = paragraphs(card.text) or "Link your GitHub account."
    typed = [section(f"Type this code there: {code(card.code, 40)}")] if card.code else []
    go = button(card.button, "link.open", "{}", url=card.url, style="primary")
    return message(words, [section(words), *typed, {"type": "actions", "elements": [go]}])


def _waits(card: LinkWaits) -> Block:
    who, login = mention(card.person), code(f"@{card.login}", 80)
    text = f"Confirm a link: {who} says that the GitHub account {login} is theirs."
    ask = f"Ask {card.login[:60]} in person first: whoever typed the code may have been tricked into it."
    value = json.dumps({"t": card.person.team, "u": card.person.user, "l": card.login}, separators=(",", ":"))
    yes = button("Confirm", "link.confirm", value, confirm=confirm("Confirm the link?", ask, "It is theirs"))
    note = context("It was made with a code, which can be phished: it counts only once somebody confirms it.")
    return message(text, [section(text), *note, {"type": "actions", "elements": [yes]}])


def _left(card: LeaverNews) -> Block:
    named = [mention(card.person)] if card.person else []
    named += [code(f"@{card.login}", 80)] if card.login else []
    why = (sentence(card.why, 300) or "no longer a member").removesuffix(".")
    ends = "what they said of changes that are not merged counts no more"
    done = f"Linked to no account any more, and {ends}." if card.person else f"{ends[0].upper()}{ends[1:]}."
    head = f"{' '.join(named) or 'Somebody'}: {why}. {done}"
    lines = [f"• {sentence(line, 400)}" for line in card.lines]
    return message(
        f"{safe(card.login or 'Somebody')} left. {head}", [section(bold("Left") + f": {head}"), *sections(lines)]
    )
