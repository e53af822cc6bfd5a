"""What a check says of every target, of a policy that cannot be used, and of who the approvers are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.policy import parse_policy
from bot.errors import Fatal, ForgeUnavailable, Refused, RegistryUnavailable
from bot.usecases.check import CheckLine, Directory, approvers, check, policy_faults, undeclared
from bot.usecases.names import VersionNames
from bot.usecases.repo import Repo
from tests.fakes.chat import FakeChat
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.forge import FakeForge
from tests.fakes.registry import FakeRegistry
from tests.usecases.fleet_files import FILES, POLICY


def checked(registry: FakeRegistry | None = None, **changes: str) -> dict[tuple[str, str], CheckLine]:
    files = {name: text.encode() for name, text in {**FILES, **changes}.items()}
    checkout = FakeCheckout(files)
    registry = registry or FakeRegistry(down=RegistryUnavailable("not configured"))
    lines = check(Repo(checkout, VersionNames(registry, FakeClock())), checkout.head())
    return {(line.model, line.environment): line for line in lines}


def test_every_model_in_every_environment_is_told_in_order() -> None:
    lines = checked()
    assert list(lines) == [
        ("churn", "production"),
        ("fraud", "staging"),
        ("fraud", "production"),
        ("ltv", "production"),
        ("twins", "staging"),
    ]
    assert lines["fraud", "production"].as_json() == {
        "model": "fraud",
        "environment": "production",
        "state": "pinned",
        "version": "40",
        "variables": {"version": "40"},
        "raw": "s3://models/fraud/40",
        "file": "models/fraud/production.yaml",
        "line": 1,
    }
    assert not any(line.faulty for line in lines.values())


def test_an_id_is_a_version_only_where_the_registry_says_so() -> None:
    ids = {"experiment_id": "1", "model_id": "m-churn-1"}
    line = checked()["churn", "production"]
    assert (line.state, line.version, line.variables, line.faulty) == ("pinned", None, ids, False)

    registry = FakeRegistry()
    registry.add("prod.churn", model_id="m-churn-1")
    assert checked(registry)["churn", "production"].version == "1"


CASES: list[tuple[str, dict[str, str], tuple[str, str], tuple[str, str | None, str | None, int], bool]] = [
    ("mixed", {"twins-b.yaml": "version: '8'\n"}, ("twins", "staging"), ("mixed", None, "7", 1), True),
    (
        "not pinned",
        {"ltv.yaml": "image:\n  tag: '>=5'\n"},
        ("ltv", "production"),
        ("not_pinned", None, ">=5", 2),
        False,
    ),
    ("no match", {"churn.yaml": "uri: gs://x\n"}, ("churn", "production"), ("not_pinned", None, "gs://x", 1), False),
    ("gone", {"ltv.yaml": "image: {}\n"}, ("ltv", "production"), ("unreadable", None, None, 0), True),
    ("no YAML", {"ltv.yaml": "a: [\n"}, ("ltv", "production"), ("unreadable", None, None, 0), True),
]


@pytest.mark.parametrize(
    ("changes", "key", "told", "faulty"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_no_plain_version_is_never_guessed(
    changes: dict[str, str], key: tuple[str, str], told: tuple[Any, ...], faulty: bool
) -> None:
    line = checked(**changes)[key]
    assert (line.state, line.version, line.raw, line.line) == told
    assert line.faulty is faulty
    assert line.message


def test_what_is_inherited_has_the_version_that_holds() -> None:
    policy = POLICY.replace(
        '"{version}"}\n  twins',
        '"{version}", when_absent: "inherit:staging"}\n      staging:\n'
        '        - {files: [base.yaml], at: tag, value: "{version}"}\n  twins',
    )
    lines = checked(**{".slackops.yaml": policy, "ltv.yaml": "image: {}\n", "base.yaml": "tag: v4\n"})
    line = lines["ltv", "production"]
    assert (line.state, line.version, line.variables, line.raw) == ("inherited", "v4", {"version": "v4"}, None)
    assert not line.faulty


def test_a_model_that_nothing_declares_is_named() -> None:
    policy = parse_policy({".slackops.yaml": POLICY.replace("models:\n", "models:\n  lost: {}\n").encode()})
    assert undeclared(policy, tuple(checked().values())) == ("lost",)


def test_the_faults_of_a_policy_carry_file_line_and_key() -> None:
    with pytest.raises(Refused) as refused:
        checked(**{".slackops.yaml": "version: 1\nenvironments:\n  staging: {aprovals: 1}\n"})
    (fault,) = policy_faults(refused.value)
    assert (fault["file"], fault["line"], fault["key"]) == (".slackops.yaml", 3, "environments.staging.aprovals")
    assert "approvals" in fault["message"]


def test_no_policy_at_all_is_a_fault_too() -> None:
    checkout = FakeCheckout({"a.yaml": b"a: 1\n"})
    with pytest.raises(Refused) as refused:
        check(Repo(checkout, VersionNames(FakeRegistry(), FakeClock())), checkout.head())
    assert policy_faults(refused.value) == [
        {"file": ".slackops.yaml", "line": 0, "key": "", "message": "The deployment repo has no policy."}
    ]


def resolved(directory: Directory) -> list[tuple[str, tuple[str, ...] | None, str]]:
    policy = parse_policy({".slackops.yaml": POLICY.encode()})
    return [(one.reference, one.members, one.note) for one in approvers(policy, directory)]


def test_groups_resolve_to_their_members() -> None:
    chat = FakeChat(groups={"S0LEADS": frozenset({"U0BEN", "U0ANA"})})
    forge = FakeForge(teams={"acme/ml-leads": {"ben", "chloe"}})
    assert resolved(Directory(chat, forge)) == [
        ("slack:S0LEADS", ("U0ANA", "U0BEN"), ""),
        ("slack:@ml-leads", (), ""),
        ("github:acme/ml-leads", ("ben", "chloe"), ""),
        ("slack:U0BEN", ("U0BEN",), ""),
    ]


def test_a_group_that_nobody_can_be_asked_about_says_why() -> None:
    told = resolved(Directory(missing={"slack": "SLACK_BOT_TOKEN is not set", "github": "GITHUB_TOKEN is not set"}))
    assert [note for _, _, note in told] == [
        "not resolved here: SLACK_BOT_TOKEN is not set",
        "not resolved here: SLACK_BOT_TOKEN is not set",
        "not resolved here: GITHUB_TOKEN is not set",
        "",
    ]


@pytest.mark.parametrize("down", [ForgeUnavailable("GitHub is away"), Fatal("no such team")], ids=["away", "no"])
def test_a_service_that_does_not_answer_is_told_and_not_raised(down: Any) -> None:
    told = {reference: note for reference, _, note in resolved(Directory(None, FakeForge(down=down)))}
    assert told["github:acme/ml-leads"] == f"not resolved: {down}"
