"""What is wrong with the rules on retraining beyond the shape of each key."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.policy.entries import no_environment
from bot.domain.policy.load import Key
from bot.domain.policy.names import validate_name
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import PolicyFile
from bot.domain.retraining_deciding import EVERY
from bot.errors import Refused

Finding = tuple[Key, str]
MARK = "slackops_retrain"


def check_retrain(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """Models have names; `to` is an environment; no input has the name that the bot fills in itself."""
    names = [name for one in policy.environments for name in (one.name, *one.aliases, one.fanned) if name]
    for model, rule in file.retrain.items():
        yield from _model(model)
        if rule.to is not None and not policy.stages(rule.to):
            yield ("retrain", model, "to"), no_environment(rule.to, dict.fromkeys(names))
        for engine in ("airflow", "kubeflow"):
            if "?" in getattr(getattr(rule, engine), "url", ""):
                yield ("retrain", model, engine, "url"), "paths are put behind it; expected an address without ?"
        if rule.github is not None and MARK in rule.github.inputs:
            yield ("retrain", model, "github", "inputs", MARK), "the bot fills this one in itself; leave it out"


def _model(name: str) -> Iterator[Finding]:
    try:
        if name != EVERY:
            validate_name("model", name)
    except Refused as refused:
        yield ("retrain", name), f"{refused.message} {refused.unblock}"
