"""Forms, by meaning: what stands open in front of one person. Adapters turn them into views."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.retrain_cards import RetrainForm


@dataclass(frozen=True)
class Choice:
    """One entry of a select."""

    text: str
    value: str


@dataclass(frozen=True)
class LoadingForm:
    """What opens at once, before anything was read."""

    title: str


@dataclass(frozen=True)
class PromoteForm:
    """Model, version and environment to choose from; what is already known stands filled in.

    ``channel`` is where the form was asked for: the answer to it goes there.
    """

    models: tuple[Choice, ...]
    environments: tuple[Choice, ...]
    model: str | None = None
    version: str | None = None
    environment: str | None = None
    reason: str | None = None
    channel: str = ""


@dataclass(frozen=True)
class RollbackForm:
    """Model and environment to choose from; ``version`` is one to go back to by name, ``channel`` as above."""

    models: tuple[Choice, ...]
    environments: tuple[Choice, ...]
    model: str | None = None
    environment: str | None = None
    version: str | None = None
    reason: str | None = None
    channel: str = ""


@dataclass(frozen=True)
class UnpinForm:
    """Model and environment to choose from; ``channel`` as above."""

    models: tuple[Choice, ...]
    environments: tuple[Choice, ...]
    model: str | None = None
    environment: str | None = None
    reason: str | None = None
    channel: str = ""


@dataclass(frozen=True)
class FreezeForm:
    """The environment to freeze, or one model in it; until when, and why. ``channel`` as above."""

    models: tuple[Choice, ...]
    environments: tuple[Choice, ...]
    model: str | None = None
    environment: str | None = None
    until: str | None = None
    reason: str | None = None
    channel: str = ""


@dataclass(frozen=True)
class BanForm:
    """The version to ban, and why. ``channel`` as above."""

    models: tuple[Choice, ...]
    model: str | None = None
    version: str | None = None
    reason: str | None = None
    channel: str = ""


@dataclass(frozen=True)
class WaiveForm:
    """The gates of a change that hold it up and may be waived, and why. ``about`` and ``channel`` as elsewhere."""

    gates: tuple[Choice, ...]
    about: str
    change: str
    digest: str
    reason: str | None = None
    channel: str = ""


@dataclass(frozen=True)
class SnoozeCiForm:
    """The gate of a repository's CI to say nothing of, until when, and why; ``sha`` is the card's commit."""

    repo: str
    sha: str
    gates: tuple[Choice, ...]
    channel: str = ""


@dataclass(frozen=True)
class SnoozeIncidentForm:
    """For how long to say nothing of an incident, or of every one of a ``storm``; and why."""

    about: str
    spans: tuple[Choice, ...]
    incident: str = ""
    storm: str = ""
    channel: str = ""


@dataclass(frozen=True)
class CommentForm:
    """One text to a change: for Request changes, Close and Hold. ``required`` texts cannot be left empty."""

    form: str
    title: str
    submit: str
    about: str
    label: str
    required: bool
    change: str
    digest: str
    channel: str = ""


@dataclass(frozen=True)
class DiffView:
    """The unified diff of a change, to read only."""

    title: str
    about: str
    diff: str
    url: str | None = None


@dataclass(frozen=True)
class FormFault:
    """A form that cannot be filled: what is wrong, in place of the fields."""

    title: str
    message: str
    unblock: str | None = None


Form = (
    LoadingForm
    | PromoteForm
    | RollbackForm
    | UnpinForm
    | FreezeForm
    | BanForm
    | WaiveForm
    | SnoozeCiForm
    | SnoozeIncidentForm
    | RetrainForm
    | CommentForm
    | DiffView
    | FormFault
)


@dataclass(frozen=True)
class FormErrors:
    """Faults of a submitted form by field name; empty when it may be taken."""

    fields: dict[str, str] = field(default_factory=dict)
