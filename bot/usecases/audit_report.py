"""The report of an auditor: out of Git, with what the records and the audit chain know of each change beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.audit_period import Period
from bot.domain.audit_report import BY_HAND, BY_TRAILERS, OURS, OUTSIDE, Report, ReportLine, Step, stands, steps_of
from bot.domain.change import Change
from bot.domain.past import Past
from bot.domain.policy import Target
from bot.ports import Audit, Changes
from bot.usecases.audit_proof import proven
from bot.usecases.audit_targets import declared, gone
from bot.usecases.history import past
from bot.usecases.repo import Repo, known_models, unknown_model

ALL = 1_000_000
LONGEST_OPEN = 90 * 86_400.0  # seconds before the period in which what was merged in it may have been asked for
ENOUGH_OLD = 50  # so many commits of a target in a row before the period end the look: a clock may be wrong, or lie
LOST = "The database knows nothing of changes: who approved is not told, and trailers are only what commits say."


@dataclass(frozen=True)
class Records:
    """What is remembered beside Git; None where there is no database."""

    changes: Changes
    audit: Audit


@dataclass(frozen=True)
class Wanted:
    """What the report is about; None for all."""

    period: Period
    model: str | None = None
    version: str | None = None
    environment: str | None = None


def report_of(repo: Repo, records: Records | None, wanted: Wanted) -> Report:
    """Read it. Raises Refused(UNKNOWN_MODEL | UNKNOWN_ENVIRONMENT | POLICY_INVALID), ForgeUnavailable."""
    base = repo.checkout.fetch()
    if records is not None and records.audit.head().seq == 0:
        records = None
    every = _every(repo, records, base, wanted.period.since)
    places = {target.environment for target in every}
    lines: list[ReportLine] = []
    for model, targets in itertools.groupby(_asked_for(repo, base, every, wanted), key=lambda one: one.model):
        known = _merged(records, model, places)
        for target in targets:
            lines += _lines(repo, records, base, target, known, wanted)
    ranked = tuple(sorted(lines, key=lambda line: (line.at, line.model, line.environment)))
    notes = () if records else (LOST,)
    return Report(ranked, base, wanted.period.since, wanted.period.until, notes)


def _every(repo: Repo, records: Records | None, base: str, since: float | None) -> list[Target]:
    """All that was declared in the period, by model."""
    today = list(declared(repo.policy(base), repo, base, known_models(repo, base)))
    merged = records.changes.merged_since(max(0.0, (since or 0.0) - LONGEST_OPEN)) if records else ()
    return sorted((*today, *gone(repo, base, today, merged, since)), key=lambda target: target.model)


def _asked_for(repo: Repo, base: str, every: Iterable[Target], wanted: Wanted) -> list[Target]:
    """A name that today's policy does not know may be that of something that is gone."""
    model, environment, models = wanted.model, wanted.environment, known_models(repo, base)
    if model is not None and model not in {*models, *(one.model for one in every)}:
        raise unknown_model(model, models)
    if environment is not None and environment not in {one.environment for one in every}:
        environment = repo.policy(base).environment(environment).name
    return [one for one in every if model in (None, one.model) and environment in (None, one.environment)]


def _merged(records: Records | None, model: str, environments: Iterable[str]) -> Mapping[str, Change]:
    """The model's merged changes by merge commit: one may have moved other environments than its own."""
    if records is None:
        return {}
    found = (records.changes.merged_for(model, name, ALL) for name in environments)
    return {one.merge_commit: one for changes in found for one in changes if one.merge_commit}


def _lines(
    repo: Repo, records: Records | None, base: str, target: Target, known: Mapping[str, Change], wanted: Wanted
) -> Iterator[ReportLine]:
    history = list(_read(past(repo, base, target, ALL), wanted.period.since))
    for step in steps_of([entry for entry, _ in history], whole=bool(history) and history[-1][1]):
        if wanted.period.holds(step.at) and _about(step, wanted.version):
            line = _line(target, step)
            yield proven(records.audit, *_source(records, line, known)) if records else _told(line)


def _read(history: Iterable[Past], since: float | None) -> Iterator[tuple[Past, bool]]:
    """Newest first, each with whether nothing is older; as far back as the period wants it."""
    old, entries = 0, itertools.chain(history, [None])
    for entry, before in itertools.pairwise(entries):
        if entry is not None:
            old = old + 1 if since is not None and entry.time < since else 0
            yield entry, before is None
        if old > ENOUGH_OLD:
            return


def _about(step: Step, version: str | None) -> bool:
    sides = [one for one in (step.before, step.after) if one is not None]
    return version is None or any(version in (one.version, one.candidate) for one in sides)


def _line(target: Target, step: Step) -> ReportLine:
    after = step.after
    return ReportLine(
        at=step.at,
        model=target.model,
        environment=target.environment,
        before=stands(step.before),
        after=stands(after),
        commit=after.commit,
        author=after.author,
        source=OUTSIDE,
        action=after.action or "",
        change=after.change or "",
        asked_by=after.requesters,
    )


def _told(line: ReportLine) -> ReportLine:
    """By what the commit says of itself: there is nothing better."""
    return replace(line, source=BY_TRAILERS) if line.change else line


def _source(records: Records, line: ReportLine, known: Mapping[str, Change]) -> tuple[ReportLine, Change | None]:
    """Trailers prove nothing: anybody can write them. A change of ours was merged as this very commit."""
    change = known.get(line.commit)
    if change is not None:
        return replace(line, source=BY_HAND if change.by_hand else OURS), change
    if not line.change:
        return line, None
    named = records.changes.get(line.change)
    note = "was not merged as this commit" if named else "is not known here"
    return replace(line, note=f"its trailers name change {line.change}, which {note}", asked_by=()), None
