"""One chart in the thread of a change, at most once."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.chart import Chart
from bot.domain.charting import charted_metric, over_versions, slices_of, words
from bot.domain.comparison import Comparison
from bot.domain.snapshot import Snapshot
from bot.errors import Refused, RegistryUnavailable
from bot.ports import PostRecord
from bot.usecases.context import Context
from bot.usecases.details_ending import keep_chart
from bot.usecases.pictures import NO_PICTURE, Picture, share_once
from bot.usecases.repo import Repo


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
        ctx.posts.save(replace(record, ts=NO_PICTURE))
        return 0
    return share_once(ctx, record, card.ts, Picture("comparison.png", chart.title, png, words(chart)))


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
