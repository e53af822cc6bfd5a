"""Slack is down, the registry is down, no bot runs: going back works all the same."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.hooks import Call, Phase, Refuse
from bot.sandbox.seed.cast import REPO
from tests.cli.asks import BACK, NO_REGISTRY, NOTHING_BUT_GIT, Asking, ask, no_bot, told
from tests.scenarios.world import MANIFEST, POLICY, World


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with no_bot(tmp_path) as world:
        yield world


async def test_a_rollback_needs_nothing_but_the_forge(house: World) -> None:
    before = house.file(MANIFEST)
    first = await ask(house, *BACK, "--reason", "alarm  at\nnight", **NOTHING_BUT_GIT)
    assert (first.returncode, first.stderr) == (0, "")
    lines = first.stdout.splitlines()
    assert lines[0] == "Proposed: roll back fraud-detector 3→2, production (#1)."
    assert lines[1] == f"{house.sandbox.base_url}/{REPO}/pull/1"
    assert lines[2].startswith("#1 Review. 0 of 1 approvals; on the forge may approve: @ben, @chloe, @ana.")
    assert house.statuses(1)["slackops/gates"] == "success"
    assert "alarm at night" in house.pulls()[0]["body"]
    assert "Asked for by `U0ANA` on the command line." in house.pulls()[0]["body"]

    await house.github.review("ana", REPO, 1, "APPROVE")
    again = await told(house, *BACK, **NOTHING_BUT_GIT)
    assert (again["exit"], again["decision"], again["reason"], again["number"]) == (0, "propose", None, 1)
    assert again["message"].startswith("#1 Merged as ")
    assert again["url"] == f"{house.sandbox.base_url}/{REPO}/pull/1"
    assert [(p["number"], p["merged"]) for p in house.pulls()] == [(1, True)]
    assert house.file(MANIFEST) == before.replace("/3/", "/2/")
    assert house.branches() == ["main"]


async def test_wait_sees_the_approval_and_merges(house: World) -> None:
    asking = Asking(house, *BACK, "--wait", **NOTHING_BUT_GIT)
    await asking.start()
    await asking.says("0 of 1 approvals")
    await house.github.review("ana", REPO, 1, "APPROVE")
    assert await asking.end() == 0
    assert any(line.startswith("#1 Merged as ") for line in asking.lines), asking.lines
    assert len(asking.lines) == len(set(asking.lines))  # each state once
    assert house.pulls()[0]["merged"] is True


async def test_the_bot_says_in_slack_what_could_not_be_said(house: World) -> None:
    assert (await told(house, *BACK, **NOTHING_BUT_GIT))["exit"] == 0
    await house.start_bot()
    card = await house.card("Review: roll back fraud-detector 3→2, production")
    await house.thread(card, "asked for it on the command line")  # so ana hears of it where her name was used
    await house.github.review("ana", REPO, 1, "APPROVE")
    await house.merged(1)
    await house.thread(card, "Merged as")
    assert len(house.pulls()) == 1


async def test_promote_says_that_the_registry_is_away(house: World) -> None:
    no = await told(house, "promote", "fraud-detector", "4", "production", "--by", "ana", **NO_REGISTRY)
    assert (no["exit"], no["decision"], no["reason"]) == (1, "refuse", "registry_unavailable")
    assert no["unblock"]
    assert house.pulls() == []


async def test_a_group_that_only_slack_knows_is_nobody(house: World) -> None:
    rule = 'rollback: ["slack:U0ANA", "slack:U0BEN", "slack:U0CHLOE"]'
    await house.change_policy(rule, 'rollback: ["slack:@ml-leads"]')
    no = await told(house, *BACK[:-1], "ben", **NOTHING_BUT_GIT)
    assert (no["exit"], no["decision"], no["reason"]) == (1, "refuse", "not_allowed")
    assert "nobody can be found in slack:@ml-leads" in no["message"]
    assert "github:ORG/TEAM" in no["unblock"]
    text = house.file(POLICY).replace('rollback: ["slack:@ml-leads"]', 'rollback: ["slack:@ml-leads", "github:ben"]')
    await house.push(POLICY, text)
    assert (await told(house, *BACK[:-1], "ben", **NOTHING_BUT_GIT))["decision"] == "propose"


async def test_a_rollback_waits_for_no_group_that_only_slack_knows(house: World) -> None:
    await house.change_policy('from: ["slack:U0BEN", "slack:U0CHLOE"]', 'from: ["slack:@ml-leads"]')
    asked = await ask(house, *BACK, **NOTHING_BUT_GIT)
    assert asked.returncode == 0
    await house.github.review("ana", REPO, 1, "APPROVE")
    assert (await told(house, *BACK, **NOTHING_BUT_GIT))["message"].startswith("#1 Merged as ")


async def test_the_forge_is_down_and_the_bot_goes_on(house: World) -> None:
    down = True

    async def outage(phase: Phase, call: Call) -> None:
        if down and phase == "before" and call.service == "github" and "/pulls" in call.name:
            raise Refuse(503, {"message": "Service unavailable"})

    house.sandbox.hooks.items.append(outage)
    saved = await told(house, *BACK, **NOTHING_BUT_GIT)
    assert (saved["exit"], saved["decision"], saved["reason"]) == (1, "saved", "forge_unavailable")
    assert "running bot" in saved["unblock"]
    assert house.pulls() == []
    down = False
    await house.start_bot()
    await house.card("Review: roll back fraud-detector 3→2, production")
    assert len(house.pulls()) == 1


async def test_slack_is_asked_where_it_answers(house: World) -> None:
    assert (await told(house, *BACK, **NO_REGISTRY))["exit"] == 0
    card = await house.card("Review: roll back fraud-detector 3→2, production")
    await house.thread(card, "Needs review")
    # She was at the terminal, so nothing of it was said to her alone in Slack.
    assert [m for m in house.slack.messages("C0PROD", viewer="U0ANA") if m.get("ephemeral")] == []


async def test_asked_for_again_after_the_merge_it_goes_no_further(house: World) -> None:
    before = house.file(MANIFEST)
    await house.push(MANIFEST, before.replace("/3/", "/1/"))
    await house.push(MANIFEST, before)  # so there are two earlier versions to go back to
    assert (await told(house, *BACK, **NOTHING_BUT_GIT))["exit"] == 0
    await house.github.review("ana", REPO, 1, "APPROVE")
    first = await told(house, *BACK, "--wait", **NOTHING_BUT_GIT)
    assert first["message"].startswith("#1 Merged as ")
    at = house.file(MANIFEST)
    second = await told(house, *BACK, **NOTHING_BUT_GIT)
    assert (second["exit"], second["decision"], second["reason"]) == (1, "refuse", "rolled_back_already")
    assert "--to 2" in second["unblock"]
    assert (house.file(MANIFEST), len(house.pulls())) == (at, 1)
    named = await told(house, *BACK, "--to", "2", **NOTHING_BUT_GIT)
    assert (named["exit"], named["number"]) == (0, 2)


async def test_whoever_interrupts_hears_that_it_goes_on(house: World) -> None:
    asking = Asking(house, *BACK, "--wait", **NOTHING_BUT_GIT)
    await asking.start()
    await asking.says("0 of 1 approvals")
    asking.process.send_signal(signal.SIGINT)
    assert await asking.end() == 130
    assert asking.lines[-1].startswith("Interrupted, not taken back: it is saved"), asking.lines
