"""From the policy file's words on retraining to the facts that the bot asks for."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.policy.policy import principal
from bot.domain.policy.schema_retrain import Airflow, Kubeflow, Retrain, Webhook, Workflow
from bot.domain.retraining import EngineOfTraining, RetrainRule, Value

Found = tuple[EngineOfTraining, dict[str, str | None], Mapping[str, Value], str | None]


def retrain_of(rules: Mapping[str, Retrain]) -> dict[str, RetrainRule]:
    """By model; `*` for those that are not named."""
    return {name: _rule(rule) for name, rule in rules.items()}


def _rule(rule: Retrain) -> RetrainRule:
    engine, where, inputs, secret = _engine(rule)
    return RetrainRule(
        engine,
        {name: text for name, text in where.items() if text},
        dict(inputs),
        secret or "",
        rule.cooldown.total_seconds(),
        rule.timeout.total_seconds(),
        rule.to,
        None if rule.by is None else frozenset(principal(one) for one in rule.by),
    )


def _engine(rule: Retrain) -> Found:
    """The schema sees to it that there is exactly one."""
    match rule.github or rule.airflow or rule.kubeflow or rule.webhook:
        case Workflow() as one:
            return "github", {"repo": one.repo, "workflow": one.workflow, "ref": one.ref}, one.inputs, None
        case Airflow() as one:
            return "airflow", {"url": one.url, "dag": one.dag}, one.conf, one.token_env
        case Kubeflow() as one:
            ids = {"pipeline": one.pipeline, "version": one.version, "experiment": one.experiment}
            return "kubeflow", {"url": one.url, **ids}, one.params, one.token_env
        case Webhook() as one:
            return "webhook", {"url": one.url}, one.inputs, one.secret_env
        case _:
            raise AssertionError("no engine")
