"""One chart in the thread of a change, at most once.

A file cannot be found again by a mark, as a message can. So the intent to share it is written down first, and where
the answer is lost nobody tries again: a missing chart is better than two.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.chart import Chart
from bot.domain.charting import charted_metric, over_versions, slices_of, words
from bot.domain.comparison import Comparison
from bot.domain.snapshot import Snapshot
from bot.errors import ChatUnavailable, Fatal, Refused, RegistryUnavailable
from bot.ports import PostRecord
from bot.usecases.context import Context
from bot.usecases.details_ending import keep_chart
from bot.usecases.repo import Repo

NO_CHART = "-"
"""Where a message would have its time stamp: nothing to draw, or the chat takes no files."""


def draw_once(ctx: Context, repo: Repo, seen: Snapshot, mark: str) -> int:
    """1 where a chart was shared now, else 0. Raises ChatUnavailable before anything can be seen of it."""
    card = ctx.posts.get(seen.change.id, "card")
    if ctx.charts is None or seen.comparison is None or card is None or card.ts is None:
        return 0
    if ctx.posts.get(seen.change.id, mark) is not None:
        return 0
    try:
        chart = _chart(ctx, repo, seen, seen.comparison)
    except RegistryUnavailable:
        return 0  # the next look draws it
    keep_chart(ctx, seen.change.id, chart)
    png = ctx.charts.png(chart) if chart else None
    record = PostRecord(seen.change.id, mark, card.channel, ctx.clock.now())
    if chart is None or png is None:
        ctx.posts.save(replace(record, ts=NO_CHART))
        return 0
    return _share(ctx, record, card.ts, chart, png)


def _share(ctx: Context, record: PostRecord, thread: str, chart: Chart, png: bytes) -> int:
    try:
        file = ctx.chat.upload("comparison.png", png, words(chart))
    except Fatal:  # no scope, no files allowed: the table says it too
        ctx.posts.save(replace(record, ts=NO_CHART))
        return 0
    ctx.hold()
    ctx.posts.save(record)
    try:
        ctx.chat.share(file, chart.title, record.channel, thread)
    except Fatal:
        file = NO_CHART
    except ChatUnavailable:
        return 0
    ctx.posts.save(replace(record, ts=file))
    return int(file != NO_CHART)


def _chart(ctx: Context, repo: Repo, seen: Snapshot, comparison: Comparison) -> Chart | None:
    """Slices, where the model has them; else its metric over the versions. Raises RegistryUnavailable."""
    try:
        policy = repo.policy(seen.base_head)
        gates = policy.gates_for(comparison.model, comparison.environment)
        if dots := slices_of(comparison, gates):
            return dots
        metric = charted_metric(comparison, gates)
        if metric is None:
            return None
        known = ctx.registry.versions(policy.registered_name(comparison.model), 20)
    except Refused:
        return None
    return over_versions(comparison, metric, gates, known)
