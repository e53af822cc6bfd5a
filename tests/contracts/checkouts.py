"""The checkouts that the contract runs over: in memory, a mirror of a folder, and one of a Git server with a token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.gitrepo import GitMirror
from bot.ports import Checkout, NewCommit
from tests.fakes.checkout import FakeCheckout
from tests.sandbox.test_github_support import REPO, TOKENS
from tests.support.forge_world import blocking_world
from tests.support.remote import Remote

A, B = "models/a/production/x.yaml", "models/b/production/x.yaml"
FILES = {A: b"version: 1\n", B: b"version: 7\n", "README.md": b"# Deployments\n"}


@dataclass
class Case:
    checkout: Checkout
    remote: FakeCheckout | Remote

    def promote(
        self, text: bytes = b"version: 2\n", parent: str = "", tree_of: str = "", message: str = "Promote"
    ) -> str:
        base = parent or self.checkout.fetch()
        return self.checkout.commit(NewCommit((base,), tree_of or base, {A: text}, message, 1_800_000_000))


@pytest.fixture(params=["fake", "folder", "server"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    if request.param == "fake":
        fake = FakeCheckout(FILES)
        yield Case(fake, fake)
    elif request.param == "folder":
        remote = Remote(tmp_path / "remote.git", FILES)
        mirror = GitMirror(tmp_path / "mirror.git", str(remote.path))
        yield Case(mirror, remote)
        mirror.close()
    else:
        with blocking_world(tmp_path) as world:
            remote = Remote(world.world.github.repo_path(REPO))
            remote.change("main", FILES, "Start")
            url = f"{world.world.url}/sandbox/github/{REPO}.git"
            mirror = GitMirror(tmp_path / "mirror.git", url, credentials=lambda: TOKENS["slackops[bot]"])
            yield Case(mirror, remote)
            mirror.close()
