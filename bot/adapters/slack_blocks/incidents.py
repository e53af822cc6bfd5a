"""Incidents: their card, in which everything stands that a reader needs at night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.adapters.slack_blocks.blocks import context, message, section, sections
from bot.adapters.slack_blocks.incident_buttons import incident_actions
from bot.adapters.slack_blocks.text import Block, bold, clean, clip, date, link, mention, safe, sentence
from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.windows import Reading, Severity, Verdict
from bot.domain.durations import lasting
from bot.domain.figures import figure
from bot.domain.incident_cards import FeatureTable, IncidentCard, MonitorLine, ProblemLine
from bot.domain.incident_words import figure_of, headline, subject_of, windows_words

PROBLEMS, MONITORS, NOTES, ROWS = 6, 6, 3, 40
_SAYS = {Verdict.BAD: "bad", Verdict.FINE: "fine", Verdict.UNKNOWN: "cannot tell"}


def incident_card(card: IncidentCard) -> Block:
    """`Drift: fraud-detector, production`, how bad, since when, who is on it, and what can be done."""
    head = bold(headline(card, 300), 400)
    if card.stormed:
        return message(safe(headline(card)), [section(head), *context("One of many at once: see their common card.")])
    shown, left = card.problems[:PROBLEMS], len(card.problems) - PROBLEMS
    blocks = [section(head), *(block for one in shown for block in _problem(one, alone=len(card.problems) == 1))]
    blocks += context(f"… and {left} more" if left > 0 else "")
    blocks += context(*_monitors(card.monitors))
    blocks += context(_serves(card), _retrain(card), _place(card))
    elements = incident_actions(card)
    blocks += [{"type": "actions", "elements": elements}] if elements else []
    return message(" · ".join(part for part in (safe(headline(card)), _brief(card)) if part), blocks)


def _brief(card: IncidentCard) -> str:
    """What follows the headline in the push text."""
    first = (*card.open, *card.problems)[0]
    worst = f": {safe(subject_of(first.worst[0]), 60)}" if first.worst else ""
    serves = f"{safe(card.version, 30)} serves · " if card.version else ""
    return f"{serves}{_score(first)}{worst}" if first.is_open else _ended(first)


def _problem(one: ProblemLine, *, alone: bool) -> Iterator[Block]:
    title = "" if alone else f"*{safe(one.aspect[:1].upper() + one.aspect[1:], 40)}*{_state(one)}"
    lines = [title, _score(one) if one.is_open else _ended(one)]
    if one.is_open:
        lines += [sentence(one.message, 300), *map(_reading, one.worst)]
        lines += [f"{one.spark}  {windows_words(one.windows, one.bad)}" if one.spark else ""]
    yield from sections(line for line in lines if line)
    yield from context(_since(one), *_people(one), *(sentence(note, 200) for note in one.notes[:NOTES]))


def _state(one: ProblemLine) -> str:
    words = [one.state.value] if one.state is not IncidentState.OPEN else []
    words += ["critical"] if one.severity is Severity.CRITICAL and one.is_open else []
    return f" ({', '.join(words)})" if words else ""


def _score(one: ProblemLine) -> str:
    peak = f", worst so far {figure(one.peak, 3)}" if one.peak is not None and one.peak != one.score else ""
    score = f"Score {figure(one.score, 3)} (limit 1{peak})" if one.score is not None else ""
    return " · ".join(part for part in (score, _beyond(one)) if part) or "Its monitor gives no score."


def _beyond(one: ProblemLine) -> str:
    """Of the last window that was bad, which the newest need not be."""
    if one.total < 2:
        return ""
    if one.score is not None and one.score < 1.0:
        return f"when last bad, {one.beyond} of {one.total} were beyond their limits"
    return f"{one.beyond} of {one.total} beyond their limits"


def _ended(one: ProblemLine) -> str:
    lasted = f"Resolved after {lasting((one.resolved or one.opened) - one.opened)}."
    after = f" While it was open, {safe(one.after, 60)} went in." if one.after else ""
    words = one.ended[:1].upper() + one.ended[1:]
    why = f" {sentence(words, 300).rstrip('.')}." if words else ""
    return f"{lasted}{why}{after}"


def _reading(one: Reading) -> str:
    return f"• {bold(subject_of(one), 100)}: {safe(figure_of(one), 200)}"


def _since(one: ProblemLine) -> str:
    flaps = " · flapping: it opens and closes again and again" if one.flapping else ""
    until = f" until {date(one.resolved)}" if one.resolved is not None else ""
    quiet = f" · nothing new since {date(one.quiet)}: are its monitors gone?" if one.quiet is not None else ""
    return f"Since {date(one.opened)}{until}{flaps}{quiet}"


def _people(one: ProblemLine) -> Iterator[str]:
    if one.owner:
        yield f"{mention(one.owner)} {'is' if one.is_open else 'was'} on it."
    if one.snooze and one.state is IncidentState.SNOOZED:
        why = f": “{safe(one.snooze.why, 200)}”" if one.snooze.why else ""
        yield f"Snoozed by {mention(one.snooze.by)} until {date(one.snooze.until)}{why}"


def _monitors(lines: Iterable[MonitorLine]) -> Iterator[str]:
    shown = list(lines)
    told = [f"{link(one.url, one.name)}: {_SAYS[one.verdict]} ({date(one.at)})" for one in shown[:MONITORS]]
    left = len(shown) - len(told)
    if told:
        yield "\n".join([*told, *([f"… and {left} more monitors"] if left > 0 else [])])


def _serves(card: IncidentCard) -> str:
    if not card.version:
        return ""
    since = f", since {date(card.since)}" if card.since is not None else ""
    return f"Version {safe(card.version, 60)} serves{since}."


def _retrain(card: IncidentCard) -> str:
    where = f" {link(card.retrain_url, 'Open')}" if card.retrain_url else ""
    return f"{sentence(card.retrain, 200)}.{where}" if card.retrain else ""


def _place(card: IncidentCard) -> str:
    return f"Meant for {safe(card.instead_of, 100)}, where the bot cannot write." if card.instead_of else ""


def feature_table(card: FeatureTable) -> Block:
    """Every reading in a line, the worst first, as one table that a phone can scroll."""
    lines = [f"{index}. {_reading(one)[2:]}" for index, one in enumerate(card.readings[:ROWS], 1)]
    left = len(card.readings) - len(lines) + card.left
    more = f"… and {left} more" if left > 0 else ""
    top = f"{bold(card.title)}, at {date(card.at)}"
    where = link(card.url, "Open in the monitor") if card.url else ""
    blocks = [section(top), *sections(lines or ["No feature was told of."])]
    return message(f"{safe(card.title)}: {_plain(card)}", [*blocks, *context(more, sentence(card.note), where)])


def _plain(card: FeatureTable) -> str:
    names = [subject_of(one) for one in card.readings[:3]]
    return clip(clean(", ".join(names) or "no features"), 200)
