"""What details pages show: written down at each look at a change, read when somebody opens the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from bot.domain.cards import ReviewLine
from bot.domain.chart import Chart
from bot.domain.charting import words
from bot.domain.details import (
    LINES,
    ROWS,
    Details,
    GateShown,
    Pair,
    ReviewShown,
    as_json,
    followed,
    from_json,
    gate_shown,
    short,
)
from bot.domain.details_comparison import comparison_shown, left_out
from bot.domain.details_ending import settled
from bot.domain.gates import GateResult
from bot.domain.page_links import (
    expires_at,
    is_change_id,
    is_signature,
    moment_in,
    page_link,
    signed_bytes,
)
from bot.domain.people import Person
from bot.domain.reconcile import FINAL
from bot.domain.snapshot import Snapshot, note, stage
from bot.domain.wording import edit_lines, step
from bot.ports.details import Ended, Page
from bot.usecases.context import Context
from bot.usecases.details_ending import keep_rolled_back

NAME = 200
"""Characters of a name or a version: what people write into a manifest by hand may be anything."""
CHARTS = 64
"""Pictures that are kept in memory, of some 30 kB each."""


def link_of(ctx: Context, change: str) -> str:
    """The signed link to the details page of a change; empty where there are no pages, or nobody could reach them."""
    if not ctx.public_url or ctx.attest is None or ctx.evaluations is None:
        return ""
    ends = expires_at(change, ctx.clock.now())
    return page_link(ctx.public_url, change, ends, ctx.attest.sign(signed_bytes(change, ends)))


def keep_evaluation(ctx: Context, seen: Snapshot) -> None:
    """Write down what this look saw; nothing is written where it is what the last one saw."""
    if ctx.evaluations is None:
        return
    kept = ctx.evaluations.get(seen.change.id)
    before = from_json(kept[1]) if kept else None
    now = settled(followed(details_of(seen, _named(ctx)), before, seen.now), before)
    ctx.evaluations.save(seen.change.id, seen.now, as_json(now))
    if seen.pull.merged:
        keep_rolled_back(ctx, seen.change)


def _named(ctx: Context) -> Callable[[Person], str]:
    """People as the page calls them: `@login` where it is linked, for nobody knows a Slack id by heart."""

    def name(person: Person) -> str:
        login = ctx.links.login_of(person)
        return f"@{login}" if login else person.user

    return name


def details_of(seen: Snapshot, name: Callable[[Person], str]) -> Details:
    """A snapshot as its page tells it."""
    change, at = seen.change, stage(seen)
    intent, comparison = change.intent, seen.comparison
    lines = edit_lines(intent)
    return Details(
        change=change.id,
        number=seen.pull.number,
        url=seen.pull.url,
        title=short(step(intent)),
        model=short(intent.model, NAME),
        environment=short(intent.environment, NAME),
        frm=None if intent.frm is None else short(intent.frm, NAME),
        to=short(intent.to, NAME),
        stage=at.value,
        note=short(note(seen, at)),
        head=seen.pull.head,
        base=seen.base_head,
        approvals=seen.tally.approvals,
        required=seen.tally.required,
        judged=seen.judged,
        enforced=seen.enforce,
        asked=tuple(short(one) for one in _asked(seen, name))[:LINES],
        gates=tuple(_gate(one, name) for one in seen.gates[:ROWS]),
        reviews=tuple(map(_review, seen.tally.lines[-LINES:])),
        edits=tuple(Pair(short(f"{one.file}:{one.line}"), short(one.old), short(one.new)) for one in lines[:ROWS]),
        comparison=comparison_shown(comparison) if comparison else None,
        ended=at in FINAL,
        left_out=max(0, len(seen.gates) - ROWS)
        + max(0, len(lines) - ROWS)
        + (left_out(comparison) if comparison else 0),
    )


def _gate(gate: GateResult, name: Callable[[Person], str]) -> GateShown:
    shown = gate_shown(gate)
    given = gate.waiver
    return shown if given is None else replace(shown, waived=short(f"by {name(given.by)}: {given.reason}"))


def _asked(seen: Snapshot, name: Callable[[Person], str]) -> list[str]:
    change = seen.change
    people = [f"Asked for by {', '.join(map(name, change.requesters))}."] if change.requesters else []
    rule = [seen.by_rule] if seen.by_rule else []
    reason = [f"Reason: {change.reason}"] if change.reason else []
    glass = [f"Broke the glass, with nobody's approval: {change.glass.reason}"] if change.glass else []
    return [*rule, *people, *reason, *glass, *change.why]


def _review(line: ReviewLine) -> ReviewShown:
    said = short(line.verdict.lower().replace("_", " "), 40)
    return ReviewShown(short(line.login, 100), said, line.counts, short(line.why))


class DetailsShown:
    """The DetailsPages port over what was evaluated last: no forge, registry or Git is asked for a page."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._drawn = lru_cache(maxsize=CHARTS)(self._draw)

    def page(self, change: str, expires: str, signature: str) -> Page | Ended | None:
        """As the port says."""
        ends = self._signed(change, expires, signature)
        if ends is None:
            return None
        if ends <= self._ctx.clock.now():
            return Ended()
        assert self._ctx.evaluations is not None
        kept = self._ctx.evaluations.get(change)
        found = from_json(kept[1]) if kept else None
        if kept is None or found is None:
            return None
        drawn = found.chart is not None and self._drawn(found.chart) is not None
        return Page(found, kept[0], ends, words(found.chart) if found.chart and drawn else "")

    def chart(self, change: str, expires: str, signature: str) -> bytes | None:
        """As the port says."""
        found = self.page(change, expires, signature)
        if not isinstance(found, Page) or found.details.chart is None:
            return None
        return self._drawn(found.details.chart)

    def _signed(self, change: str, expires: str, signature: str) -> int | None:
        """When the link ends; None for one that the bot did not write, or where there are no pages."""
        attest, ends = self._ctx.attest, moment_in(expires)
        if attest is None or self._ctx.evaluations is None or ends is None:
            return None
        if not (is_change_id(change) and is_signature(signature)):
            return None
        return ends if attest.verify(signed_bytes(change, ends), signature) else None

    def _draw(self, chart: Chart) -> bytes | None:
        return self._ctx.charts.png(chart) if self._ctx.charts is not None else None
