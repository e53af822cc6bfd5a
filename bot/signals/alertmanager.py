"""Alertmanager's webhook, version 4: an alert about a model, which fires or fires no more, to a signal. One that says
what sort of trouble it is, other than health, is a window of drift and the like too: `alert_windows` makes that.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from __future__ import annotations

from bot.domain.signal import Phase, Signal
from bot.signals.reading import at, items, moment, name, words

SOURCE = "alertmanager"
KIND = "slackops_kind"
KINDS = frozenset({"drift", "performance", "data_quality", "service", "health"})
"""What the label may say that an alert is about."""
MOST_ALERTS = 100
"""Alerts of one body that are read; set `max_alerts` of the receiver lower."""


def parse(payload: object) -> tuple[Signal, ...]:
    """One signal for each alert whose labels name ``model`` and ``environment`` (or ``env``); others are not ours."""
    if str(at(payload, "version")) != "4":
        return ()
    found = (signal_of(alert) for alert in items(at(payload, "alerts"))[:MOST_ALERTS])
    return tuple(dict.fromkeys(signal for signal in found if signal is not None))


def signal_of(alert: object) -> Signal | None:
    """The signal of one alert; None for what is not about a model."""
    labels, fires = at(alert, "labels"), at(alert, "status") == "firing"
    model, environment = name(at(labels, "model")), name(at(labels, "environment")) or name(at(labels, "env"))
    called, fingerprint = name(at(labels, "alertname")) or "alert", name(at(alert, "fingerprint"))
    when = moment(at(alert, "startsAt" if fires else "endsAt"))
    if model is None or environment is None or fingerprint is None or when is None:
        return None
    if at(alert, "status") not in ("firing", "resolved"):
        return None
    return Signal(
        source=SOURCE,
        application=f"{called}/{fingerprint}",
        phase=Phase.ALERT if fires else Phase.CALM,
        at=when,
        message=_message(called, at(alert, "annotations")),
        model=model,
        environment=environment,
        kind=_kind(at(labels, KIND)),
    )


def _kind(said: object) -> str | None:
    return said if isinstance(said, str) and said in KINDS else None


def _message(called: str, annotations: object) -> str:
    said = words(at(annotations, "summary")) or words(at(annotations, "description"))
    return words(f"{called}: {said}") if said else called
