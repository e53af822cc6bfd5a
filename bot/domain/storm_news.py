"""What the thread of a storm's card says: what concerns many at once, and what needs a person, in few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.drifting.incidents import Incident, IncidentNews
from bot.domain.drifting.storms import targets
from bot.domain.drifting.windows import Severity
from bot.domain.incident_news import mark_of
from bot.domain.notice_cards import ThreadEvent, ThreadNews
from bot.domain.people import Person
from bot.domain.stops import moment
from bot.domain.storm_cards import StormCard
from bot.domain.storm_words import CALLED, grown_words, over_words

HEADS = {
    "snooze_broke": "Snooze broken, it got worse",
    "critical": "Critical",
    "snooze_ended": "Snooze over, it goes on",
    "worse": "Got worse",
    "reopened": "Back again",
}
"""What needs a person, told of all of them together; everything else is seen on the card."""
_LOUD = frozenset({"critical", "snooze_broke"})


@dataclass(frozen=True)
class Told:
    """A piece of news, and the incident that it is of."""

    news: IncidentNews
    of: Incident


def waiting(members: Sequence[Incident], shown: float) -> dict[str, list[Told]]:
    """What is to be told, by kind, the oldest first. Who opens is told of only where it is critical from the first, and
    came after the card, which was posted at ``shown``."""
    found: dict[str, list[Told]] = {kind: [] for kind in HEADS}
    for one in members:
        for news in one.news:
            late = news.kind == "opened" and one.severity is Severity.CRITICAL and news.at > shown
            kind = "critical" if late else news.kind
            if kind in found:
                found[kind].append(Told(news, one))
    return {kind: sorted(told, key=lambda one: (one.news.at, one.news.mark)) for kind, told in found.items() if told}


def gathered(kind: str, told: Sequence[Told]) -> ThreadNews:
    """`Snooze broken, it got worse: fraud, production and 3 more`: the worst by name. Called are those who are on it,
    or wanted it quiet."""
    worst = max(told, key=lambda one: one.of.score or 0.0)
    left = len(told) - 1
    head = f"{HEADS[kind]}: {worst.of.model}, {worst.of.environment}{f' and {left} more' if left else ''}"
    words = f"{worst.news.words}." if worst.news.words else ""
    text = " ".join(part for part in (words, "List shows them all." if left else "") if part)
    people = (person for one in told for person in (one.of.owner, one.news.by) if person is not None)
    calls = tuple(dict.fromkeys(f"slack:{person.user}" for person in people))
    return ThreadNews(head, text, calls[:CALLED], kind in _LOUD)


def done(members: Sequence[Incident]) -> list[tuple[str, ThreadEvent]]:
    """What people did with some or all of them, once each."""
    found: dict[str, list[Told]] = {}
    for one in members:
        for news in one.news:
            if news.kind in ("taken", "snoozed") and news.by is not None:
                found.setdefault(f"did:{mark_of(news)}", []).append(Told(news, one))
    return [(mark, ThreadEvent(_did(told[0], len(told)), told[0].news.by)) for mark, told in found.items()]


def _did(told: Told, count: int) -> str:
    words, snooze = told.news.words, told.of.snooze
    if told.news.kind == "taken":
        return "is on what nobody was on; List shows who is on what."
    until = f" until {moment(snooze.until)}" if snooze else ""
    return f"snoozed {count} {'incident' if count == 1 else 'incidents'}{until}{f': {words}' if words else '.'}"


def of_all(
    card: StormCard, members: Sequence[Incident], notify: Sequence[str], limit: int
) -> list[tuple[str, ThreadNews | ThreadEvent]]:
    """Each by the mark that keeps it from being told twice: that it doubled, again and again, and that it is over. The
    end of what is snoozed, or of what opens and closes again and again, is seen on the card alone."""
    found: list[tuple[str, ThreadNews | ThreadEvent]] = []
    count, level = len(targets(members)), 2 * (limit + 1)
    if count >= level:
        while level * 2 <= count:
            level *= 2
        words = ThreadNews(grown_words(card), "The card says what they share.", tuple(notify[:CALLED]))
        found.append((f"grew:{level}", words))
    if card.over is not None and any(news.kind == "resolved" for one in members for news in one.news):
        found.append((f"over:{card.over:.0f}", ThreadEvent(over_words(card), to=_owners(members))))
    return found


def _owners(members: Sequence[Incident]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(one.owner for one in members if one.owner))[:CALLED]
