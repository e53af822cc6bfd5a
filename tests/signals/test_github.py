"""GitHub's webhooks, parsed: what to read again, and never an error whatever the body."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import JudgeGroup, Nudge
from bot.signals import github

SHA, ZERO = "a" * 40, "0" * 40
QUEUE = "refs/heads/gh-readonly-queue/main/pr-7-" + SHA
GROUP = {"head_sha": SHA, "head_ref": QUEUE, "base_ref": "refs/heads/main"}
REPO = {"full_name": "acme/ml-deployments", "default_branch": "main"}
CONTRACTS = Path(os.environ.get("SLACKOPS_CONTRACTS", Path(__file__).parents[3] / "shared" / "contracts"))


def nudge(*pulls: int, shas: tuple[str, ...] = (), moved: bool = False) -> Nudge:
    return Nudge(source="github", pulls=pulls, shas=shas, default_branch_moved=moved)


def pushed(**told: str) -> Nudge:
    return Nudge(source="github", default_branch_moved=True, **told)


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("pull_request", {"number": 7, "pull_request": {"number": 7}}, nudge(7)),
        ("pull_request_review", {"pull_request": {"number": 7}}, nudge(7)),
        (
            "check_run",
            {"check_run": {"head_sha": SHA, "pull_requests": [{"number": 8}, {"number": 7}]}},
            nudge(7, 8, shas=(SHA,)),
        ),
        ("check_suite", {"check_suite": {"head_sha": SHA, "pull_requests": []}}, nudge(shas=(SHA,))),
        ("status", {"sha": SHA, "context": "ci/test"}, nudge(shas=(SHA,))),
        ("status", {"sha": SHA, "context": "slackops/gates", "sender": {"login": "ben"}}, nudge(shas=(SHA,))),
        ("status", {"sha": SHA, "context": "slackops/gates", "sender": {"login": "SlackOps[bot]"}}, None),
        ("status", {"sha": SHA, "context": "ci/test", "sender": {"login": "slackops[bot]"}}, nudge(shas=(SHA,))),
        ("status", {"sha": SHA, "context": "slackops/gates"}, nudge(shas=(SHA,))),
        ("push", {"ref": "refs/heads/main", "after": SHA, "repository": REPO}, pushed(after=SHA)),
        (
            "push",
            {
                "ref": "refs/heads/main",
                "before": "b" * 40,
                "after": SHA,
                "repository": REPO,
                "sender": {"login": "kim"},
            },
            pushed(before="b" * 40, after=SHA, pusher="kim"),
        ),
        (
            "push",
            {"ref": "refs/heads/main", "before": ZERO, "after": SHA, "repository": REPO, "sender": {"login": 7}},
            pushed(after=SHA),
        ),
        ("push", {"ref": "refs/heads/main", "before": SHA, "after": ZERO, "repository": REPO}, pushed()),
        ("merge_group", {"action": "checks_requested", "merge_group": GROUP}, JudgeGroup(sha=SHA, ref=QUEUE)),
        ("merge_group", {"action": "destroyed", "merge_group": GROUP}, None),
        ("merge_group", {"action": "checks_requested", "merge_group": {"head_sha": "x", "head_ref": QUEUE}}, None),
        ("merge_group", {"action": "checks_requested", "merge_group": {"head_sha": SHA}}, None),
        ("push", {"ref": "refs/heads/slackops-state", "after": SHA, "repository": REPO}, nudge(moved=True)),
        ("push", {"ref": "refs/heads/slackops-state", "after": ZERO, "deleted": True}, nudge(moved=True)),
        ("push", {"ref": "refs/heads/other", "after": SHA, "repository": REPO}, nudge(shas=(SHA,))),
        ("push", {"ref": "refs/heads/gone", "after": ZERO, "repository": REPO}, None),
        ("push", {"ref": "refs/tags/main", "after": SHA, "repository": REPO}, nudge(shas=(SHA,))),
        ("ping", {"zen": "x"}, None),
        ("star", {}, None),
        ("pull_request", {"number": True}, None),
        ("pull_request", {"number": "7"}, None),
        ("pull_request", {"number": -7}, None),
        ("pull_request", [], None),
        ("check_run", {"check_run": {"pull_requests": "x", "head_sha": "../../etc"}}, None),
        ("status", None, None),
    ],
)
def test_parse(event: str, payload: object, expected: Nudge | JudgeGroup | None) -> None:
    assert github.parse(event, payload, "slackops[bot]") == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["number", "pull_request", "check_run", "pull_requests", "sha", "ref", "after", "repository"]
            ),
            inner,
        )
    ),
    max_leaves=15,
)


@given(
    st.sampled_from(
        ["pull_request", "pull_request_review", "check_run", "check_suite", "status", "push", "merge_group"]
    ),
    JSON,
)
def test_no_body_is_an_error(event: str, payload: Any) -> None:
    found = github.parse(event, payload, "x")
    assert found is None or isinstance(found, Nudge | JudgeGroup)
    assert github.repository(payload) is None or isinstance(github.repository(payload), str)


@pytest.mark.parametrize(
    ("name", "pulls"),
    [("pull_request.opened", 1), ("pull_request_review.submitted.approved", 1), ("push", 0), ("ping", 0)],
)
def test_githubs_own_examples(name: str, pulls: int) -> None:
    path = CONTRACTS / "github" / "webhooks" / f"{name}.json"
    if not path.exists():
        pytest.skip("contracts: set SLACKOPS_CONTRACTS to the folder to run this")
    payload = json.loads(path.read_text())
    found = github.parse(name.split(".", maxsplit=1)[0], payload)
    assert len(found.pulls if isinstance(found, Nudge) else ()) == pulls


def sign(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_verify() -> None:
    assert github.verify("secret", b"body", sign("secret", b"body"))
    for header in (None, "", "sha256=", "sha1=abc", sign("other", b"body"), sign("secret", b"body2"), "sha256=ü", "ü"):
        assert not github.verify("secret", b"body", header)


def test_verify_githubs_published_example() -> None:
    """From "Testing the webhook payload validation" on the page named in the module."""
    header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert github.verify("It's a Secret to Everybody", b"Hello, World!", header)
