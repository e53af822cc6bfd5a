"""The plain rollout JSON, for Fleet and for everything that has no notifications of its own.

One object, or a list of at most 100::

    {"application": "fleet-default/models", "revision": "<40 or 64 hex digits>", "phase": "healthy",
     "message": "3 of 3 ready", "at": "2026-01-05T10:00:03Z", "model": "churn", "environment": "production"}

``application`` and ``phase`` are needed, and ``revision`` except for ``alert`` and ``calm``, which need ``model`` and
``environment`` instead. ``at`` is when it came to be so; without it, it is when we received it, and the same post sent
again counts as news.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from bot.domain.signal import Phase, Signal
from bot.signals.reading import NAME_LIMIT, BadBody, is_commit, moment, name, words

SOURCE = "rollout"
MOST = 100


def _name(value: str) -> str:
    if name(value) is None:
        raise ValueError(f"a printable name of at most {NAME_LIMIT} characters is needed")
    return value


def _commit(value: str) -> str:
    if not is_commit(value):
        raise ValueError("a whole commit id is needed: 40 or 64 hexadecimal digits in lower case")
    return value


def _time(value: str) -> str:
    if moment(value) is None:
        raise ValueError("an RFC 3339 time with its offset is needed, such as 2026-01-05T10:00:03Z")
    return value


Name = Annotated[str, AfterValidator(_name)]
Time = Annotated[str, AfterValidator(_time)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, hide_input_in_errors=True)
    application: Name
    phase: Phase
    revision: Annotated[str, AfterValidator(_commit)] | None = None
    message: str = ""
    at: Time | None = None
    model: Name | None = None
    environment: Name | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> _Body:
        if self.phase in (Phase.ALERT, Phase.CALM):
            if self.model is None or self.environment is None:
                raise ValueError("alert and calm need model and environment")
        elif self.revision is None:
            raise ValueError("revision is needed: the commit that this is about")
        return self


_BODIES: TypeAdapter[list[_Body]] = TypeAdapter(Annotated[list[_Body], Field(max_length=MOST)])


def parse(payload: object, received: float) -> tuple[Signal, ...]:
    """The signals of a body; ``received`` is our own time, in seconds since the epoch. Raises BadBody."""
    try:
        bodies = _BODIES.validate_python(payload if isinstance(payload, list) else [payload])
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise BadBody(f"{_place(first['loc'])}{first['msg']}") from None
    return tuple(dict.fromkeys(_signal(body, received) for body in bodies))


def _place(path: tuple[int | str, ...]) -> str:
    """Which entry and which field. A field that we do not know is the sender's text: it is cut and cleaned."""
    return "".join(f"{words(str(part), 60)}: " for part in path if part != 0)


def _signal(body: _Body, received: float) -> Signal:
    when = moment(body.at)
    return Signal(
        source=SOURCE,
        application=body.application,
        phase=body.phase,
        at=received if when is None else when,
        revision=body.revision,
        message=words(body.message),
        model=body.model,
        environment=body.environment,
    )
