"""The plain drift JSON, for every monitor that has no form of its own here.

One object, or a list of at most 100, each a window::

    {"model": "churn", "environment": "production", "kind": "drift", "at": "2026-01-05T10:00:00Z",
     "features": [{"name": "amount", "method": "psi", "value": 0.31, "threshold": 0.2}]}

A window says its ``verdict``, or a ``value`` with a ``threshold`` and the ``direction`` that is bad, or ``features``
from which the verdict follows. NaN and infinity are no values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from bot.domain.drifting.methods import method_of
from bot.domain.drifting.scoring import MOST_SCORE, Way, finite
from bot.domain.drifting.windows import MOST_READINGS, Kind, Reading, Severity, Verdict, Window
from bot.signals.drift.about import About, Link, first_of
from bot.signals.drift.building import reading, window
from bot.signals.drift.distributions import Distributions, shapes_of
from bot.signals.reading import BadBody, moment, words
from bot.signals.rollout_json import Name, Time

SOURCE: Literal["json"] = "json"
RUN = "run"
MOST = 100


def _number(value: Any) -> Any:
    """A number, or None where it is none that can be compared; anything else is left for the form to refuse."""
    if isinstance(value, bool):
        raise ValueError("a number is needed")
    return finite(value) if isinstance(value, int | float) else value


Number = Annotated[float | None, BeforeValidator(_number)]
Score = Annotated[Annotated[float, Field(ge=0)] | None, BeforeValidator(_number)]
Direction = Literal["above", "below"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class _Feature(_Form):
    name: Name
    method: str = ""
    value: Number = None
    threshold: Number = None
    direction: Direction | None = None
    drifted: bool | None = None


class _Body(_Form):
    source: Literal["json", "run"] = SOURCE
    """`run`: a declared run of SlackOps' own, carried out beside the bot; the same monitor as in the bot."""
    model: Name | None = None
    environment: Name | None = None
    monitor: Name | None = None
    kind: Kind | None = None
    verdict: Verdict | None = None
    value: Number = None
    threshold: Number = None
    direction: Direction | None = None
    method: str = ""
    features: list[_Feature] | None = None
    score: Score = None
    severity: Severity = Severity.WARNING
    at: Time | None = None
    url: Link | None = None
    message: str = ""
    version: Name | None = None
    shapes: Distributions = []

    @model_validator(mode="after")
    def _says_something(self) -> _Body:
        if self.verdict is None and self.features is None and not {"value", "threshold"} <= self.model_fields_set:
            raise ValueError("verdict, value with threshold, or features is needed")
        return self


_BODIES: TypeAdapter[list[_Body]] = TypeAdapter(Annotated[list[_Body], Field(max_length=MOST)])


def looks(payload: object) -> bool:
    """Whether it begins as one of these does: the forms of the tools have none of its words."""
    first = payload[0] if isinstance(payload, list) and payload else payload
    return isinstance(first, dict) and bool({"verdict", "value", "features"} & first.keys())


def parse(payload: object, about: About) -> tuple[Window, ...]:
    """The windows of a body; what it says itself counts more than what is said beside it. Raises BadBody."""
    try:
        bodies = _BODIES.validate_python(payload if isinstance(payload, list) else [payload])
    except ValidationError as error:
        raise BadBody(first_of(error)) from None
    return tuple(_window(body, about) for body in bodies)


def _window(body: _Body, about: About) -> Window:
    beside = About(
        model=body.model or about.model,
        environment=body.environment or about.environment,
        monitor=body.monitor or about.monitor,
        received=about.received,
        at=about.at if body.at is None else moment(body.at),
        share=about.share,
        version=body.version or about.version,
        url=body.url or about.url,
    )
    kind, own = body.kind or about.kind or Kind.DRIFT, _own(body, about)
    parts = [_reading(feature, about) for feature in body.features or ()]
    verdict = body.verdict or _known(own if parts else ())
    found = window(SOURCE, beside, kind, parts or own, said=verdict, shapes=shapes_of(body.shapes))
    if parts and own:
        score = found.score if own[0].score is None or body.verdict else own[0].score
        found = found.model_copy(update={"readings": (*own, *found.readings)[:MOST_READINGS], "score": score})
    score = found.score if body.score is None else _held(body.score, found.verdict)
    said = {"source": body.source, "severity": body.severity, "score": score}
    return found.model_copy(update={**said, "message": words(body.message) or found.message})


def _held(score: float, verdict: Verdict) -> float | None:
    """On the side of 1 that the verdict says."""
    if verdict is Verdict.UNKNOWN:
        return None
    return min(max(score, 1.0), MOST_SCORE) if verdict is Verdict.BAD else min(score, 1.0)


def _own(body: _Body, about: About) -> tuple[Reading, ...]:
    """The figure of the whole, where one is told."""
    if "value" not in body.model_fields_set:
        return ()
    limit = about.threshold if body.threshold is None else body.threshold
    return (reading("", body.method or "value", body.value, limit, way=_way(body.method, body.direction)),)


def _known(own: Sequence[Reading]) -> Verdict | None:
    """Its verdict is that of the whole, whatever the features come to; unless it has none."""
    return next((one.verdict for one in own if one.verdict is not Verdict.UNKNOWN), None)


def _reading(feature: _Feature, about: About) -> Reading:
    limit = about.threshold if feature.threshold is None else feature.threshold
    said = None if feature.drifted is None else Verdict.BAD if feature.drifted else Verdict.FINE
    way = _way(feature.method, feature.direction)
    return reading(feature.name, feature.method, feature.value, limit, way=way, said=said)


def _way(method: str, direction: Direction | None) -> Way:
    """A p-value is bad below its limit, whether that is said or not; a statistic of the same name says `above`."""
    known = method_of(method)
    if direction is None:
        return known.way if known else Way.ABOVE
    tested = direction == "below" and known is not None and known.way is Way.P_VALUE
    return Way.P_VALUE if tested else Way(direction)
