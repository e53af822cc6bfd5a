"""NannyML's results to windows: one a chunk, as `to_df().to_json(orient="split", date_format="iso")` writes them.

https://nannyml.readthedocs.io/en/stable/tutorials/working_with_results.html. The columns are two or three words deep:
`["age", "jensen_shannon", "alert"]` of univariate drift, `["roc_auc", "alert"]` of performance, `["amount", "alert"]`
of missing and unseen values. Also read: `to_df(multilevel=False)`, whose columns are joined with underscores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from bot.domain.drifting.scoring import finite, score_within
from bot.domain.drifting.windows import Kind, Reading, Verdict, Window
from bot.signals.drift.about import About
from bot.signals.drift.building import METHOD_LIMIT, made
from bot.signals.drift.findings import Finding, windows
from bot.signals.reading import BadBody, at, items, moment, words

SOURCE = "nannyml"
MOST_CHUNKS = 20
"""The newest chunks of a result that are read: a result tells the whole past each time."""

_DRIFT = frozenset({"reconstruction_error", "domain_classifier_auroc"})
_PERFORMANCE = frozenset({
    *("roc_auc", "f1", "precision", "recall", "specificity", "accuracy", "average_precision", "business_value"),
    *("true_positive", "true_negative", "false_positive", "false_negative"),
    *("mae", "mape", "mse", "msle", "rmse", "rmsle"),
})  # fmt: skip
_METHODS = ("jensen_shannon", "kolmogorov_smirnov", "chi2", "hellinger", "wasserstein", "l_infinity")
_FIGURES = ("value", "upper_threshold", "lower_threshold", "alert")
_CHUNK = "chunk"

Column = tuple[str, ...]
Row = Mapping[Column, object]


def looks(payload: object) -> bool:
    """Whether this is a data frame, split, whose columns tell of chunks and alerts."""
    columns = [_column(column) for column in islice(items(at(payload, "columns")), 1000)]
    return bool(columns) and columns[0][:1] == (_CHUNK,) and any(column[-1:] == ("alert",) for column in columns)


def parse(payload: object, about: About) -> tuple[Window, ...]:
    """The windows of its newest chunks, but for those of the reference. Raises BadBody for any other shape.

    Times without an offset are UTC. Chunks without times are told apart by nothing, so only the newest counts.
    """
    columns, data = at(payload, "columns"), at(payload, "data")
    if not isinstance(columns, list) or not isinstance(data, list):
        raise BadBody("nannyml: `to_df().to_json(orient='split', date_format='iso')` is needed, with columns and data")
    names = [_column(column) for column in columns]
    chunks = [row for row in (_row(names, cells) for cells in data[-2 * MOST_CHUNKS :]) if _is_analysis(row)]
    timed = [row for row in chunks if _end(row) is not None] or chunks[-1:]
    return tuple(one for row in timed[-MOST_CHUNKS:] for one in _windows(row, about))


def _windows(row: Row, about: About) -> tuple[Window, ...]:
    end = _end(row)
    found = windows(SOURCE, about, _findings(row, about))
    return found if end is None else tuple(one.model_copy(update={"at": end}) for one in found)


def _column(column: object) -> Column:
    if isinstance(column, list):
        return tuple(part for part in column if isinstance(part, str))
    return _parted(column) if isinstance(column, str) else ()


def _parted(name: str) -> Column:
    """`age_jensen_shannon_alert` is the alert of a method on a feature."""
    if name.startswith(f"{_CHUNK}_"):
        return _CHUNK, name.removeprefix(f"{_CHUNK}_")
    figure = next((one for one in _FIGURES if name.endswith(f"_{one}")), None)
    if figure is None:
        return ()
    rest = name.removesuffix(f"_{figure}")
    method = next((one for one in _METHODS if rest.endswith(f"_{one}")), None)
    return (rest.removesuffix(f"_{method}"), method, figure) if method else (rest, figure)


def _row(names: Sequence[Column], cells: object) -> Row:
    return {name: cell for name, cell in zip(names, items(cells), strict=False) if name}


def _chunk(row: Row, name: str) -> object:
    found = row.get((_CHUNK, name))
    return row.get((_CHUNK, _CHUNK, name)) if found is None else found


def _is_analysis(row: Row) -> bool:
    return bool(row) and _chunk(row, "period") != "reference"


def _end(row: Row) -> float | None:
    """Milliseconds are what pandas writes without `date_format="iso"`; a second push would else be another window."""
    said = _chunk(row, "end_date")
    if isinstance(said, str):
        return moment(said) or moment(f"{said}Z")
    milliseconds = finite(said)
    return milliseconds / 1000 if milliseconds is not None and 1e11 < milliseconds < 1e14 else None


def _findings(row: Row, about: About) -> Iterator[Finding]:
    alerts = (column[:-1] for column in row if column[-1] == "alert" and column[0] != _CHUNK)
    for name in dict.fromkeys(name for name in alerts if name and name[0]):
        kind = about.kind or _kind(name)
        yield Finding(kind, _reading(name, kind, {figure: row.get((*name, figure)) for figure in _FIGURES}))


def _kind(name: Column) -> Kind:
    if len(name) > 1 or name[0] in _DRIFT:
        return Kind.DRIFT
    return Kind.PERFORMANCE if name[0] in _PERFORMANCE else Kind.DATA_QUALITY


def _reading(name: Column, kind: Kind, figures: Mapping[str, Any]) -> Reading:
    """A figure of the whole has no feature; how a column was looked at is told for drift alone."""
    feature, method = (name[0], "_".join(name[1:])) if kind is not Kind.PERFORMANCE else ("", name[0])
    if kind is Kind.DRIFT and name[0] in _DRIFT:
        feature, method = "", name[0]
    elif not method:
        method = "value"  # a rate of missing or of unseen values: the result does not tell which
    value, upper, lower = (finite(figures[figure]) for figure in _FIGURES[:3])
    limit = lower if upper is None or (value is not None and lower is not None and value < lower) else upper
    score = score_within(value, lower, upper)
    return made(feature, words(method, METHOD_LIMIT), value, limit, _verdict(value, figures["alert"]), score)


def _verdict(value: float | None, alert: object) -> Verdict:
    """Of a chunk that has nothing in it the tool says no alert."""
    if value is None or not isinstance(alert, bool):
        return Verdict.UNKNOWN
    return Verdict.BAD if alert else Verdict.FINE
