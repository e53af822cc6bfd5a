"""The candidate beside the deployed version: a `table` block with what else is known under it.

https://docs.slack.dev/reference/block-kit/blocks/table-block: one a message, 100 rows, 20 columns, 10,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.adapters.slack_blocks.blocks import context, message, section, sections
from bot.adapters.slack_blocks.facts import cut
from bot.adapters.slack_blocks.text import Block, bold, clean, link, safe, sentence, units
from bot.domain.commit_words import between, newest
from bot.domain.comparison import Changed, Comparison, MetricDelta
from bot.domain.comparison_about import registered
from bot.domain.comparison_card import ComparisonCard
from bot.domain.figures import difference, figure, judgement, pair, summary
from bot.domain.set_words import set_rows, turned
from bot.domain.wording import short

METRICS_SHOWN, CHANGED_SHOWN, SETS_SHOWN = 30, 12, 8
NAME, VALUE, CELLS = 60, 40, 5000
_ID = re.compile(r"(?:[A-Z0-9]+/)?[UWS][A-Z0-9]{2,30}")
_LITERAL = str.maketrans({"<": "‹", ">": "›"})  # so that nothing is a mention, whoever reads a cell as mrkdwn
_SILENT = {
    "candidate": "The registry does not tell of the candidate now.",
    "deployed": "The registry does not tell of the deployed version, so there is nothing beside it.",
    "commits": "The commits between the two could not be asked for.",
    "requirements": "The libraries that the two need could not be read, or not of both.",
    "elsewhere": "What the other environments have could not all be told.",
}
Row = tuple[str, ...]


def comparison_card(card: ComparisonCard) -> Block:
    """The table, or sentences where there is nothing for one."""
    told = card.comparison
    fitting, left = _fitting(_rows(told))
    blocks = [section(_head(told)), *([_table(told, fitting)] if fitting else [])]
    blocks += sections(_lines(told)) if fitting else sections([*_nothing(told), *_lines(told)])
    more = f"+{left} more in the pull request" if left else ""
    others = f"{card.others} more targets move with it and are not compared here." if card.others else ""
    blocks += context(more, others, link(card.url, "Details") if card.url else "")
    return message(_fallback(told), blocks)


def _head(told: Comparison) -> str:
    versions = f"{short(told.frm)} → {short(told.to)}" if told.frm else short(told.to)
    return f"{bold(f'Compared: {told.model} {versions}, {told.environment}', 400)}{_first(told)}"


def _first(told: Comparison) -> str:
    return "" if told.frm else "\nThe first version here: there is nothing to compare it with."


def _nothing(told: Comparison) -> list[str]:
    return [] if "candidate" in told.missing else ["No metric, parameter or data set tells the two apart."]


def _fallback(told: Comparison) -> str:
    versions = f"{short(told.frm)}→{short(told.to)}" if told.frm else short(told.to)
    first = f" · {safe(summary(told.metrics[0]), 300)}" if told.metrics else ""
    more = f" · +{len(told.metrics) - 1} more metrics" if len(told.metrics) > 1 else ""
    return f"Compared: {safe(f'{told.model} {versions}, {told.environment}', 300)}{first}{more}"


def _table(told: Comparison, rows: list[Row]) -> Block:
    wide = len(rows[0])
    to = _plain(short(told.to), VALUE)
    head = ("", _plain(short(told.frm or ""), VALUE), to, "Difference", "") if wide == 5 else ("", to)
    align = [{"is_wrapped": True}, *({"align": "right"} for _ in range(min(wide - 1, 3)))]
    return {
        "type": "table",
        "rows": [[_cell(text) for text in row] for row in (head, *rows)],
        "column_settings": align,
    }


def _cell(text: str) -> Block:
    """A cell must not be empty."""
    return {"type": "raw_text", "text": text or " "}


def _plain(text: str, limit: int) -> str:
    return cut(clean(text).translate(_LITERAL), limit)


def _fitting(rows: Iterable[tuple[Row, int]]) -> tuple[list[Row], int]:
    """As many rows as fit, and how many lines were left out."""
    held: list[Row] = []
    used, left = 0, 0
    for row, hidden in rows:
        left += hidden
        if not row:
            continue
        used += sum(units(cell) for cell in row)
        if used > CELLS:
            left += 1
        else:
            held.append(row)
    return held, left


def _rows(told: Comparison) -> Iterator[tuple[Row, int]]:
    """Rows, each with how many were left out before it; an empty one only counts."""
    both = told.known_before
    metrics = (_metric(one, both=both) for one in told.metrics[:METRICS_SHOWN])
    yield from ((row, 0) for row in metrics)
    yield (), max(0, len(told.metrics) - METRICS_SHOWN)
    yield from _group("parameter ", told.params, CHANGED_SHOWN)
    sets = set_rows(told)
    yield from ((_set(row, both=both), 0) for row in sets[:SETS_SHOWN])
    yield (), max(0, len(sets) - SETS_SHOWN)
    yield from _group("library ", told.requirements, CHANGED_SHOWN)


def _metric(one: MetricDelta, *, both: bool) -> Row:
    name = _plain(one.name, NAME) + (" (primary)" if one.primary else "")
    if not both:
        return (name, figure(one.after))
    return (name, *pair(one.before, one.after), difference(one), judgement(one))


def _set(row: Changed, *, both: bool) -> Row:
    name = f"data {_plain(row.name, NAME)}"
    return (name, _value(row.before), _value(row.after), "", turned(row)) if both else (name, _value(row.after))


def _group(kind: str, changed: tuple[Changed, ...], most: int) -> Iterator[tuple[Row, int]]:
    """Only where both are known is anything changed, so the row has all columns."""
    for one in changed[:most]:
        turn = "new" if one.before is None else "gone" if one.after is None else "changed"
        yield (f"{kind}{_plain(one.name, NAME)}", _value(one.before), _value(one.after), "", turn), 0
    yield (), max(0, len(changed) - most)


def _value(text: str | None) -> str:
    return "–" if text is None else _plain(text, VALUE) or "(empty)"


def _lines(told: Comparison) -> Iterator[str]:
    yield from _commits(told)
    if told.signature:
        yield from ("*What callers would notice*", *(f"• {safe(one, 400)}" for one in told.signature))
    yield safe(registered(told), 200)
    if told.elsewhere:
        places = (f"{safe(one.environment, 40)} {safe(short(one.version or '–'), 40)}" for one in told.elsewhere[:10])
        yield f"Elsewhere: {', '.join(places)}"
    owners = [name for name in (one.removeprefix("slack:") for one in told.owners) if not _ID.fullmatch(name)]
    if owners:  # named, not called: nobody is needed here; an id without a call says nothing to anybody
        yield f"Owners: {', '.join(safe(name, 60) for name in owners[:10])}"
    yield from (sentence(_SILENT[one]) for one in told.missing)


def _commits(told: Comparison) -> Iterator[str]:
    """What came between, newest first, each a line."""
    if told.commits is None:
        return
    shown, left = newest(told.commits)
    yield f"*Training commits*: {link(told.commits.url, between(told.commits))}"
    yield from (f"• {safe(one.sha[:7], 10)} {safe(one.subject, 120)} ({safe(one.author, 60)})" for one in shown)
    if left:
        yield f"• and {left} more"
