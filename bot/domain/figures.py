"""Numbers as people read them beside each other."""

from __future__ import annotations

import math

from bot.domain.comparison import MetricDelta

DIGITS, MOST_DIGITS = 4, 17


def figure(value: float | None, digits: int = DIGITS) -> str:
    """A metric in so many significant digits; a dash where there is none."""
    if value is None:
        return "–"
    if math.isfinite(value):
        return f"{value:.{digits}g}"
    return "not a number" if math.isnan(value) else "infinite" if value > 0 else "minus infinite"


def pair(before: float | None, after: float | None) -> tuple[str, str]:
    """Both, in as many digits as tell them apart."""
    told = (
        (figure(before, digits), figure(after, digits))
        for digits in range(DIGITS, MOST_DIGITS + 1)
        if before == after or figure(before, digits) != figure(after, digits)
    )
    return next(told, (figure(before), figure(after)))


def difference(delta: MetricDelta) -> str:
    """`+0.007 (+0.74%)`; empty where there is nothing to subtract."""
    if delta.difference is None or delta.same:
        return ""
    return f"{delta.difference:+.3g}{'' if delta.percent is None else f' ({_percent(delta.percent)})'}"


def _percent(value: float) -> str:
    return f"{value:+.0f}%" if 99.5 <= abs(value) < 1e6 else f"{value:+.2g}%"


def judgement(delta: MetricDelta) -> str:
    """`▲ better`, `▼ worse`, `same`, `new`, `not logged any more`; only the arrow where nobody knows which way is the
    better one. The words say it too, so that nothing hangs on a sign or a colour."""
    if delta.after is None:
        return "not logged any more"
    if delta.before is None:
        return "new"
    if delta.same:
        return "same"
    arrow = "" if delta.difference is None else "▲" if delta.difference > 0 else "▼"
    return f"{arrow} { ({True: 'better', False: 'worse', None: ''}[delta.better]) }".strip()


def summary(delta: MetricDelta) -> str:
    """`roc_auc 0.941 → 0.948 (+0.007 (+0.74%), better)` in a line, for texts without a table."""
    before, after = pair(delta.before, delta.after)
    if delta.before is None:
        return f"{delta.name} {after}"
    said = ", ".join(part for part in (difference(delta).partition(" (")[0], judgement(delta)) if part)
    return f"{delta.name} {before} → {after}{f' ({said})' if said else ''}"
