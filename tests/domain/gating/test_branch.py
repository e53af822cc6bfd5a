"""The branch gate as a table: who may say which repository, and what counts as a commit."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.gates import GateState
from bot.domain.policy import BranchGate
from tests.domain.gating.given import SHA, F, P, U, facts, holds, version

OWN, OTHER = "acme/fraud", "acme/training"
MAIN = BranchGate("trained on main", "main", None, "block", "merge")
ELSEWHERE = BranchGate("trained on main", "main", OTHER, "block", "merge")


def told(on: dict[Any, bool | None], repo: str | None = OWN, commit: str | None = SHA, **tags: str) -> Any:
    return facts(version(git_commit=commit, tags=tags), on_branch=on, repo=repo)


@pytest.mark.parametrize(
    ("gate", "given", "state", "words"),
    [
        pytest.param(MAIN, told({(OWN, "main"): True}), P, "acme/fraud@0123456", id="on it"),
        pytest.param(MAIN, told({(OWN, "main"): False}), F, "acme/fraud@0123456 is not on it", id="not on it"),
        pytest.param(MAIN, told({(OWN, "main"): None}), U, "the bot cannot see acme/fraud", id="nobody can tell"),
        pytest.param(MAIN, told({}), U, "the bot cannot see", id="not looked up"),
        pytest.param(MAIN, told({(OWN, "dev"): True}), U, "the bot cannot see", id="another branch"),
        pytest.param(ELSEWHERE, told({(OTHER, "main"): True}), P, OTHER, id="the gate's own repository"),
        pytest.param(ELSEWHERE, told({(OWN, "main"): True}), U, OTHER, id="another repository does not count"),
        pytest.param(ELSEWHERE, told({(OTHER, "main"): True}, None), P, OTHER, id="the model has none"),
        pytest.param(MAIN, told({(OWN, "main"): True}, None), U, "set `repo: owner/name`", id="no repository"),
        pytest.param(
            MAIN,
            told({(OWN, "main"): True}, None, **{"mlflow.source.git.repoURL": "https://github.com/acme/fraud"}),
            U,
            "set `repo: owner/name`",
            id="a tag's repository counts for nothing",
        ),
        pytest.param(MAIN, told({(OWN, "main"): True}, OWN, None), U, "names no training commit", id="no commit"),
        pytest.param(MAIN, told({(OWN, "main"): True}, OWN, ""), U, "names no training commit", id="empty commit"),
        pytest.param(MAIN, told({(OWN, "main"): True}, OWN, "main"), U, "'main' is no whole commit id", id="a branch"),
        pytest.param(MAIN, told({(OWN, "main"): True}, OWN, SHA[:12]), U, "no whole commit id", id="a short id"),
        pytest.param(MAIN, told({(OWN, "main"): True}, OWN, f"evil:{SHA}"), U, "no whole commit id", id="a fork's"),
        pytest.param(MAIN, told({(OWN, "main"): True}, OWN, SHA.upper()), P, "0123456", id="upper case"),
        pytest.param(MAIN, facts(None, repo=OWN), U, "the registry does not tell", id="registry is silent"),
    ],
)
def test_branch(gate: BranchGate, given: Any, state: GateState, words: str) -> None:
    holds(gate, given, state, words)
