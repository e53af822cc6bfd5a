"""Lines that several cards share: metrics, gates, edits, reviews."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.adapters.slack_blocks.text import clip, code, link, mention, safe
from bot.domain.cards import EditLine, MetricLine, ReviewLine
from bot.domain.facts import Verdict
from bot.domain.gates import GateResult, GateState

GATES_SHOWN, EDITS_SHOWN, METRICS_SHOWN, REVIEWS_SHOWN = 4, 3, 4, 5
_MARK = {GateState.PASS: "✓", GateState.FAIL: "✗", GateState.UNKNOWN: "?", GateState.SKIPPED: "–"}
_WORD = {GateState.PASS: "passes", GateState.FAIL: "fails", GateState.UNKNOWN: "unknown", GateState.SKIPPED: "skipped"}
_ORDER = {GateState.FAIL: 0, GateState.UNKNOWN: 1, GateState.SKIPPED: 2, GateState.PASS: 3}
_SAID = {
    Verdict.APPROVED: "approved",
    Verdict.CHANGES_REQUESTED: "asked for changes",
    Verdict.DISMISSED: "review dismissed",
}


def number(value: float | None, digits: int = 4) -> str:
    """A metric as people write it; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.{digits}g}" if math.isfinite(value) else "not a number" if math.isnan(value) else "infinite"


def metric_line(metric: MetricLine) -> str:
    """`roc_auc 0.941 → 0.948 ▲ better`: as many digits as tell the two apart."""
    digits = next((d for d in range(4, 10) if number(metric.before, d) != number(metric.after, d)), 4)
    before, after = number(metric.before, digits), number(metric.after, digits)
    name = safe(metric.name, 80)
    if metric.before is None:
        return f"{name} {after} (nothing to compare with)"
    return f"{name} {before} → {after}{_trend(metric)}"


def _trend(metric: MetricLine) -> str:
    if metric.before is None or metric.after is None:
        return ""
    if metric.before == metric.after:
        return " = same"
    arrow = " ▲" if metric.after > metric.before else " ▼" if metric.after < metric.before else ""
    return arrow + {True: " better", False: " worse", None: ""}[metric.better]


def metric_lines(metrics: Sequence[MetricLine]) -> list[str]:
    """The first few metrics, and how many more there are."""
    lines = [metric_line(metric) for metric in metrics[:METRICS_SHOWN]]
    left = len(metrics) - len(lines)
    return [*lines, f"+{left} more in the pull request"] if left > 0 else lines


def gate_count(gates: Sequence[GateResult]) -> str:
    """`4/4 gates`: passed of all that were judged."""
    judged = [gate for gate in gates if gate.state is not GateState.SKIPPED]
    waived = sum(bool(gate.waived) for gate in gates)
    lifted = f", {waived} waived" if waived else ""
    return f"{sum(g.state is GateState.PASS for g in judged)}/{len(judged)} gates{lifted}" if gates else "no gates"


def gate_lines(gates: Sequence[GateResult]) -> list[str]:
    """At most four gates that do not pass, each with its facts, and one line with the names of those that do."""
    ranked = sorted(gates, key=lambda g: (bool(g.waived), _ORDER[g.state], not g.blocks))
    troubled = [gate for gate in ranked if gate.state is not GateState.PASS]
    lines = [_gate_line(gate) for gate in troubled[:GATES_SHOWN]]
    if len(troubled) > GATES_SHOWN:
        lines.append(f"+{len(troubled) - GATES_SHOWN} more that do not pass")
    return lines + _passing([gate.name for gate in ranked if gate.state is GateState.PASS])


def _passing(names: list[str]) -> list[str]:
    more = f" and {len(names) - GATES_SHOWN} more" if len(names) > GATES_SHOWN else ""
    shown = ", ".join(safe(name, 60) for name in names[:GATES_SHOWN])
    return [f"{_MARK[GateState.PASS]} {shown}{more} {'pass' if len(names) > 1 else 'passes'}"] if names else []


def _gate_line(gate: GateResult) -> str:
    troubled = gate.state in (GateState.FAIL, GateState.UNKNOWN)
    warns = ", waived" if gate.waived else ", but does not block" if troubled and not gate.blocks else ""
    facts = "; ".join(part for part in (safe(gate.observed, 120), safe(gate.required, 120)) if part)
    more = f" — {safe(gate.explanation, 160)}" if gate.explanation and gate.state is not GateState.PASS else ""
    name = link(gate.url, gate.name) if gate.url else safe(gate.name, 80)
    return f"{_MARK[gate.state]} {name} {_WORD[gate.state]}{warns}{f': {facts}' if facts else ''}{more}"


def edit_lines(edits: Sequence[EditLine]) -> list[str]:
    """One line a bound value, at most three."""
    lines = [_edit_line(edit) for edit in edits[:EDITS_SHOWN]]
    left = len(edits) - len(lines)
    return [*lines, f"+{left} more in the diff"] if left > 0 else lines


def _edit_line(edit: EditLine) -> str:
    old, new = shorten(edit.old, edit.new)
    where = f"{edit.file}:{edit.line}" if edit.line else edit.file
    return f"{safe(where, 160)}\n{code(old, 160)} → {code(new, 160)}"


def shorten(old: str, new: str, limit: int = 60) -> tuple[str, str]:
    """Two long values without most of what they begin with alike."""
    if max(len(old), len(new)) <= limit:
        return old, new
    alike = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, alike - 20)
    return (f"…{old[start:]}", f"…{new[start:]}") if start else (old, new)


def review_lines(reviews: Sequence[ReviewLine]) -> list[str]:
    """The latest reviews, and whether each counts."""
    lines = [_review_line(review) for review in reviews[-REVIEWS_SHOWN:]]
    left = len(reviews) - len(lines)
    return [f"{left} earlier reviews in the pull request", *lines] if left > 0 else lines


def _review_line(review: ReviewLine) -> str:
    who = mention(review.person) if review.person else safe(review.login, 60)
    said = next((words for verdict, words in _SAID.items() if verdict == review.verdict), safe(review.verdict, 40))
    why = safe(review.why, 120) or "no reason given"
    counts = f"counts{_note(review)}" if review.counts else f"does not count: {why}"
    comment = f" “{safe(review.comment, 160)}”" if review.comment else ""
    return f"{who} {said}{comment} · {counts}"


def _note(review: ReviewLine) -> str:
    return f" ({safe(review.note, 120)})" if review.note else ""


def pull_link(number_: int, url: str) -> str:
    """`#7`, as a link to the pull request."""
    return link(url, f"#{number_}")


def details_link(url: str) -> str:
    """`Details`, as a link to the page that tells everything about a change; empty where there is none."""
    return link(url, "Details") if url else ""


def asked_by(people: Sequence[str], reason: str | None) -> str:
    """`Ana asked` with her reason."""
    shown = ", ".join(people[:5]) + (f" and {len(people) - 5} more" if len(people) > 5 else "")
    quoted = f": “{safe(reason, 300)}”" if reason else ""
    return f"{shown or 'Somebody'} asked{quoted}"


def cut(text: str, limit: int) -> str:
    """Plain text cut to a length, not escaped."""
    return clip(text, limit, entities=False)
