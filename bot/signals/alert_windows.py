"""Alerts about drift, performance, data quality and service, to windows beside the signals that they are as well.

What an alert may say of its figure, in its annotations or labels: ``feature``, ``method``, ``value``, ``threshold``,
``direction`` (`above`, the default, or `below`). A label ``severity`` of critical or page makes it critical.
"""

from __future__ import annotations

import re

from bot.domain.drifting.scoring import Way
from bot.domain.drifting.windows import Kind, Reading, Severity, Verdict, Window
from bot.domain.signal import Phase, Signal
from bot.signals.alertmanager import KIND, MOST_ALERTS, signal_of
from bot.signals.drift.about import is_link
from bot.signals.drift.building import reading
from bot.signals.reading import at, items, name

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?(%?)")


def windows(payload: object) -> tuple[Window, ...]:
    """One window for each alert whose ``slackops_kind`` is a kind of drift's. Prometheus damps it itself, by `for`."""
    if str(at(payload, "version")) != "4":
        return ()
    alerts = items(at(payload, "alerts"))[:MOST_ALERTS]
    found = ((alert, signal_of(alert)) for alert in alerts if _kind(alert) is not None)
    return tuple(dict.fromkeys(_window(alert, signal) for alert, signal in found if signal is not None))


def _kind(alert: object) -> Kind | None:
    said = at(alert, "labels", KIND)
    return Kind(said) if isinstance(said, str) and said in set(Kind) else None


def _window(alert: object, signal: Signal) -> Window:
    fires = signal.phase is Phase.ALERT
    figure = _reading(alert) if fires else None  # what ended is told with the figures that it had
    return Window(
        source=signal.source,
        monitor=signal.application,
        model=signal.model or "",
        environment=signal.environment or "",
        kind=_kind(alert) or Kind.SERVICE,
        at=signal.at,
        verdict=Verdict.BAD if fires else Verdict.FINE,
        severity=_severity(alert),
        score=max(figure.score, 1.0) if figure and figure.score is not None else None,
        readings=(figure,) if figure else (),
        total=1 if figure else 0,
        bad=1 if figure else 0,
        message=signal.message,
        url=_url(alert),
        version=name(_said(alert, "model_version")),
        settled=True,
    )


def _reading(alert: object) -> Reading | None:
    value, threshold = _number(_said(alert, "value")), _number(_said(alert, "threshold"))
    feature, method = name(_said(alert, "feature")), name(_said(alert, "method"))
    if value is None and feature is None:
        return None
    way = Way.BELOW if _said(alert, "direction") == "below" else Way.ABOVE
    called = method or name(at(alert, "labels", "alertname")) or "alert"
    return reading(feature or "", called, value, threshold, way=way, said=Verdict.BAD)


def _said(alert: object, what: str) -> object:
    """Of an annotation, which a label does not have to be for the alert to stay the same one."""
    found = at(alert, "annotations", what)
    return at(alert, "labels", what) if found is None else found


def _number(text: object) -> float | None:
    """Labels and annotations are text; `4.2%`, as Prometheus' humanizePercentage writes it, is 0.042."""
    found = _NUMBER.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= 80 else None
    if found is None:
        return None
    return float(found[0].rstrip("%")) / (100 if found[3] else 1)


def _severity(alert: object) -> Severity:
    return Severity.CRITICAL if at(alert, "labels", "severity") in ("critical", "page") else Severity.WARNING


def _url(alert: object) -> str:
    """Where the figure can be seen; else where the rule is."""
    said = (_said(alert, "dashboard_url"), at(alert, "generatorURL"))
    return next((one for one in said if isinstance(one, str) and is_link(one)), "")
