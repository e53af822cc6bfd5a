"""Who may ask on the command line, how, and what comes of it: the rules are those of the slash commands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bootstrap import save_links
from bot.cli.asker import asker_of
from bot.domain.people import Person
from bot.errors import Refused
from bot.ports import LinkedAccount
from bot.sandbox.seed.cast import REPO, TEAM_ID
from bot.settings import load_settings
from tests.cli.asks import BACK, NOTHING_BUT_GIT, Asking, ask, no_bot, told
from tests.cli.running import slackops
from tests.fakes.records import FakeLinks
from tests.scenarios.world import POLICY, World

UP = ("promote", "fraud-detector", "4", "--by", "ana")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with no_bot(tmp_path) as world:
        yield world


@pytest.fixture
async def trained(tmp_path: Path, registry: Path) -> AsyncIterator[World]:
    async with no_bot(tmp_path, registry) as world:
        yield world


@pytest.mark.parametrize(
    "args",
    [
        ["rollback"],
        ["rollback", "churn"],
        ["rollback", "churn", "production", "4"],
        ["rollback", "churn", "production", "--to"],
        ["rollback", "churn", "production", "--break-the-glass"],
        ["promote", "churn"],
        ["promote", "churn", "4", "production", "now"],
        ["promote", "churn", "4", "--to", "3"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(tmp_path: Path, args: list[str]) -> None:
    ended = slackops(*args, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Error" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["rollback", "a/b", "production"], "invalid_name"),
        (["rollback", "churn", "pro duction"], "invalid_name"),
        (["rollback", "churn", "production", "--to", "4;rm"], "invalid_name"),
        (["promote", "churn", "@"], "invalid_name"),
        (["promote", "churn", "4", "--reason", "x" * 4001], "bad_usage"),
        (["rollback", "churn", "production", "--break-glass"], "bad_usage"),
    ],
    ids=["model", "environment", "version", "alias", "reason", "glass"],
)
def test_what_is_written_wrongly_is_said_before_anything_is_opened(
    tmp_path: Path, args: list[str], reason: str
) -> None:
    ended = slackops(*args, "--by", "ana", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"[{reason}]" in ended.stderr.splitlines()[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("env", [{"PORT": "x"}, {"DATABASE_URL": "postgresql://127.0.0.1:9/x"}], ids=["set", "store"])
def test_json_is_json_also_where_nothing_can_be_opened(tmp_path: Path, env: dict[str, str]) -> None:
    ended = slackops(*BACK, "--json", cwd=tmp_path, env=env)
    found = json.loads(ended.stdout)
    assert (ended.returncode, found["decision"], found["reason"]) == (1, "refuse", "internal")
    assert found["message"]


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        (None, "bad_usage"),
        ("", "bad_usage"),
        ("oscar", "not_linked"),
        ("U0OSCAR", "not_linked"),
        ("u0ana", "not_linked"),
        ("\x1b[2J", "not_linked"),
        ("a" * 500, "not_linked"),
        ("@", "not_linked"),
    ],
    ids=["nobody", "empty", "login", "user", "user in lower case", "escape", "long", "at"],
)
def test_nobody_else_may_ask(named: str | None, reason: str) -> None:
    links = FakeLinks(LinkedAccount(Person(team="T1", user="U0ANA"), "ana", "gho_1"))
    with pytest.raises(Refused) as no:
        asker_of(links, named)
    assert no.value.reason == reason
    assert no.value.unblock
    assert no.value.message.isprintable()
    assert len(no.value.message) < 200


async def test_only_linked_people_ask_and_only_with_the_role(house: World) -> None:
    nobody = await ask(house, *BACK[:3])
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert nobody.stderr.splitlines() == [
        "Say who asks. [bad_usage]",
        "Add --by LOGIN, the GitHub login of your linked account, or set SLACKOPS_BY to it.",
    ]
    no = await told(house, *BACK[:3], "--by", "oscar")
    assert (no["exit"], no["decision"], no["reason"]) == (1, "refuse", "not_linked")
    token = house.sandbox.keys.tokens["oscar"]
    await asyncio.to_thread(save_links, load_settings(house.env), [(TEAM_ID, "U0OSCAR", "oscar", token, 1_004)])
    no = await told(house, *BACK[:3], "--by", "oscar", **NOTHING_BUT_GIT)
    assert (no["exit"], no["decision"], no["reason"]) == (1, "refuse", "not_allowed")
    foreign = [("T0ELSEWHERE", "U0KIM", "kim", house.sandbox.keys.tokens["kim"], 1_005)]
    await asyncio.to_thread(save_links, load_settings(house.env), foreign)
    no = await told(house, *BACK[:3], "--by", "kim")
    assert no["message"] == "You are not a member of this workspace."
    assert house.pulls() == []


@pytest.mark.parametrize("named", ["ANA", "@ana", "github:ana", "U0ANA", "slack:U0ANA"])
def test_a_person_is_named_by_login_or_slack_id(named: str) -> None:
    ana = Person(team="T1", user="U0ANA")
    assert asker_of(FakeLinks(LinkedAccount(ana, "ana", "gho_1")), named) == ana


async def test_the_environment_may_say_who_asks(house: World) -> None:
    found = await told(house, *BACK[:3], "--plan", SLACKOPS_BY="U0ANA", **NOTHING_BUT_GIT)
    assert (found["exit"], found["decision"]) == (0, "propose")
    assert found["message"] == "Would propose: roll back fraud-detector 3→2, production"
    assert house.pulls() == []


async def test_a_plan_says_what_would_happen_and_writes_nothing(house: World) -> None:
    plan = await ask(house, "rollback", "fraud-detector", "prod", "--to", "v2", "--by", "ana", "--plan")
    assert plan.returncode == 0
    assert plan.stdout.splitlines()[0] == "Would propose: roll back fraud-detector 3→2, production"
    assert "inferenceservice.yaml:" in plan.stdout
    no = await told(house, "rollback", "fraud-detector", "prod", "--to", "99", "--by", "ana", "--plan")
    assert (no["exit"], no["decision"], no["reason"]) == (1, "refuse", "no_earlier_version")
    assert (house.pulls(), house.branches()) == ([], ["main"])


async def test_promote_merges_where_nobody_must_approve(trained: World) -> None:
    done = await told(trained, *UP[:2], "v4", "staging", "--by", "ana")
    assert (done["exit"], done["decision"], done["number"]) == (0, "propose", 1)
    assert done["message"].startswith("#1 Merged as ")
    assert done["state"] in ("merged", "watching")
    assert "SlackOps-Requested-By" in trained.git("log", "-1", "--format=%B")
    again = await told(trained, *UP[:3], "staging", "--by", "ana")
    assert (again["exit"], again["decision"], again["reason"]) == (1, "refuse", "already_deployed")


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("latest", "staging"), "latest_refused"),
        (("@nobody", "staging"), "unknown_alias"),
        (("999", "staging"), "unknown_version"),
        (("4", "moon"), "unknown_environment"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
async def test_refusals_carry_their_code(trained: World, args: tuple[str, ...], reason: str) -> None:
    no = await ask(trained, *UP[:2], *args, "--by", "ana")
    assert (no.returncode, no.stdout) == (1, "")
    assert f"[{reason}]" in no.stderr


async def test_two_at_once_make_one_pull_request(house: World) -> None:
    both = await asyncio.gather(
        told(house, *BACK, **NOTHING_BUT_GIT), told(house, *BACK[:-1], "ben", **NOTHING_BUT_GIT)
    )
    assert [(one["exit"], one["number"]) for one in both] == [(0, 1), (0, 1)]
    assert len({one["change"] for one in both}) == 1
    (pull,) = house.pulls()
    assert pull["body"].count("SlackOps-Requested-By: ") == 2


async def test_a_bot_beside_it_works_on_the_same_inbox(house: World) -> None:
    await house.start_bot()
    asking = Asking(house, *BACK, "--wait")
    await asking.start()
    card = await house.card("Review: roll back fraud-detector 3→2, production")
    await house.click(card, "change.approve", "U0ANA")
    assert await asking.end() == 0
    assert any(line.startswith("#1 Merged as ") for line in asking.lines), asking.lines
    await house.thread(card, "Merged as")
    await house.settled()
    assert len(house.pulls()) == 1
    assert len(house.github.reviews(REPO, 1)) == 1
    replies = [m["text"] for m in house.slack.messages("C0PROD", thread_ts=card["ts"])[1:]]
    assert len(replies) == len(set(replies))


async def test_a_policy_that_cannot_be_read_refuses_a_promotion_and_no_rollback(house: World) -> None:
    await house.push(POLICY, "version: [")
    no = await told(house, "promote", "fraud-detector", "4", "production", "--by", "ana", **NOTHING_BUT_GIT)
    assert (no["exit"], no["reason"]) == (1, "policy_invalid")
    back = await told(house, *BACK, **NOTHING_BUT_GIT)
    assert (back["exit"], back["decision"]) == (0, "propose")
