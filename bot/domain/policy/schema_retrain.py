"""The policy file's words on how a model is trained again."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section
from bot.domain.policy.values import (
    Duration,
    EnvironmentName,
    Principal,
    Repository,
    Text,
    expected,
    matching,
    parse_duration,
)
from bot.domain.policy.values_gates import Url
from bot.domain.policy.values_retrain import InputName, InputValue, SecretName

MAX_INPUTS, MAX_PEOPLE = 25, 100
ENGINES = ("github", "airflow", "kubeflow", "webhook")

Inputs = dict[InputName, InputValue]
Ident = Annotated[str, matching(r"[A-Za-z0-9][\w.~+-]{0,249}", "a name or an id: letters, digits, and . _ ~ + -")]
WorkflowFile = Annotated[
    str, matching(r"[\w-][\w.-]{0,200}\.ya?ml|[0-9]{1,18}", "a workflow's file name such as train.yml, or its number")
]


class Workflow(Section):
    """A workflow of GitHub Actions, started by workflow_dispatch. ``ref``: a branch or tag; none: the default one."""

    repo: Repository
    workflow: WorkflowFile
    ref: Text | None = None
    inputs: Inputs = Field(default_factory=dict, max_length=MAX_INPUTS - 1)  # GitHub takes 25; one is ours


class Airflow(Section):
    """A DAG run, by Airflow's REST API. ``url`` is the web server's."""

    url: Url
    dag: Ident
    conf: Inputs = Field(default_factory=dict, max_length=MAX_INPUTS)
    token_env: SecretName | None = None


class Kubeflow(Section):
    """A run of a pipeline, by the API v2beta1. ``url`` is the one under which `/apis` is; the others are ids."""

    url: Url
    pipeline: Ident
    version: Ident | None = None
    experiment: Ident | None = None
    params: Inputs = Field(default_factory=dict, max_length=MAX_INPUTS)
    token_env: SecretName | None = None


class Webhook(Section):
    """A service of one's own, asked by a signed POST."""

    url: Url
    inputs: Inputs = Field(default_factory=dict, max_length=MAX_INPUTS)
    secret_env: SecretName


class Retrain(Section):
    """What starts a training: exactly one engine; how often, how long at most, where the version goes, who may ask."""

    github: Workflow | None = None
    airflow: Airflow | None = None
    kubeflow: Kubeflow | None = None
    webhook: Webhook | None = None
    cooldown: Duration = parse_duration("24h")
    timeout: Duration = parse_duration("24h")
    to: EnvironmentName | None = None
    by: tuple[Principal, ...] | None = Field(default=None, max_length=MAX_PEOPLE)

    @model_validator(mode="after")
    def _one_engine(self) -> Self:
        if sum(getattr(self, name) is not None for name in ENGINES) != 1:
            raise expected(f"exactly one of {', '.join(ENGINES)}")
        if self.timeout.total_seconds() < 60:
            raise expected("a timeout of a minute at least")
        return self
