"""Distributions of features, reference beside current, as a sender may tell them for the chart of Details."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.domain.drifting.windows import Kind, Shape, Window
from bot.signals.reading import words
from bot.signals.rollout_json import Name

if TYPE_CHECKING:
    from bot.signals.drift.about import About

MOST, BINS, LABEL = 5, 50, 80
LARGEST = 1e15
"""Of a count; all of them can be added up."""


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a number is needed")
    return value


Count = Annotated[float, BeforeValidator(_plain), Field(ge=0, le=LARGEST, allow_inf_nan=False)]
Edge = Annotated[float, BeforeValidator(_plain), Field(allow_inf_nan=False)]
Label = Annotated[str, AfterValidator(lambda text: words(text, LABEL))]
Counts = Annotated[list[Count], Field(min_length=1, max_length=BINS)]


class Distribution(BaseModel):
    """One feature by bins: counts or shares, as both sides come. ``edges`` rise, and are one more than the bins;
    ``labels`` are as many."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    feature: Name
    edges: Annotated[list[Edge], Field(max_length=BINS + 1)] | None = None
    labels: Annotated[list[Label], Field(max_length=BINS)] | None = None
    reference: Counts
    current: Counts

    @model_validator(mode="after")
    def _fits(self) -> Distribution:
        bins = len(self.reference)
        if len(self.current) != bins:
            raise ValueError("reference and current need the same number of bins")
        if (self.edges is None) == (self.labels is None):
            raise ValueError("edges or labels are needed, and not both")
        if self.labels is not None and len(self.labels) != bins:
            raise ValueError("as many labels as bins are needed")
        if self.edges is not None and (len(self.edges) != bins + 1 or not _rise(self.edges)):
            raise ValueError("edges that rise are needed, one more than bins")
        return self

    @property
    def shape(self) -> Shape:
        """The same in shares."""
        sides = _shares(self.reference), _shares(self.current)
        edges, labels = tuple(self.edges or ()), tuple(self.labels or ())
        return Shape(feature=self.feature, edges=edges, labels=labels, reference=sides[0], current=sides[1])


Distributions = Annotated[list[Distribution], Field(max_length=MOST)]


def shapes_of(told: Iterable[Distribution]) -> tuple[Shape, ...]:
    """One a feature: the first that was told."""
    found: dict[str, Shape] = {}
    for one in told:
        found.setdefault(one.feature, one.shape)
    return tuple(found.values())


def with_shapes(windows: Sequence[Window], about: About) -> tuple[Window, ...]:
    """What is told beside a report belongs to the newest window of each kind, as far as that tells of the feature;
    what a window tells itself counts more."""
    if not about.shapes:
        return tuple(windows)
    newest: dict[Kind, float] = {}
    for one in windows:
        newest[one.kind] = max(one.at, newest.get(one.kind, one.at))
    return tuple(_dressed(one, about.shapes) if one.at == newest[one.kind] else one for one in windows)


def _dressed(one: Window, shapes: Sequence[Shape]) -> Window:
    told = {reading.feature for reading in one.readings}
    fit = tuple(shape for shape in shapes if shape.feature in told)
    return one if one.shapes or not fit else one.model_copy(update={"shapes": fit})


def plain_shapes(shapes: Sequence[Shape]) -> list[dict[str, Any]]:
    """As the plain JSON tells them; without those that it cannot tell, such as of a column that is always the same."""
    return [said for one in shapes if _fits(said := _said(one))][:MOST]


def _said(one: Shape) -> dict[str, Any]:
    bins = {"edges": list(one.edges)} if one.edges else {"labels": list(one.labels)}
    return {"feature": one.feature, **bins, "reference": list(one.reference), "current": list(one.current)}


def _fits(said: dict[str, Any]) -> bool:
    try:
        Distribution.model_validate(said)
    except ValidationError:
        return False
    return True


def _rise(edges: Sequence[float]) -> bool:
    return all(one < other for one, other in itertools.pairwise(edges))


def _shares(counts: Sequence[float]) -> tuple[float, ...]:
    total = sum(counts)
    return tuple(one / total if total else 0.0 for one in counts)
