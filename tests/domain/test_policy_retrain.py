"""The policy's words on retraining: what is taken, and what is refused with the line and the reason."""

from __future__ import annotations

import pytest

from bot.domain.policy import parse_policy
from bot.domain.retraining import RetrainRule
from bot.errors import Refused

HOUR, DAY = 3600.0, 86400.0
ENVIRONMENTS = "environments: {staging: {}, production: {aliases: [prod], fan_out: {regions: [eu, us]}}}\n"
TOKEN = "token_env: SLACKOPS_RETRAIN_AIRFLOW}, to: prod"


def parsed(retrain: str) -> dict[str, RetrainRule]:
    text = f"{ENVIRONMENTS}retrain: {retrain}\n"
    return dict(parse_policy({".slackops.yaml": text.encode()}).retrain)


@pytest.mark.parametrize(
    ("engine", "rule"),
    [
        (
            "github: {repo: acme/fraud, workflow: train.yml}",
            RetrainRule("github", {"repo": "acme/fraud", "workflow": "train.yml"}),
        ),
        (
            "github: {repo: a/b, workflow: '17', ref: stable, inputs: {model: '{model}'}}, cooldown: 1h, timeout: 2h",
            RetrainRule(
                "github",
                {"repo": "a/b", "workflow": "17", "ref": "stable"},
                {"model": "{model}"},
                cooldown=HOUR,
                timeout=2 * HOUR,
            ),
        ),
        (
            "airflow: {url: 'https://a.example', dag: train.fraud, conf: {lr: 0.1, n: 3, deep: true}, " + TOKEN,
            RetrainRule(
                "airflow",
                {"url": "https://a.example", "dag": "train.fraud"},
                {"lr": 0.1, "n": 3, "deep": True},
                "SLACKOPS_RETRAIN_AIRFLOW",
                to="prod",
            ),
        ),
        (
            "kubeflow: {url: 'https://k.example/pipeline', pipeline: p-1, version: v-1, experiment: e-1, params: {}}",
            RetrainRule(
                "kubeflow",
                {"url": "https://k.example/pipeline", "pipeline": "p-1", "version": "v-1", "experiment": "e-1"},
            ),
        ),
        (
            "webhook: {url: 'https://w.example/train', secret_env: SLACKOPS_RETRAIN_KEY}, by: ['github:Acme/ML']",
            RetrainRule(
                "webhook",
                {"url": "https://w.example/train"},
                secret="SLACKOPS_RETRAIN_KEY",
                roles=frozenset({"github:acme/ml"}),
            ),
        ),
    ],
    ids=["github", "github, whole", "airflow", "kubeflow", "webhook"],
)
def test_what_is_taken(engine: str, rule: RetrainRule) -> None:
    found = parsed(f"{{fraud: {{{engine}}}, '*': {{{engine}}}}}")
    assert found == {"fraud": rule, "*": rule}
    assert [type(value) for value in found["*"].inputs.values()] == [type(value) for value in rule.inputs.values()]
    assert found["*"].where == rule.where


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("m: {}", "exactly one of github, airflow, kubeflow, webhook"),
        (
            "m: {github: {repo: a/b, workflow: t.yml}, webhook: {url: 'https://w', secret_env: SLACKOPS_RETRAIN_K}}",
            "exactly one of",
        ),
        ("m: {github: {repo: a/b, workflow: ../t.yml}}", "a workflow's file name such as train.yml"),
        ("m: {github: {repo: a/b, workflow: t.yml, inputs: {slackops_retrain: x}}}", "fills this one in itself"),
        ("m: {github: {repo: a/b, workflow: t.yml, inputs: {a: '{secret}'}}}", "{secret} is none of them"),
        ("m: {github: {repo: a/b, workflow: t.yml, inputs: {a: [1]}}}", "a number, true or false"),
        ("m: {github: {repo: a/b, workflow: t.yml}, timeout: 10s}", "a timeout of a minute at least"),
        ("m: {github: {repo: a/b, workflow: t.yml}, to: stagin}", "did you mean staging"),
        ("m: {github: {repo: a/b, workflow: t.yml}, by: [ana]}", "a person or group"),
        ("'a b/c': {github: {repo: a/b, workflow: t.yml}}", "model"),
        ("m: {webhook: {url: 'https://w'}}", "secret_env"),
        ("m: {webhook: {url: 'ftp://w', secret_env: SLACKOPS_RETRAIN_K}}", "an address such as"),
        ("m: {webhook: {url: 'https://w', secret_env: SLACK_BOT_TOKEN}}", "begins with SLACKOPS_RETRAIN_"),
        ("m: {airflow: {url: 'https://a', dag: 'x/../y', token_env: SLACKOPS_RETRAIN_K}}", "a name or an id"),
        ("m: {github: {repo: a/b, workflow: t.yml, input: {}}}", "inputs"),
        ("m: {airflow: {url: 'https://a?x=1', dag: d}}", "an address without ?"),
    ],
    ids=range(16),
)
def test_what_is_refused(rule: str, words: str) -> None:
    with pytest.raises(Refused, match="retrain") as refused:
        parsed(f"{{{rule}}}")
    assert words in f"{refused.value.message} {refused.value.unblock}"


def test_the_bots_own_secrets_cannot_be_named() -> None:
    for name in ("SLACKOPS_ENCRYPTION_KEYS", "GITHUB_TOKEN", "PATH", "SLACKOPS_RETRAIN_", "slackops_retrain_x"):
        with pytest.raises(Refused):
            parsed(f"{{m: {{webhook: {{url: 'https://w', secret_env: {name}}}}}}}")


@pytest.mark.parametrize("to", ["staging", "production", "prod", "production-eu"])
def test_where_the_version_may_go(to: str) -> None:
    assert parsed(f"{{m: {{github: {{repo: a/b, workflow: t.yml}}, to: {to}}}}}")["m"].to == to
