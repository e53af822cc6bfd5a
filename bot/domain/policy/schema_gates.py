"""The policy file's gates: their keys. Which key belongs to which kind stands in `gate_keys`."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section
from bot.domain.policy.gate_keys import check_gate
from bot.domain.policy.values import Duration, EnvironmentName, MaxRegression, Repository, Text
from bot.domain.policy.values_gates import Against, GateName, SlicesRule, Url

MAX_GATES = 200


class GateRule(Section):
    """One gate, of exactly one kind. What a key means stands at the kind's type in `model_gates`."""

    name: GateName | None = None
    metric: Text | None = None
    threshold: float | None = None
    against: Against | None = None
    max_regression: MaxRegression | None = None
    margin: float | None = Field(default=None, ge=0, lt=1e12)
    stderr: Text | None = None
    confidence: float | None = Field(default=None, ge=0.5, lt=1)
    min_absolute_change: float | None = Field(default=None, gt=0, lt=1e12)
    min_relative_change: float | None = Field(default=None, ge=0, le=1)
    greater_is_better: bool | None = None
    slices: SlicesRule | None = None
    check: Text | None = None
    none: Literal["refuse", "allow"] | None = None
    timeout: Duration | None = None
    tag: Text | None = None
    equals: Text | None = None
    one_of: tuple[Text, ...] | None = Field(default=None, max_length=50)
    signature: Literal["compatible", "same", "logged"] | None = None
    no_baseline: Literal["skip", "fail"] | None = None
    artifact: Literal["present", "digest"] | None = None
    digest_tag: Text | None = None
    dataset: Text | None = None
    max_age: Duration | None = None
    dated_by: Text | None = None
    branch: Text | None = None
    repo: Repository | None = None
    incident: Text | None = None
    http: Url | None = None
    mode: Literal["block", "warn"] = "block"
    at: Literal["propose", "merge"] = "merge"
    models: tuple[Text, ...] = ()
    environments: tuple[EnvironmentName, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        check_gate(self)
        return self
