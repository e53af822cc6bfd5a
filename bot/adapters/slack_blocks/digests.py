"""Digests, and what `/drift` answers: a headline, then parts of a few lines each."""

from __future__ import annotations

from collections.abc import Iterator

from bot.adapters.slack_blocks.blocks import context, message, section, sections
from bot.adapters.slack_blocks.text import Block, bold, code, date, link, mention, safe
from bot.domain.digest_cards import DriftReport, Line, Linked, Moment, Piece, ReportPart, Strong, Typed, Who

LINE, PIECE, PARTS = 600, 240, 40


def drift_report(card: DriftReport, prefix: str) -> Block:
    """One section a part at least, so that a phone shows where one ends."""
    lead = [line for line in (_line(one, prefix) for one in card.lead) if line]
    blocks = [section("\n".join([bold(card.headline) or "*Drift*", *lead]))]
    for part in card.parts[:PARTS]:
        blocks += sections(_part(part, prefix))
    blocks += context(*(_line(one, prefix) for one in card.foot))
    return message(safe(card.headline) or "Drift", blocks)


def _part(part: ReportPart, prefix: str) -> Iterator[str]:
    yield bold(part.title, 100)
    for line in part.lines:
        yield f"• {_line(line, prefix)}"
    if part.left > 0:
        where = _line(part.more, prefix)
        yield f"• +{part.left} more{f': {where}' if where else ''}"


def _line(line: Line, prefix: str) -> str:
    """As many whole pieces as fit: half a mention is none."""
    shown, used = [], 0
    for piece in line:
        text = _piece(piece, prefix)
        used += len(text)
        if used > LINE:
            shown.append("…")
            break
        shown.append(text)
    return "".join(shown).strip()


def _piece(piece: Piece, prefix: str) -> str:
    match piece:
        case Strong(text):
            return bold(text, 120) or "*?*"
        case Moment(at):
            return date(at)
        case Who(person, login):
            return safe(login, 60) if login else mention(person)
        case Linked(text, url):
            return link(url, text)
        case Typed(text):
            return code(f"/{prefix}{text.removeprefix('/')}", 80)
        case _:
            return _plain(piece)


def _plain(text: str) -> str:
    """Untrusted words keep the spaces around them, which part them from the pieces beside them."""
    left, right = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * left}{safe(text, PIECE)}{' ' * (right and bool(text.strip()))}"
