"""What concerns drift and the health of models in use: asked for by people, and what the bot has itself do."""

from __future__ import annotations

from typing import Literal

from bot.domain.commands_asked import Asked, FrozenCommand
from bot.domain.drifting.windows import Window


class TakeDrift(FrozenCommand):
    """What monitors said; verified, and parsed."""

    kind: Literal["take_drift"] = "take_drift"
    windows: tuple[Window, ...]


class LookIncident(FrozenCommand):
    """Bring what is shown of an incident up to date, and tell what is still to be told. Level-triggered."""

    kind: Literal["look_incident"] = "look_incident"
    incident: str


class JoinStorm(FrozenCommand):
    """An incident has opened: see whether it is one of many, and have it shown where it belongs. These rows are carried
    out one after the other, so that two of them never begin two storms."""

    kind: Literal["join_storm"] = "join_storm"
    incident: str


class LookStorm(FrozenCommand):
    """Bring the card of a storm up to date. Level-triggered."""

    kind: Literal["look_storm"] = "look_storm"
    storm: str


class TakeIncident(Asked):
    """I'm on it: of one incident, or of every one of a storm."""

    kind: Literal["take_incident"] = "take_incident"
    incident: str = ""
    storm: str = ""


class SnoozeIncident(Asked):
    """Say nothing of it until then: one incident by id, all of a storm, or `/slackops snooze MODEL ENV UNTIL`.
    ``until`` is a duration or a moment, as it was written."""

    kind: Literal["snooze_incident"] = "snooze_incident"
    incident: str = ""
    storm: str = ""
    model: str = ""
    environment: str = ""
    until: str
    reason: str | None = None


class CloseIncident(Asked):
    """It is over, though no monitor says so: of a card, or of those of a storm, of which nothing new is told."""

    kind: Literal["close_incident"] = "close_incident"
    incident: str = ""
    storm: str = ""


class ShowIncident(Asked):
    """Details: every reading by rank, and how the worst features are distributed."""

    kind: Literal["show_incident"] = "show_incident"
    incident: str


class ListStorm(Asked):
    """Every incident of a storm, to whoever asked."""

    kind: Literal["list_storm"] = "list_storm"
    storm: str


class Retrain(Asked):
    """Have a model trained again. ``incident`` is the one whose card was clicked."""

    kind: Literal["retrain"] = "retrain"
    model: str
    environment: str
    incident: str = ""
    reason: str | None = None


class LookRetrain(FrozenCommand):
    """See how a retraining is, and link its result back. Level-triggered."""

    kind: Literal["look_retrain"] = "look_retrain"
    retrain: str


class ShowDrift(Asked):
    """`/drift [MODEL]`."""

    kind: Literal["show_drift"] = "show_drift"
    model: str | None = None


class SendDigest(FrozenCommand):
    """Send one digest of the policy. ``digest`` names it, ``fire`` is when it was due, in seconds since the epoch."""

    kind: Literal["send_digest"] = "send_digest"
    digest: str
    fire: float


class LookDigests(FrozenCommand):
    """The clock has every digest looked at that may be due."""

    kind: Literal["look_digests"] = "look_digests"


class MeasureDrift(FrozenCommand):
    """Carry out one declared run: compare its current data with its reference. ``fire`` is when it was due."""

    kind: Literal["measure_drift"] = "measure_drift"
    run: str
    fire: float = 0.0


class PollDrift(FrozenCommand):
    """The clock has the declared sources read, and the declared runs put that are due."""

    kind: Literal["poll_drift"] = "poll_drift"


class ReadDriftSource(FrozenCommand):
    """Read what is new in one declared source: a directory, an object store, runs of MLflow."""

    kind: Literal["read_drift_source"] = "read_drift_source"
    source: str
