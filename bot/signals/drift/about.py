"""What a report is about: monitors' reports name no model and no environment, so the sender says it beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.drifting.windows import Kind, Shape
from bot.signals.drift.distributions import Distributions, shapes_of
from bot.signals.reading import BadBody, moment, words
from bot.signals.rollout_json import Name, Time

SourceName = Literal["evidently", "nannyml", "whylogs", "json"]
MOST_URL = 2000


@dataclass(frozen=True)
class About:
    """``monitor``: which of several of the same tool. ``at``: the end of the data's span, ``received``: our own time,
    both in seconds since the epoch. ``share``: of the features, from which the model drifts; ``threshold``: a limit
    for figures that come without one; ``kind``: for reports that do not tell what they are about; ``shapes``: how some
    features are distributed."""

    model: str = ""
    environment: str = ""
    monitor: str = ""
    received: float = 0.0
    at: float | None = None
    share: float | None = None
    threshold: float | None = None
    kind: Kind | None = None
    version: str | None = None
    url: str = ""
    shapes: tuple[Shape, ...] = ()

    @property
    def time(self) -> float:
        """When the data ended, as far as anybody says; else when it came in."""
        return self.received if self.at is None else self.at


def is_link(value: str) -> bool:
    """Whether it is a URL that people may be sent to."""
    return value.startswith(("https://", "http://")) and len(value) <= MOST_URL and value.isprintable()


def _link(value: str) -> str:
    if not is_link(value):
        raise ValueError(f"an http or https URL of at most {MOST_URL} characters is needed")
    return value


def _plain_number(value: Any) -> Any:
    """A number as it is written in JSON, and in a query: never a truth value."""
    if isinstance(value, bool):
        raise ValueError("a number is needed")
    return value


Link = Annotated[str, AfterValidator(_link)]
Share = Annotated[float, BeforeValidator(_plain_number), Field(gt=0, le=1, allow_inf_nan=False)]
Limit = Annotated[float, BeforeValidator(_plain_number), Field(allow_inf_nan=False)]


class Given(BaseModel):
    """The parameters of the URL, and the fields of the envelope."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    source: SourceName | None = None
    model: Name | None = None
    environment: Name | None = None
    monitor: Name | None = None
    at: Time | None = None
    share: Share | None = None
    threshold: Limit | None = None
    kind: Kind | None = None
    version: Name | None = None
    url: Link | None = None
    shapes: Distributions | None = None


def given(said: Mapping[str, object]) -> Given:
    """Read them. Raises BadBody naming the first that is wrong, and no value."""
    try:
        return Given.model_validate(said)
    except ValidationError as error:
        raise BadBody(first_of(error)) from None


def told(about: About, more: Given) -> About:
    """What was known, with what is said now in its place."""
    found = {f.name: getattr(more, f.name, None) for f in fields(About) if f.name not in ("at", "received", "shapes")}
    named = {name: value for name, value in found.items() if value is not None}
    shapes = about.shapes if more.shapes is None else shapes_of(more.shapes)
    return replace(about, **named, at=about.at if more.at is None else moment(more.at), shapes=shapes)


def first_of(error: ValidationError) -> str:
    """Which entry, which field, and what is wrong. A field that we do not know is the sender's text: it is cut."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = "".join(f"{words(str(part), 60)}: " for part in first["loc"] if part != 0)
    return f"{place}{first['msg'].removeprefix('Value error, ')}"
