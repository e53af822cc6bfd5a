"""Webhooks as GitHub sends them: the right alert once each, also delivered twice, out of order, and late.

The bodies are cut to what is documented of them; where GitHub's own examples are at hand, they are taken.
https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.commands import LookCi
from bot.signals import github_ci
from tests.signals.test_github import CONTRACTS
from tests.usecases.ci_rig import RULES, CiRig

HELLO, OCTO = "Codertocat/Hello-World", "octo-org/octo-repo"
E1, E2, E3 = (
    "ec26c3e57ca3a959ca5aad62de7213c562f8c821",
    "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
    "3484a3f" + "0" * 33,
)
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "check_run.completed": (HELLO, {"action": "completed", "check_run": {"head_sha": E1, "conclusion": "failure"}}),
    "check_suite.completed": (HELLO, {"action": "completed", "check_suite": {"head_sha": E1, "head_branch": "main"}}),
    "status": (HELLO, {"state": "success", "sha": E2, "context": "default"}),
    "workflow_run.completed": (OCTO, {"action": "completed", "workflow_run": {"head_sha": E3, "name": "test"}}),
}


def cut(name: str) -> dict[str, Any]:
    repo, body = BODIES[name]
    return body | {"repository": {"full_name": repo, "default_branch": "master"}}


def given() -> list[Any]:
    """Each body, as it is cut here and as GitHub published it."""
    found = []
    for name in BODIES:
        event = name.partition(".")[0]
        found.append(pytest.param((event, cut(name)), id=name))
        path = CONTRACTS / "github" / "webhooks" / f"{name}.json"
        if path.exists():
            found.append(pytest.param((event, json.loads(path.read_text())), id=f"{name} published"))
    return found


class Hook:
    """A rig whose policy names the body's repository; its commit is on the default branch, before another one."""

    def __init__(self, event: str, payload: dict[str, Any]) -> None:
        look = github_ci.parse(event, payload)
        assert look is not None
        self.event, self.payload, self.repo, self.sha = event, payload, look.repo, look.sha
        self.rig = CiRig(RULES.replace("acme/tools", self.repo))
        self.before, self.later = "b" * 40, "c" * 40
        self.rig.push(self.before, self.sha, repo=self.repo)

    def ends(self, sha: str, state: str, gate: str = "ci", at: float | None = None) -> None:
        """A check ends; no word of it comes yet."""
        more = {} if at is None else {"at": at}
        self.rig.ends(sha, gate, state, self.repo, told=False, **more)

    def delivered(self, delivery: str) -> None:
        """The webhook comes, under this delivery id."""
        look = github_ci.parse(self.event, self.payload)
        assert isinstance(look, LookCi)
        self.rig.inbox.put(f"github:{delivery}:ci", look)
        self.rig.drain()

    def alerts(self) -> list[tuple[str, bool]]:
        return [(card.sha, bool(card.failing)) for card in self.rig.cards()]


@pytest.fixture(params=given())
def hook(request: pytest.FixtureRequest) -> Hook:
    return Hook(*request.param)


def test_a_failure_is_one_alert_and_back_is_one_word(hook: Hook) -> None:
    hook.ends(hook.before, "success")
    hook.ends(hook.sha, "failure")
    hook.delivered("1")
    assert hook.alerts() == [(hook.sha, True)]
    hook.ends(hook.sha, "success")
    hook.delivered("2")
    assert hook.alerts() == [(hook.sha, False)]
    assert len(hook.rig.replies()) == 1


def test_a_success_is_silent(hook: Hook) -> None:
    hook.ends(hook.sha, "success")
    hook.delivered("1")
    assert hook.rig.sent() == []


def test_delivered_twice_under_one_id_and_under_two(hook: Hook) -> None:
    hook.ends(hook.sha, "failure")
    for delivery in ("1", "1", "2"):
        hook.delivered(delivery)
    assert hook.alerts() == [(hook.sha, True)]
    assert [one.edits for one in hook.rig.sent()] == [0]


def test_out_of_order_the_newest_run_counts(hook: Hook) -> None:
    now = hook.rig.clock.now()
    hook.ends(hook.sha, "success", at=now + 20)
    hook.delivered("2")
    hook.ends(hook.sha, "failure", at=now + 10)
    hook.delivered("1")
    assert hook.rig.sent() == []


@pytest.mark.parametrize(("newer", "told"), [("success", []), ("failure", ["later"]), ("pending", ["sha"])])
def test_late_it_is_told_only_where_nothing_newer_says_more(hook: Hook, newer: str, told: list[str]) -> None:
    hook.rig.push(hook.later, repo=hook.repo)
    hook.ends(hook.later, newer)
    hook.ends(hook.sha, "failure")
    hook.delivered("1")
    hook.delivered("2")
    assert [sha for sha, _ in hook.alerts()] == [getattr(hook, name) for name in told]
