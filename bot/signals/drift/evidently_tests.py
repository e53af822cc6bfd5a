"""The tests of an Evidently test suite of 0.2 to 0.6: `{"name", "status", "group", "parameters": {…}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.drifting.scoring import Way
from bot.domain.drifting.windows import Kind, Reading, Verdict
from bot.signals.drift.building import reading
from bot.signals.drift.findings import Finding
from bot.signals.drift.statuses import status_of
from bot.signals.reading import at, items

_KINDS = {"data_drift": Kind.DRIFT, "classification": Kind.PERFORMANCE, "regression": Kind.PERFORMANCE}
_KINDS |= {"recsys": Kind.PERFORMANCE}
_WAYS = {"lt": Way.ABOVE, "lte": Way.ABOVE, "gt": Way.BELOW, "gte": Way.BELOW}


def findings(payload: object) -> Iterator[Finding]:
    """What its tests tell; those of 0.7 have no group, and are read with their metrics."""
    tests = [test for test in items(at(payload, "tests")) if isinstance(at(test, "group"), str)]
    for test in tests:
        kind = _KINDS.get(at(test, "group"), Kind.DATA_QUALITY)
        whole = kind is Kind.DRIFT and isinstance(at(test, "parameters", "features"), dict)
        yield Finding(kind, _reading(test), whole=whole)
    for test in tests:
        features = at(test, "parameters", "features")
        for name, said in features.items() if isinstance(features, dict) else ():
            yield Finding(Kind.DRIFT, _feature(name, said))


def _reading(test: Any) -> Reading:
    parameters, verdict = at(test, "parameters"), status_of(at(test, "status"))
    note = at(test, "description") if verdict is not Verdict.FINE else ""
    column = at(parameters, "column_name")
    if (method := at(parameters, "stattest")) is not None:
        score, limit = at(parameters, "score"), at(parameters, "threshold")
        return reading(column, method, score, limit, said=verdict)
    limit, way = _limit(at(parameters, "condition"))
    return reading(column, at(test, "name"), at(parameters, "value"), limit, way=way, said=verdict, note=note)


def _feature(name: object, said: object) -> Reading:
    detected = at(said, "detected")
    verdict = {True: Verdict.BAD, False: Verdict.FINE}[detected] if isinstance(detected, bool) else Verdict.UNKNOWN
    return reading(name, at(said, "stattest"), at(said, "score"), at(said, "threshold"), said=verdict)


def _limit(condition: Mapping[str, object] | object) -> tuple[object, Way | None]:
    """What a test hopes for; the other side of it is bad."""
    if not isinstance(condition, dict):
        return None, None
    return next(((condition[word], way) for word, way in _WAYS.items() if word in condition), (None, None))
