"""Details of an incident, in the thread of its card: every reading by rank, and the worst features as a picture.

Each window is told once, however often somebody asks; the picture comes once too, behind its table.
"""

from __future__ import annotations

from bot.domain.charting import words
from bot.domain.commands import ShowIncident
from bot.domain.drifting.incidents import Incident
from bot.domain.incident_cards import FeatureTable
from bot.domain.incident_chart import shapes_of
from bot.domain.incident_words import aspect_of, ranked
from bot.ports import PostRecord
from bot.usecases.context import Context
from bot.usecases.incident_asked import log_of, meant
from bot.usecases.incident_card import subject_of
from bot.usecases.pictures import NO_PICTURE as NOTHING
from bot.usecases.pictures import Picture, share_once
from bot.usecases.tell import answer, post_once, receipt

NO_SHAPES = "Its monitor tells no distributions."
NO_PICTURE = "The picture cannot be drawn or shown here."


def show_incident(ctx: Context, command: ShowIncident) -> None:
    """In the thread, where the card is; else to whoever asked, alone. Raises Refused(UNKNOWN_INCIDENT)."""
    found = meant(log_of(ctx), command.incident, "")
    card = ctx.posts.get(subject_of(found[0].card), "card")
    shown = [one for one in found if one.is_open] or found
    if card is None or card.ts is None or all(one.storm for one in shown):
        for one in shown:
            answer(ctx, command.by, command.origin, table_of(one))
        return
    drawn = [_tell(ctx, card, card.ts, one) for one in shown]
    lacks = "" if any(drawn) or not any(one.shapes for one in shown) else f" {NO_PICTURE}"
    receipt(ctx, command.by, command.origin, f"It stands in the thread of the card.{lacks}")


def _tell(ctx: Context, card: PostRecord, thread: str, one: Incident) -> bool:
    """Whether there is a picture of this window by now."""
    subject, window = subject_of(one.card), f"{one.id}:{one.at:.0f}"
    post_once(ctx, subject, f"details:{window}", card.channel, table_of(one), thread=thread, broadcast=False)
    known = ctx.posts.get(subject, f"picture:{window}")
    if known is not None:
        return known.ts not in (None, NOTHING)
    chart = shapes_of(one)
    png = ctx.charts.png(chart) if chart and ctx.charts else None
    if chart is None or png is None:
        return False
    record = PostRecord(subject, f"picture:{window}", card.channel, ctx.clock.now())
    return bool(share_once(ctx, record, thread, Picture("features.png", chart.title, png, words(chart))))


def table_of(one: Incident) -> FeatureTable:
    """Its readings by rank, as it stands now."""
    aspect = aspect_of(one)
    title = f"{aspect[:1].upper()}{aspect[1:]} of {one.model}, {one.environment}"
    readings = tuple(ranked(one.readings))
    left = max(0, one.total - len(readings))
    return FeatureTable(title, one.at, readings, left, "" if one.shapes else NO_SHAPES, one.url)
