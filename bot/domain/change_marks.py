"""What happens to a change and stays with it: remarks, the forge's refusal, broken glass, words that count no more."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person


@dataclass(frozen=True)
class Remark:
    """Something that happened to a change and belongs into its thread once. ``mark`` tells it from every other."""

    mark: str
    text: str
    by: Person | None = None


@dataclass(frozen=True)
class MergeRefusal:
    """The forge refused to merge. ``situation`` is what it was about, so that it is tried again when that changes."""

    message: str
    situation: str
    at: float


@dataclass(frozen=True)
class Glass:
    """A change that broke the glass: merged with nobody's approval. ``due_at`` is when a second person must have looked
    at it, in seconds since the epoch; then promotions of the model stop until one has."""

    by: Person
    reason: str
    due_at: float | None = None
    digest: str | None = None
    """What it meant then: what it means by now nobody may have wanted."""
    settled_by: Person | None = None
    settled_login: str | None = None
    settled_at: float | None = None


@dataclass(frozen=True)
class Voided:
    """What this account said before ``at`` counts no more: whoever it stood for has left."""

    login: str
    at: float
    account: int = 0


@dataclass(frozen=True)
class Waiver:
    """A role let this gate pass for the change that means ``digest``. ``gate`` is the gate's name, ``required`` what it
    asked for then, in words: a gate that asks for something else by now is another one. It stands on the record for
    good; ``withdrawn_by`` says who took it back."""

    gate: str
    by: Person
    reason: str
    at: float
    digest: str
    required: str
    observed: str = ""
    withdrawn_by: Person | None = None
    id: str = ""
    """Tells it from every other: the row that asked for it."""
    rule: str = ""
    """The gate's rule then; where there is none, its words stand for it."""
    own: bool = False
    """Whoever gave it might also be who asks for the change: they gave it as they asked, or nobody had to approve."""

    @property
    def asks(self) -> str:
        """What a gate must ask for that it lets pass."""
        return self.rule or self.required
