"""What a policy's test may say of versions, incidents and the rest that gates look at."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.domain.policy.base import Section
from bot.domain.policy.values import Duration, Text, parse_duration
from bot.domain.policy_case_values import Metric, Moment, Version

NO_TIME = parse_duration("0s")


class SignatureGiven(Section):
    """What a version takes and gives: types by name. ``optional``: inputs that may be left out."""

    inputs: dict[Text, Text] = Field(default_factory=dict)
    outputs: dict[Text, Text] = Field(default_factory=dict)
    optional: tuple[Text, ...] = ()


class DatasetGiven(Section):
    """A data set that a version was trained or tested with. Without a digest nobody knows which."""

    name: Text = "data"
    context: Text = "training"
    digest: Text | None = "d1gest"


class Candidate(Section):
    """What the registry says of the version that is asked for. ``unclear`` are metrics on which run and model disagree,
    ``series`` those that were logged more than once; ``artifact``: whether it is there, null: nobody can tell."""

    metrics: dict[Text, Metric] = Field(default_factory=dict)
    unclear: tuple[Text, ...] = ()
    series: tuple[Text, ...] = ()
    tags: dict[Text, str] = Field(default_factory=dict)
    signature: SignatureGiven | None = None
    datasets: tuple[DatasetGiven, ...] = ()
    trained: Moment | None = None
    artifact: bool | None = None
    artifact_digest: Text | None = None
    git_commit: Text | None = None


class Pinned(Candidate):
    """A version that stands somewhere: the one that the environment pins now, or the one that has an alias."""

    version: Version


class IncidentGiven(Section):
    """Something that is wrong with the model in the environment, since ``for`` ago."""

    kind: Text
    words: Text = "told by a test"
    for_: Duration = Field(default=NO_TIME, alias="for")


GateWord = Literal["pass", "fail", "unknown", "skipped"]
