"""What the parsers of monitors' reports share: to make a reading of a figure, and a window of readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.drifting.judging import SHARE, judged, sentence
from bot.domain.drifting.methods import method_of
from bot.domain.drifting.scoring import Way, finite, score_of, verdict_of
from bot.domain.drifting.windows import Kind, Reading, Shape, Verdict, Window
from bot.signals.drift.about import About
from bot.signals.reading import NAME_LIMIT, BadBody, words

METHOD_LIMIT = 80
NOTE_LIMIT = 200
PREDICTIONS = frozenset({"prediction", "predictions", "prediction_score", "y_pred", "y_pred_proba"})
"""Names that the tools themselves give to the model's own output."""


def reading(
    feature: object,
    method: object,
    value: object,
    threshold: object = None,
    *,
    way: Way | None = None,
    said: Verdict | None = None,
    note: object = "",
) -> Reading:
    """A figure, judged by its method; ``way`` says which side is bad where the method does not. ``said`` is the tool's
    own verdict, which counts. NaN and infinity are no values: unknown."""
    called, known = words(method, METHOD_LIMIT), method_of(method if isinstance(method, str) else "")
    side = way or (known.way if known else None)
    number, limit = finite(value), finite(threshold)
    verdict, score = Verdict.UNKNOWN, None
    if side is not None:
        inclusive = known is not None and known.inclusive and known.way is side
        verdict, score = verdict_of(number, limit, side, inclusive=inclusive), score_of(number, limit, side)
    return made(feature, called, number, limit, verdict if said is None else said, score, note)


def made(
    feature: object,
    method: str,
    value: float | None,
    threshold: float | None,
    verdict: Verdict,
    score: float | None,
    note: object = "",
) -> Reading:
    """A figure that is judged already."""
    name = words(feature, NAME_LIMIT)
    return Reading(
        feature=name,
        method=method,
        value=value,
        threshold=threshold,
        verdict=verdict,
        score=score,
        note=words(note, NOTE_LIMIT).replace("**", ""),  # Evidently's words are Markdown
        prediction=name in PREDICTIONS,
    )


def window(
    source: str,
    about: About,
    kind: Kind,
    readings: Iterable[Reading],
    *,
    at: float | None = None,
    share: float | None = None,
    said: Verdict | None = None,
    shapes: Sequence[Shape] = (),
) -> Window:
    """A window of these readings. Drift is judged by the share of features, everything else by the worst figure.

    Raises BadBody when nobody says which model and environment it is about.
    """
    if not about.model or not about.environment:
        raise BadBody("model and environment are needed: beside the report, or as parameters of the URL")
    drifts = kind is Kind.DRIFT
    found = judged(readings, (about.share or share or SHARE) if drifts else None, said)
    return Window(
        source=source,
        monitor=about.monitor or source,
        model=about.model,
        environment=about.environment,
        kind=kind,
        at=about.time if at is None else at,
        verdict=found.verdict,
        score=found.score,
        readings=found.readings,
        total=found.total,
        bad=found.bad,
        shapes=tuple(shapes),
        message=words(sentence(found)),
        url=about.url,
        version=about.version,
    )
