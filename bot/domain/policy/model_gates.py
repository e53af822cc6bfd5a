"""What the policy asks of a version: its gates. Each kind has an evaluator in `bot.domain.gating`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower"]
Mode = Literal["block", "warn"]
At = Literal["propose", "merge"]
Baseline = Literal["skip", "fail"]
SignatureRule = Literal["compatible", "same", "logged"]
DEPLOYED = "deployed"


@dataclass(frozen=True)
class Regression:
    """How much worse a metric may be: in the metric's own unit, or in per cent of the old value (1 % is 1.0)."""

    amount: float
    percent: bool


@dataclass(frozen=True)
class Margin:
    """Non-inferiority: with this confidence (0.5 to 1) the candidate is not worse by more than ``amount`` (the metric's
    own unit). ``stderr`` names the metric that holds the standard error of both."""

    amount: float
    stderr: str
    confidence: float = 0.95


@dataclass(frozen=True)
class MetricGate:
    """A metric against ``threshold`` (the least it may be where higher is better, else the most) or against another
    version's: ``against`` is `deployed` or `@alias`. Exactly one of the two is set. ``metric`` may be a pattern: then
    each match is a slice, and ``slices`` says which must pass.

    ``min_absolute_change`` and ``min_relative_change`` (1 % is 0.01) are MLflow's terms: by how much the candidate must
    be better than the baseline (https://mlflow.org/docs/latest/api_reference/python_api/mlflow.models.html).
    """

    name: str
    metric: str
    direction: Direction
    threshold: float | None
    against: str | None
    max_regression: Regression | None
    mode: Mode
    at: At
    margin: Margin | None = None
    min_absolute_change: float | None = None
    min_relative_change: float | None = None
    slices: Literal["every", "worst"] | float = "every"
    """A number is the least share of the slices that must pass, from 0 to 1."""
    no_baseline: Baseline = "skip"
    """What a first deployment means, or an alias that nothing has."""
    only: tuple[str, ...] = ()
    """The models, or at a model the environments, that it is for; none: all of them."""


@dataclass(frozen=True)
class CheckGate:
    """The commit checks whose names match ``pattern``. Never matches `slackops/*`. ``none``: what it means that there
    is none. A check that runs for longer than ``timeout`` seconds has failed."""

    name: str
    pattern: str
    mode: Mode
    at: At
    none: Literal["refuse", "allow"] = "refuse"
    timeout: float | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class SoakGate:
    """The version must have stood in ``environment`` for ``seconds``: from healthy, or from its merge where no engine
    ever reported about that environment."""

    name: str
    environment: str
    seconds: float
    mode: Mode = "block"
    at: At = "merge"
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class TagGate:
    """A tag of the version, which must have one of these values; any value where none is named."""

    name: str
    tag: str
    values: tuple[str, ...]
    mode: Mode
    at: At
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignatureGate:
    """The signature beside the deployed version's: `compatible` (no caller breaks), `same`, or only `logged`."""

    name: str
    rule: SignatureRule
    mode: Mode
    at: At
    no_baseline: Baseline = "skip"
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArtifactGate:
    """The model's artifact is there. ``digest``: its digest must be known too; ``tag`` names the version tag that holds
    it, else it is that of the MLmodel file."""

    name: str
    digest: bool
    tag: str | None
    mode: Mode
    at: At
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatasetGate:
    """The data set of this ``context`` (`training`) has a digest, and is at most ``max_age`` seconds old: by the date
    in the version tag ``dated_by``, else by the start of the run."""

    name: str
    context: str
    max_age: float | None
    dated_by: str | None
    mode: Mode
    at: At
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class BranchGate:
    """The training commit is on ``branch`` of the model's repository (``repo`` owner/name, else the model's own)."""

    name: str
    branch: str
    repo: str | None
    mode: Mode
    at: At
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class IncidentGate:
    """No incident of this kind is open for the model in the environment; `any` is every kind, or one of ``kinds`` where
    they are named. ``approvals``: so many more reviews are needed while one is open."""

    name: str
    kind: str
    mode: Mode
    at: At
    only: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    approvals: int = 0


@dataclass(frozen=True)
class HttpGate:
    """Somebody else's verdict: the facts are posted to ``url``, and it answers within ``timeout`` seconds."""

    name: str
    url: str
    timeout: float
    mode: Mode
    at: At
    only: tuple[str, ...] = ()


Gate = (
    MetricGate
    | CheckGate
    | SoakGate
    | TagGate
    | SignatureGate
    | ArtifactGate
    | DatasetGate
    | BranchGate
    | IncidentGate
    | HttpGate
)
