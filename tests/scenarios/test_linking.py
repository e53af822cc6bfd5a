"""Linking an account through the browser, as people do it and as they attack it, against the sandbox's services."""

from __future__ import annotations

from typing import Any

from bot.domain.people import Person
from bot.sandbox.seed.cast import TEAM_ID
from tests.scenarios.world import ANA, BEN, CHLOE, DEPLOYS, OSCAR, PROD, World, everything
from tests.support.person_browser import PersonBrowser


def person(user: str) -> Person:
    return Person(team=TEAM_ID, user=user)


def login_of(world: World, user: str) -> str | None:
    assert world.bot is not None
    return world.bot.store.links.login_of(person(user))


def audited(world: World, what: str) -> list[Any]:
    assert world.bot is not None
    return [row.entry for row in world.bot.store.audit.rows() if row.entry.what == what]


def button(message: dict[str, Any]) -> str:
    """The address behind the button that links."""
    found = [e["url"] for block in message["blocks"] for e in block.get("elements", []) if e.get("url")]
    assert len(found) == 1, message
    return str(found[0])


async def offered(world: World, user: str, text: str = "/slackops link") -> str:
    await world.say(text, user)
    return button(await world.whisper("Link your GitHub account", user))


async def test_an_approval_of_somebody_unlinked_is_finished_once_they_link(world: World) -> None:
    await world.say("/slackops unlink", CHLOE)
    await world.whisper("no longer linked", CHLOE)
    assert login_of(world, CHLOE) is None
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.shows(card, "Approve")
    await world.click(card, "change.approve", CHLOE)
    offer = await world.whisper("Your approval is finished then", CHLOE)
    async with PersonBrowser(CHLOE, "chloe") as browser:
        page = await browser.go(button(offer))
        assert page.status_code == 200, page.text
        assert "You are chloe on GitHub" in page.text
        again = await browser.go(button(offer))
        assert (again.status_code, "Used already" in again.text) == (400, True)
    await world.shows(card, "1 of 1 approvals")
    await world.whisper("Linked: you are chloe", CHLOE)
    reviews = world.github.reviews("acme/ml-deployments", world.pulls()[-1]["number"])
    assert [(one["user"], one["state"]) for one in reviews] == [("chloe", "APPROVED")]
    assert [entry.login for entry in audited(world, "linked")] == ["chloe"]
    assert [entry.login for entry in audited(world, "unlinked")] == ["chloe"]


async def test_a_link_that_was_sent_to_somebody_else_links_nobody(world: World) -> None:
    url = await offered(world, OSCAR)
    async with PersonBrowser(BEN, "ben") as tricked:
        page = await tricked.go(url)
        assert (page.status_code, "Somebody else is signed in" in page.text) == (400, True)
        assert not any("/login/oauth" in seen for seen in tricked.seen)
        again = await tricked.go(url)
        assert "Used already" in again.text
    assert login_of(world, OSCAR) is None
    assert login_of(world, BEN) == "ben"
    (refused,) = audited(world, "link_refused")
    assert (refused.why, refused.by, refused.outcome) == ("another_person", f"slack:{TEAM_ID}/{OSCAR}", "refused")
    assert refused.evidence == {"seen": f"slack:{TEAM_ID}/{BEN}"}


async def test_somebody_elses_account_is_not_taken_over(world: World) -> None:
    url = await offered(world, OSCAR)
    async with PersonBrowser(OSCAR, "ben") as browser:
        page = await browser.go(url)
        assert (page.status_code, "linked by another Slack user" in page.text) == (400, True)
    assert login_of(world, OSCAR) is None
    assert login_of(world, BEN) == "ben"
    assert [entry.why for entry in audited(world, "link_refused")] == ["taken"]


async def test_answers_are_taken_once_from_the_browser_that_began(world: World) -> None:
    url = await offered(world, OSCAR)
    async with (
        PersonBrowser(OSCAR, "oscar") as browser,
        PersonBrowser(OSCAR, "oscar") as other,
    ):
        await browser.go(url, until="/link/slack")
        back = browser.seen[-1]
        assert "Another browser" in (await other.go(back)).text  # without the cookie
        assert "Another browser" in (await other.go(url)).text  # the button, once it was followed elsewhere
        forged = back.replace("state=", "state=x")
        assert "Nothing to link" in (await browser.go(forged)).text
        await browser.go(back, until="/link/github")
        assert "Nothing to link" in (await browser.go(back)).text  # replayed
        github = (
            browser.seen[-1]
            if "/link/github" in browser.seen[-1]
            else next(seen for seen in browser.seen if "/link/github" in seen)
        )
        assert "Another browser" in (await other.go(github)).text
        assert "You are oscar" in (await browser.go(github)).text
        assert "Nothing to link" in (await browser.go(github)).text
    assert login_of(world, OSCAR) == "oscar"
    assert {entry.why for entry in audited(world, "link_refused")} == {"other_browser"}


async def test_who_leaves_slack_or_the_organisation_is_unlinked_and_that_is_told(world: World) -> None:
    world.slack.change_user(BEN, deleted=True)
    told = await world.card("ben left", DEPLOYS)
    assert "deactivated in Slack" in everything(told)
    world.github.set_member("acme", "chloe", False)
    told = await world.card("chloe left", DEPLOYS)
    assert "no longer a member of the organisation" in everything(told)
    assert [login_of(world, user) for user in (ANA, BEN, CHLOE)] == ["ana", None, None]
    assert {entry.login for entry in audited(world, "left")} == {"ben", "chloe"}


async def test_cancel_links_nothing_and_the_button_may_be_followed_again(world: World) -> None:
    url = await offered(world, OSCAR)
    async with PersonBrowser(OSCAR, "") as browser:
        assert "was not allowed" in (await browser.go(url)).text
        browser.github = "oscar"
        assert "You are oscar" in (await browser.go(url)).text
    await world.say("/slackops link", OSCAR)
    told = await world.whisper("You are linked to oscar", OSCAR)
    assert "10 minutes" in everything(told)
    assert [m for m in world.slack.messages(PROD, viewer=ANA) if "link/start" in everything(m)] == []
