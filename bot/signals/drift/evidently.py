"""Evidently's reports and test suites to windows: `Report.run(…).json()` of 0.7, and the forms of 0.4 to 0.6.

https://docs.evidentlyai.com/docs/library/output_formats. A report tells no time, no model, and (0.7) no verdict on a
column: that follows from its method and threshold, as in Evidently's own code.
"""

from __future__ import annotations

from bot.domain.drifting.windows import Window
from bot.signals.drift import evidently_metrics, evidently_old, evidently_tests
from bot.signals.drift.about import About
from bot.signals.drift.findings import windows
from bot.signals.reading import BadBody, at, items

SOURCE = "evidently"


def looks(payload: object) -> bool:
    """Whether this is the shape of a report or of a test suite."""
    metrics, tests = items(at(payload, "metrics")), items(at(payload, "tests"))
    first = next(iter([*metrics, *tests]), None)
    return isinstance(first, dict) and bool(
        {"metric_name", "metric_id", "metric"} & first.keys() or {"status", "group"} <= first.keys()
    )


def parse(payload: object, about: About) -> tuple[Window, ...]:
    """A window for each of drift, performance and data quality that the report tells of; none where it is empty.

    Raises BadBody for what is no report.
    """
    if not isinstance(at(payload, "metrics"), list) and not isinstance(at(payload, "tests"), list):
        raise BadBody("evidently: a report with `metrics`, or a test suite with `tests`, is needed")
    found = [*evidently_metrics.findings(payload), *evidently_old.findings(payload), *evidently_tests.findings(payload)]
    return windows(SOURCE, about, found)
