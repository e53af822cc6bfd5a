"""The Web API about conversations, people, groups, reactions and links."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.test_slack_support import ANA, BEN, DEPLOYS, OSCAR, World, world


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def test_conversations_and_people(w: World) -> None:
    listed = await w.api("conversations.list", form=True, limit="1")
    assert [c["name"] for c in listed["channels"]] == ["ml-deploys"]
    more = await w.api("conversations.list", form=True, cursor=listed["response_metadata"]["next_cursor"])
    assert [(c["name"], c["is_member"]) for c in more["channels"]] == [("random", False)]
    assert (await w.api("conversations.list", form=True, types="rooms"))["error"] == "invalid_types"
    members = await w.api("conversations.members", form=True, channel=DEPLOYS)
    assert members["members"] == [ANA, BEN, "U0SLACKOPS"]
    im = await w.api("conversations.open", users=ANA)
    assert im["channel"]["id"] == w.slack.im(ANA)
    assert (await w.api("users.lookupByEmail", form=True, email="BEN@sandbox.example"))["user"]["id"] == BEN
    assert (await w.api("users.info", form=True, user=OSCAR))["user"]["is_restricted"]
    assert (await w.api("users.info", form=True, user="U0NOBODY"))["error"] == "user_not_found"
    assert (await w.api("usergroups.users.list", form=True, usergroup="S0LEADS"))["users"] == [BEN]
    assert (await w.api("usergroups.users.list", form=True, usergroup="S0"))["error"] == "no_such_subteam"
    groups = await w.api("usergroups.list", form=True, include_users="true")
    assert groups["usergroups"][0]["users"] == [BEN]
    assert (await w.api("bots.info", form=True))["bot"]["app_id"] == "A0SLACKOPS"
    assert (await w.api("team.info"))["team"]["id"] == "T0SANDBOX"


async def test_reactions_and_links(w: World) -> None:
    ts = (await w.api("chat.postMessage", channel=DEPLOYS, text="a"))["ts"]
    args = {"channel": DEPLOYS, "timestamp": ts, "name": "eyes"}
    assert (await w.api("reactions.add", **args))["ok"]
    assert (await w.api("reactions.add", **args))["error"] == "already_reacted"
    await w.slack.react(ANA, DEPLOYS, ts, "eyes")
    assert w.slack.messages(DEPLOYS)[0]["reactions"] == [{"name": "eyes", "users": ["U0SLACKOPS", ANA], "count": 2}]
    assert (await w.api("reactions.remove", **args))["ok"]
    assert (await w.api("reactions.remove", **args))["error"] == "no_reaction"
    link = await w.api("chat.getPermalink", form=True, channel=DEPLOYS, message_ts=ts)
    assert link["permalink"].endswith(f"/archives/{DEPLOYS}/p{ts.replace('.', '')}")
