"""Environments in names and paths."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from bot.discover import stages

NAMES = [
    ("staging", "", "staging"),
    ("prod-eu", "", "prod-eu"),
    ("production-us-east-1", "", "production-us-east-1"),
    ("fraud-prod", "fraud", "prod"),
    ("staging-fraud", "fraud", "staging"),
    ("prod-fraud", "fraud", "prod"),
    ("attest", "attest", None),
    ("live-scoring", "live-scoring", None),
    ("reproduction", "reproduction", None),
]


@pytest.mark.parametrize(("name", "rest", "environment"), NAMES, ids=[name for name, _, _ in NAMES])
def test_a_name_without_its_environment(name: str, rest: str, environment: str | None) -> None:
    assert stages.split(name) == stages.Split(rest, environment)


PATHS = [
    ("apps/staging/x.yaml", "staging"),
    ("envs/prod-eu/values.yaml", "prod-eu"),
    ("overlays/production/kustomization.yaml", "production"),
    ("clusters/production/ml/fraud.yaml", "production"),
    ("charts/x/values-uat.yaml", "uat"),
    ("charts/x/values.prod.yaml", "prod"),
    ("stages/qa/x.yaml", "qa"),
    ("apps/fraud-dev/x.yaml", "dev"),
    ("envs/prod/test-fraud.yaml", "prod"),
    ("models/fraud/inferenceservice.yaml", None),
    ("tests/fixtures/x.yaml", None),
]


@pytest.mark.parametrize(("path", "environment"), PATHS, ids=[path for path, _ in PATHS])
def test_the_environment_of_a_path(path: str, environment: str | None) -> None:
    assert stages.of_path(PurePosixPath(path)) == environment


def test_the_order_is_that_of_promotion() -> None:
    names = ["production", "qa", "dev", "preprod", "staging", "uat", "test", "prod-eu"]
    order = ["dev", "test", "qa", "staging", "uat", "preprod", "prod-eu", "production"]
    assert list(stages.in_order(names)) == order


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("prod", "production", True),
        ("prod-eu", "production-eu", True),
        ("prod-eu", "prod-us", False),
        ("qa", "uat", False),
    ],
)
def test_two_spellings_of_one_stage(one: str, other: str, same: bool) -> None:
    assert stages.same(one, other) is same
