"""CI against the sandbox's forge: heads, statuses and check runs as it has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.github import GitHubCi, GitHubForge, TokenCredentials
from bot.domain.ci import CiState
from bot.domain.facts import Status
from tests.sandbox.test_github_support import REPO, TOKENS
from tests.support.forge_world import BlockingWorld, blocking_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BlockingWorld]:
    with blocking_world(tmp_path) as world:
        yield world


def test_a_commit_of_the_sandbox(world: BlockingWorld) -> None:
    credentials = TokenCredentials(TOKENS["slackops[bot]"])
    ci, forge = GitHubCi(credentials, world.world.api), GitHubForge(REPO, credentials, world.world.api)
    branch = ci.default_branch(REPO)
    assert branch == forge.default_branch
    sha = ci.head(REPO, branch)
    assert sha is not None
    assert ci.runs(REPO, sha) == []
    for context, state in (("ci/e2e", "failure"), ("slackops/gates", "failure"), ("ci/wait", "pending")):
        forge.set_status(sha, Status(context, state, "words"))
    found = {run.gate: (run.state, run.summary) for run in ci.runs(REPO, sha)}
    assert found == {"ci/e2e": (CiState.FAILURE, "words"), "ci/wait": (CiState.PENDING, "words")}
    assert ci.head(REPO, "no-such-branch") is None
    assert ci.default_branch("acme/no-such-repo") is None
    assert ci.runs("acme/no-such-repo", sha) == []


def test_nothing_new_costs_nothing(world: BlockingWorld) -> None:
    ci = GitHubCi(TokenCredentials(TOKENS["slackops[bot]"]), world.world.api)

    def look() -> None:
        head = ci.head(REPO, ci.default_branch(REPO) or "")
        ci.runs(REPO, head or "")

    look()
    window = world.world.github.limits.window("slackops[bot]")
    before = window.used
    look()
    assert window.used == before
