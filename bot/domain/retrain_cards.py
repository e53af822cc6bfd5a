"""The card of a retraining that nobody asked for on an incident's card, by meaning; and the form that asks for one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person
from bot.domain.retraining import RetrainState


@dataclass(frozen=True)
class RetrainCard:
    """`Retraining: fraud-detector, production`. ``engine`` says what trains, in its own terms; ``started`` and
    ``ended`` in seconds since the epoch; ``words`` say what came of it; ``url`` is the run's page."""

    retrain: str
    model: str
    environment: str
    state: RetrainState
    engine: str
    by: Person
    reason: str
    asked: float
    started: float | None = None
    ended: float | None = None
    version: str | None = None
    words: str = ""
    url: str = ""


@dataclass(frozen=True)
class RetrainForm:
    """Why a model is to be trained again. ``about`` names it, ``engine`` what would be started; ``incident`` is the one
    whose card was clicked, ``running`` why it is being trained now, if it is."""

    about: str
    engine: str
    model: str
    environment: str
    incident: str = ""
    reason: str | None = None
    channel: str = ""
    running: str = ""
