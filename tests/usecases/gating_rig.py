"""A checkout with two models and a registry that knows them, for `slackops gate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.worktree import Worktree
from bot.adapters.worktree_staged import StagedTree
from bot.usecases.gating_cli import Gated, GateRun, Given
from tests.fakes.clock import FakeClock
from tests.fakes.registry import FakeRegistry
from tests.support.local_repo import LocalRepo

POLICY = """\
version: 1
environments:
  staging: {}
  production:
    aliases: [prod]
    after: {environment: staging, soak: 1h}
    gates:
      - {metric: auc, threshold: 0.9}
      - {metric: loss, against: deployed, max_regression: 10%}
      - {metric: recall, threshold: 0.8, mode: warn}
      - {check: "ci/*"}
      - {incident: drift}
      - {tag: validated}
    rollout: {engine: none}
layouts:
  - {files: ["models/{model}/{environment}.yaml"], at: version, value: "{version}"}
"""
FILES = {
    ".slackops.yaml": POLICY,
    "models/fraud/staging.yaml": "version: '2'\n",
    "models/fraud/production.yaml": "version: '1'\n",
    "models/ltv/production.yaml": "version: '1'\n",
}
GOOD = {"auc": 0.95, "loss": 0.1, "recall": 0.9}
PRODUCTION = "models/fraud/production.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> LocalRepo:
    made = LocalRepo(tmp_path / "repo")
    made.commit(FILES)
    return made


@pytest.fixture
def registry() -> FakeRegistry:
    """Fraud 1 to 3 and ltv 1 are registered."""
    made = FakeRegistry()
    for metrics in (GOOD, {**GOOD, "loss": 0.105}, {**GOOD, "auc": 0.5, "loss": 0.2}):
        made.add("fraud", metrics=metrics, tags={"validated": "yes"})
    made.add("ltv", metrics=GOOD)
    return made


class Judge:
    """Runs in one checkout, closed at the end."""

    def __init__(self, repo: LocalRepo, registry: FakeRegistry | None) -> None:
        self.repo, self.registry = repo, registry

    def run(self, staged: bool = False, **given: Any) -> tuple[GateRun, Worktree]:
        tree = StagedTree(self.repo.path) if staged else Worktree(self.repo.path)
        brought = Given(**{"variables": {}, **given})
        return GateRun(tree, self.registry, FakeClock(1_800_000_000.0), brought), tree

    def one(self, version: str, model: str = "fraud", environment: str = "prod", **given: Any) -> Gated:
        run, tree = self.run(**given)
        try:
            return run.one(model, version, environment)
        finally:
            tree.close()

    def moved(self, base: str | None = "main", staged: bool = False) -> list[Gated]:
        run, tree = self.run(staged)
        try:
            return list(run.moved(tree.named(base) if base else None))
        finally:
            tree.close()


@pytest.fixture
def judge(repo: LocalRepo, registry: FakeRegistry) -> Judge:
    return Judge(repo, registry)


def states(found: Gated) -> Mapping[str, str]:
    return {gate.name: gate.state.value for gate in found.gates}


def state_of(found: Gated, part: str) -> str:
    (one,) = [state for name, state in states(found).items() if part in name]
    return one
