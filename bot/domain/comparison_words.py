"""The comparison as Markdown, for the pull request's body.

The body is written again whenever it differs from what it should be, so it may not change by itself: dates are dates,
and what cannot be asked for now stays as it was told before. Each part therefore stands behind a mark of its own, by
which it is found again in the body that the forge has.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.commit_words import commits_text
from bot.domain.comparison import Changed, Comparison, MetricDelta
from bot.domain.comparison_about import about_text
from bot.domain.figures import difference, figure, judgement, pair
from bot.domain.set_words import data_sets
from bot.domain.signature import UNKNOWN
from bot.domain.wording import markdown, short

METRICS_SHOWN, CHANGED_SHOWN, CELL = 30, 12, 100
END = "<!-- slackops:end -->"
_PART = re.compile(r"<!-- slackops:([a-z]+):([0-9a-f]{12}) -->\n(.*?)(?=<!-- slackops:)", re.DOTALL)
_BEGIN = re.compile(r"<!-- slackops:[a-z]+:[0-9a-f]{12} -->\n")


@dataclass(frozen=True)
class Part:
    """One part of the comparison. ``known`` is False where somebody did not answer, and ``text`` only says so."""

    name: str
    text: str
    known: bool = True


def comparison_text(comparison: Comparison, body: str = "") -> str:
    """All parts, each behind its mark. ``body`` is what the forge has: a part that is not known now stays as there."""
    key = _key(comparison)
    told = {name: text for name, mark, text in _PART.findall(body.replace("\r\n", "\n")) if mark == key}
    texts = ((part.name, part.text if part.known else told.get(part.name, part.text)) for part in parts(comparison))
    shown = [f"<!-- slackops:{name}:{key} -->\n{text.strip()}" for name, text in texts if text.strip()]
    return "\n\n".join([*shown, END]) if shown else ""


def told_before(body: str) -> str:
    """All that a body says of a comparison, for a look that could make none."""
    text = body.replace("\r\n", "\n")
    begins, ends = _BEGIN.search(text), text.rfind(END)
    return text[begins.start() : ends + len(END)] if begins and ends > begins.start() else ""


def _key(comparison: Comparison) -> str:
    """The same two versions: nothing else that was told is about them."""
    pair_of = "\0".join((comparison.model, comparison.environment, comparison.frm or "", comparison.to))
    return hashlib.sha256(pair_of.encode()).hexdigest()[:12]


def parts(comparison: Comparison) -> Iterator[Part]:
    """In the order in which a reviewer wants them."""
    missing = comparison.missing
    both = not {"candidate", "deployed"} & set(missing)
    yield Part("metrics", _metrics(comparison), both)
    yield Part("params", _changed("Changed parameters", comparison.params), both)
    yield Part("data", data_sets(comparison), both)
    yield Part("commits", commits_text(comparison), both and comparison.deep and "commits" not in missing)
    yield Part("signature", _signature(comparison.signature), both and UNKNOWN not in comparison.signature)
    yield Part("libraries", _libraries(comparison), both and comparison.deep and "requirements" not in missing)
    yield Part("about", about_text(comparison), both)
    yield Part("elsewhere", _elsewhere(comparison), "elsewhere" not in missing)


def _metrics(comparison: Comparison) -> str:
    to = markdown(short(comparison.to))
    if "candidate" in comparison.missing:
        return f"The registry could not be asked about {to}."
    shown, left = comparison.metrics[:METRICS_SHOWN], len(comparison.metrics) - METRICS_SHOWN
    if not shown:
        return f"No metric of {to} is logged."
    lines = _beside(comparison, shown) if comparison.known_before else _alone(comparison, shown)
    more = [f"\nand {left} more."] if left > 0 else []
    return "\n".join([*lines, *more])


def _beside(comparison: Comparison, metrics: Sequence[MetricDelta]) -> Iterator[str]:
    yield f"| Metric | {markdown(short(comparison.frm or ''))} | {markdown(short(comparison.to))} | Difference | |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for one in metrics:
        before, after = pair(one.before, one.after)
        cells = (_name(one), markdown(before), markdown(after), markdown(difference(one)), judgement(one))
        yield f"| {' | '.join(cells)} |"


def _alone(comparison: Comparison, metrics: Sequence[MetricDelta]) -> Iterator[str]:
    if comparison.frm:
        yield f"The registry does not tell of {markdown(short(comparison.frm))}, so there is nothing beside it.\n"
    yield f"| Metric | {markdown(short(comparison.to))} |"
    yield "| --- | ---: |"
    for one in metrics:
        yield f"| {_name(one)} | {markdown(figure(one.after))} |"


def _name(metric: MetricDelta) -> str:
    name = markdown(metric.name[:CELL])
    return f"**{name}** (primary)" if metric.primary else name


def _changed(title: str, changed: Sequence[Changed]) -> str:
    if not changed:
        return ""
    lines = [f"- {markdown(one.name[:CELL])}: {_or_dash(one.before)} → {_or_dash(one.after)}" for one in changed]
    left = len(lines) - CHANGED_SHOWN
    return "\n".join([f"{title}:\n", *lines[:CHANGED_SHOWN], *([f"- and {left} more"] if left > 0 else [])])


def _or_dash(value: str | None) -> str:
    return "–" if value is None else markdown(value[:CELL]) or "(empty)"


def _signature(sentences: Sequence[str]) -> str:
    return (
        "\n".join(["What callers would notice:\n", *(f"- {markdown(one)}" for one in sentences)]) if sentences else ""
    )


def _libraries(comparison: Comparison) -> str:
    if "requirements" in comparison.missing:
        return "The libraries that the two need could not be read, or not of both."
    return _changed("Changed libraries", comparison.requirements)


def _elsewhere(comparison: Comparison) -> str:
    told = (
        f"{markdown(one.environment)} {_or_dash(one.version and short(one.version))}" for one in comparison.elsewhere
    )
    words = ", ".join(told)
    return f"Elsewhere: {words}." if words else ""
