"""The details page as HTML: plain and escaped, without a script, readable without its style and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from bot.domain.details import FIRST, ComparisonShown, Details, GateShown, Pair, Passed, ReviewShown, Transition
from bot.ports.details import Page

_SAFE_URL = re.compile(r"https?://[^\s<>\"'`]{1,900}")
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem 1rem 4rem;overflow-wrap:break-word}
h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.4rem 0}.stage{font-weight:700}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid #8884}
td{overflow-wrap:break-word;max-width:22rem}
th{overflow-wrap:normal;white-space:nowrap}td.state{font-weight:700}.small{font-size:.85rem;opacity:.8}
.fail{color:#b3261e}.unknown{color:#8a5300}.pass{color:#146c2e}img{max-width:100%;height:auto}
body{background:#fff;color:#1d1c1d}a{color:#0b57d0}
@media(max-width:30rem){table{font-size:.8rem}th,td{padding-right:.4rem}td{max-width:9rem}}
@media(prefers-color-scheme:dark){body{background:#1a1d21;color:#d1d2d3}a{color:#8ab4f8}
.fail{color:#f2b8b5}.unknown{color:#f9c97c}.pass{color:#9dd6a8}}
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" href="data:,"><title>{title} · SlackOps</title>
<style>{style}</style></head>
<body><main>{body}</main></body></html>
"""
_MARKS = {"pass": "✓", "fail": "✗", "unknown": "?", "skipped": "–"}
_WORDS = {"pass": "passes", "fail": "fails", "unknown": "unknown", "skipped": "skipped"}


def _whole(title: str, body: str) -> str:
    return _PAGE.format(title=_text(title), style=_STYLE, body=body)


def _text(text: str) -> str:
    """Untrusted text: nothing in it is HTML, and nothing invisible turns it around."""
    return escape(_ODD.sub("�", text))


ENDED = _whole(
    "This link has ended",
    "<h1>This link has ended</h1><p>Links to details are good for two to four weeks. While the change is open, "
    "its card in Slack has a new one: <b>Details</b> there, or <b>More → Compare</b>; so has the status "
    "<code>slackops/gates</code> of the pull request. Of a change that is over, the card, the pull request and "
    "<code>/slackops audit MODEL</code> tell what was decided.</p>",
)
NOT_FOUND = _whole(
    "Nothing here",
    "<h1>Nothing here</h1><p>This is no link to the details of a change. Take it whole, as it stands on the card in "
    "Slack or behind the status <code>slackops/gates</code>.</p>",
)
UNAVAILABLE = _whole(
    "Not now", "<h1>Not now</h1><p>What is known cannot be read at the moment. Try again in a few seconds.</p>"
)


def page(found: Page, signed: str = "") -> str:
    """The whole page. ``signed`` is the query of its link: the picture's address has the same."""
    seen = found.details
    parts = [
        f"<h1>{_text(seen.title)}</h1>",
        _head(seen),
        _section("After the merge", _rollout(seen.rollout)),
        _section("Gates", _gates(seen)),
        _section("Approvals", _approvals(seen)),
        *([_compared(seen.comparison, seen)] if seen.comparison else []),
        _picture(found, signed),
        _section("What changes in Git", _table(("Where", "From", "To"), _triples(seen.edits))),
        _section("What became of the gates", _history(seen.history)),
        _foot(found),
    ]
    return _whole(seen.title, "\n".join(part for part in parts if part))


def _head(seen: Details) -> str:
    watched = "" if seen.enforced else "<p>The policy only watches: nothing here blocks.</p>"
    unread = "" if seen.judged else "<p>Policy or target cannot be read now, so it is not judged.</p>"
    note = f" {_text(seen.note)}" if seen.note else ""
    pull = _link(seen.url, f"Pull request #{seen.number}")
    asked = "".join(f"<p>{_text(one)}</p>" for one in seen.asked)
    return f'<p><span class="stage">{_text(seen.stage)}.</span>{note}</p>{watched}{unread}<p>{pull}</p>{asked}'


def _gates(seen: Details) -> str:
    if not seen.gates:
        return "<p>No gates are set for this environment.</p>" if seen.judged else "<p>Not known now.</p>"
    said = _held(sum(gate.holds_up for gate in seen.gates), len(seen.gates), ended=seen.ended)
    rows = "".join(map(_gate, sorted(seen.gates, key=lambda gate: not gate.holds_up)))
    return f"<p>{said}</p>{_rows(('Gate', 'State', 'Observed', 'Required'), rows)}"


def _held(stuck: int, many: int, *, ended: bool) -> str:
    if ended:
        return f"As they were judged last: {f'{stuck} of {many} held it up' if stuck else 'none held it up'}."
    return f"{stuck} of {many} {'holds' if stuck == 1 else 'hold'} it up." if stuck else "None holds it up."


def _gate(gate: GateShown) -> str:
    name = _link(gate.url, gate.name) if gate.url else _text(gate.name)
    marks = [] if gate.blocks else ["does not block"]
    marks += ["at the proposal"] if gate.at == "propose" else []
    small = f'<br><span class="small">{", ".join(marks)}</span>' if marks else ""
    more = f"<br>{_text(gate.explanation)}" if gate.explanation else ""
    waived = f"<br>Waived {_text(gate.waived)}" if gate.waived else ""
    return (
        f"<tr><td>{name}{small}</td>{_state(gate)}<td>{_text(gate.observed)}{more}{waived}</td>"
        f"<td>{_text(gate.required)}</td></tr>"
    )


def _state(gate: GateShown) -> str:
    """The word says it; mark and colour only help."""
    kind = gate.state if gate.state in _WORDS else "unknown"
    word = f"waived, {_WORDS[kind]}" if gate.waived else _WORDS[kind]
    return f'<td class="state {kind}">{_MARKS[kind]} {word}</td>'


def _approvals(seen: Details) -> str:
    needed = f"{seen.approvals} of {seen.required} that are needed." if seen.required else "None are needed here."
    return f"<p>{needed}</p>" + _list(map(_review, seen.reviews))


def _review(one: ReviewShown) -> str:
    return f"{_text(one.who)} {_text(one.said)}: {'counts' if one.counts else f'does not count ({_text(one.why)})'}"


def _compared(seen: ComparisonShown, details: Details) -> str:
    before, after = f"Before ({details.frm})" if details.frm else "Before", f"After ({details.to})"
    commits = _list(map(_text, seen.commits)) + (
        f"<p>{_link(seen.commits_url, 'Compare the code')}</p>" if seen.commits_url else ""
    )
    tables = (
        ("Metrics", ("Metric", before, after, "Difference"), seen.metrics),
        ("Parameters that changed", ("Parameter", before, after), seen.params),
        ("Data sets, by digest", ("Data set", before, after, ""), seen.datasets),
        ("Libraries that changed", ("Library", before, after), seen.requirements),
    )
    shown = [_section("Beside the deployed version", _list(map(_text, seen.notes)))]
    shown += [_section(title, _table(head, _cells(rows, len(head)))) for title, head, rows in tables]
    shown.append(_section("Code between the two", commits))
    others = [(one.name, one.after) for one in seen.elsewhere]
    return "".join([*shown, _section("Other environments", _table(("Environment", "Version"), others))])


def _picture(found: Page, signed: str) -> str:
    """Relative, so that it is found behind a proxy that puts all of the bot under a path."""
    if not (found.alt and signed):
        return ""
    address = f"{quote(found.details.change, safe='')}/chart.png?{signed}"
    said = "As it stood when the change was proposed."
    return f'<p><img src="{escape(address)}" alt="{_text(found.alt)}"><br><span class="small">{said}</span></p>'


def _rollout(rollout: Sequence[Passed]) -> str:
    return _table(("Since", "Stage", ""), [(_moment(one.at), one.stage, one.note) for one in rollout])


def _history(history: Sequence[Transition]) -> str:
    rows = [(_moment(one.at), one.gate, _became(one), one.observed) for one in reversed(history)]
    return _table(("When", "Gate", "Became", "Observed"), rows)


def _became(one: Transition) -> str:
    return one.after if one.before == FIRST else f"{one.before} → {one.after}"


def _foot(found: Page) -> str:
    seen = found.details
    more = f"<p>{seen.left_out} more rows are not shown.</p>" if seen.left_out else ""
    again = "It is looked at again whenever the branch, the default branch, the registry or the policy moves."
    return (
        f"{more}<h2>Evaluated</h2><p>It stands like this since {_moment(found.at)}. "
        f"{'It has ended, so it is not judged again.' if seen.ended else again}</p>"
        f"<p>Head <code>{_text(seen.head)}</code><br>Base, and the policy at it: <code>{_text(seen.base)}</code><br>"
        f"Change <code>{_text(seen.change)}</code></p>"
        f'<p class="small">This link ends on {_moment(found.ends)}. Whoever has it can read this page and do nothing '
        "else with it.</p>"
    )


def _section(title: str, body: str) -> str:
    return f"<h2>{title}</h2>{body}" if body else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    shown = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return _rows(head, shown) if shown else ""


def _rows(head: Sequence[str], rows: str) -> str:
    cells = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in head)
    return f'<div class="scroll"><table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>'


def _triples(rows: Iterable[Pair]) -> list[Sequence[str]]:
    return _cells(rows, 3)


def _cells(rows: Iterable[Pair], columns: int) -> list[Sequence[str]]:
    return [(one.name, one.before, one.after, one.word)[:columns] for one in rows]


def _list(items: Iterable[str]) -> str:
    """Items that are HTML already."""
    shown = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{shown}</ul>" if shown else ""


def _link(url: str | None, words: str) -> str:
    if url is None or not _SAFE_URL.fullmatch(url):
        return _text(words)
    return f'<a href="{escape(url)}" rel="noreferrer noopener">{_text(words)}</a>'


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
