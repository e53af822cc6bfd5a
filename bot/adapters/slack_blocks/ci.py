"""CI: the card of a commit, the message of many, the form of a snooze."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.adapters.slack_blocks.blocks import button, context, fenced, message, section, sections
from bot.adapters.slack_blocks.inputs import REASON, field, modal, pick
from bot.adapters.slack_blocks.text import (
    SAFE_URL,
    Block,
    bold,
    called,
    clean,
    clip,
    code,
    date,
    link,
    mention,
    safe,
)
from bot.domain.ci_cards import CiCard, CiDigest, CiDigestLine, CiGateLine, CiSuspectLine
from bot.domain.ci_words import headline, named
from bot.domain.forms import SnoozeCiForm

GATES, LINES, MODELS, CALLED, UNTIL = 8, 20, 10, 20, 40
_EXCERPT = 1200


def ci_card(card: CiCard) -> Block:
    """`CI failed: acme/fraud-training main abc1234: unit-tests, lint (2)`, why, who may have to do with it."""
    head = "\n".join(part for part in (bold(headline(card), 500), _called(card)) if part)
    shown, left = card.gates[:GATES], card.gates[GATES:]
    blocks = [section(head), *(block for one in shown for block in _gate(one, card.sha))]
    blocks += context(f"… and {len(left)} more gates" if left else "")
    blocks += list(_suspects(card)) if card.failing else []
    blocks += context(_concerns(card))
    buttons = _buttons(card)
    blocks += [{"type": "actions", "elements": buttons}] if buttons else []
    return message(safe(headline(card), 500), blocks)


def ci_digest(card: CiDigest) -> Block:
    """`CI: 12 commits failed since 14:05`, a line each."""
    failing = sum(one.failing for one in card.lines)
    repos = len({one.repo for one in card.lines})
    what = f"{len(card.lines)} more commits failed in {repos} {'repository' if repos == 1 else 'repositories'}"
    head = f"CI: {what}, {failing} fail still"
    calls = " ".join(called(one) for one in card.notify[:CALLED]) if failing else ""
    top = section("\n".join(part for part in (f"{bold(head)} since {date(card.since)}", calls) if part))
    lines = [_digest_line(one) for one in card.lines[:LINES]]
    left = len(card.lines) - len(lines)
    return message(safe(head), [top, *sections(lines), *context(f"… and {left} more" if left > 0 else "")])


def snooze_view(form: SnoozeCiForm) -> Block:
    """The gate, until when, why."""
    blocks = [
        section(f"Of {code(form.repo, 210)} nothing is said until then; what fails still is told after that."),
        pick("gate", "Gate", form.gates, form.gates[0].value if form.gates else None),
        field("until", "Until", None, UNTIL, hint="2h, 3d, or 2026-12-24T18:00 (UTC)"),
        field("reason", "Reason", None, REASON, optional=True),
    ]
    return modal("Snooze CI", "form.snooze_ci", blocks, "Snooze", r=form.repo, s=form.sha, ch=form.channel)


def _called(card: CiCard) -> str:
    """Owners, and those who asked for the change; nobody once it is back."""
    if not card.failing:
        return ""
    calls = [*(called(one) for one in card.notify), *(mention(one) for one in card.people)]
    known = [one for one in dict.fromkeys(calls) if one]
    return " ".join(known[:CALLED]) + (f" +{len(known) - CALLED} more" if len(known) > CALLED else "")


def _gate(one: CiGateLine, sha: str) -> Iterable[Block]:
    state = "fails" if one.failing else "passes again"
    place = ""
    if one.sha != sha:
        since = f", {one.since} {'commit' if one.since == 1 else 'commits'} since" if one.since else ""
        place = f" still at {code(one.sha[:7])}{since}" if one.failing else f" at {code(one.sha[:7])}"
    notes = [" · flapping" if one.flapping else "", f" · snoozed until {date(one.snoozed)}" if one.snoozed else ""]
    name = link(one.url, one.gate) if one.url else safe(one.gate, 100)
    why = f": {safe(one.summary, 200)}" if one.summary and one.failing else ""
    yield section(f"• {name} {state}{place}{''.join(notes)}{why}")
    if one.failing and (lines := _lines(one.excerpt)):
        yield fenced(lines)


def _lines(text: str) -> str:
    kept = [clean(line).replace("`", "ˋ") for line in text.splitlines()]
    return clip("\n".join(line for line in kept if line), _EXCERPT)


def _suspects(card: CiCard) -> Iterable[Block]:
    if not card.suspects:
        return
    since = f"Since {code(card.green[:7])}, which passed" if card.green else "Since it passed"
    lines = [f"{since}{_compare(card)}:", *map(_suspect, card.suspects)]
    yield from sections([*lines, *([f"… and {card.more} more"] if card.more else [])])


def _suspect(one: CiSuspectLine) -> str:
    who = mention(one.person) if one.person else safe(one.author, 60)
    return f"• {code(one.sha[:7])} {safe(one.subject, 120)} · {who}"


def _compare(card: CiCard) -> str:
    return f" ({link(card.compare, 'compare')})" if SAFE_URL.fullmatch(card.compare) else ""


def _concerns(card: CiCard) -> str:
    if card.every:
        return "The deployment repo: it concerns every model."
    return f"Concerns {safe(named(card.models, MODELS), 600)}" if card.models else ""


def _buttons(card: CiCard) -> list[Block]:
    value = json.dumps({"r": card.repo, "s": card.sha}, separators=(",", ":"))
    first = (*card.failing, *card.gates)[0]
    found = [button("Re-run", "ci.rerun", value), button("Snooze", "ci.snooze", value)] if card.failing else []
    return [*found, *([button("Open", "ci.open", value, url=first.url)] if SAFE_URL.fullmatch(first.url) else [])]


def _digest_line(one: CiDigestLine) -> str:
    place = link(one.url, f"{one.repo} {one.branch} {one.sha[:7]}")
    return f"• {place}: {safe(named(one.gates), 200)}{'' if one.failing else ' (back)'}"
