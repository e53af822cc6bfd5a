"""What is listed in the chat, by meaning: what runs where, what it was before, how it is delivered, and help."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DeployedLine:
    """What one environment pins of one model."""

    environment: str
    version: str | None
    state: str
    raw: str | None = None
    serving: str = ""
    """During a ladder of steps: who gets how much of the traffic."""
    alias: str = ""
    """The registry's alias for what is healthy there, where it says another version: ``aliased``."""
    aliased: str | None = None
    cluster: str | None = None
    """What the engine reported last, where that is another version; ``cluster_since`` in seconds since the epoch."""
    cluster_since: float = 0.0


@dataclass(frozen=True)
class DeliveryLine:
    """How one model gets into one environment, over ``days``: the four keys of https://dora.dev/guides/dora-metrics/.

    Times in seconds, medians; ``failure_rate`` from 0 to 1; None where there is nothing to say it by.
    """

    environment: str
    days: int
    deployments: int
    lead_time: float | None
    failure_rate: float | None
    time_to_restore: float | None
    outside: int = 0
    """How many of the deployments were made outside SlackOps."""
    broken: bool = False
    """One of them failed, and nothing has put that right yet."""


@dataclass(frozen=True)
class ModelLine:
    """One model across the environments; ``newest`` is the registry's newest version, None where that is not known."""

    model: str
    deployed: tuple[DeployedLine, ...]
    newest: str | None
    open_changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelList:
    """`/models`. ``note`` says what could not be read."""

    lines: tuple[ModelLine, ...]
    note: str = ""


@dataclass(frozen=True)
class VersionLine:
    """One version of a model in `/models MODEL`."""

    version: str
    aliases: tuple[str, ...]
    created_at: float
    metrics: dict[str, float]
    deployed_in: tuple[str, ...]


@dataclass(frozen=True)
class StayLine:
    """A version that an environment had. ``since`` is when it came in, in seconds since the epoch; ``by`` who asked for
    it, or who made the commit; ``change`` the change's id, where it was one."""

    environment: str
    version: str
    since: float
    commit: str
    action: str | None = None
    change: str | None = None
    by: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelDetail:
    """`/models MODEL`: its versions, newest first, where they run, and what ran there before (newest first)."""

    line: ModelLine
    versions: tuple[VersionLine, ...]
    primary_metric: str | None
    note: str = ""
    stays: tuple[StayLine, ...] = ()
    delivery: tuple[DeliveryLine, ...] = ()


@dataclass(frozen=True)
class HelpLine:
    """One command: how it is written, and what it does."""

    usage: str
    does: str


@dataclass(frozen=True)
class Help:
    """`/slackops help`. ``note`` says what else is worth knowing."""

    lines: tuple[HelpLine, ...]
    note: str = ""
