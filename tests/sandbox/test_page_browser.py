"""What a newcomer does on the page, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.sandbox.page_bot import PROD, REPO
from tests.sandbox.page_browser import NARROW, WIDE, sitting
from tests.sandbox.page_cards import question

pytestmark = pytest.mark.browser
PROMOTE = "/promote fraud-detector 4 production"


async def test_a_command_is_suggested_sent_and_answered_by_a_card(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.at("message-box").press_sequentially("/pro")
        await expect(me.at("suggestion", key="/promote")).to_contain_text("MODEL VERSION|@ALIAS [ENV]")
        await me.page.keyboard.press("Enter")
        await expect(me.at("message-box")).to_have_value("/promote ")
        await me.enter(PROMOTE)
        await expect(me.at("message").first).to_contain_text("Review: fraud-detector 3→4, production")
        await expect(me.at("message").locator(".mention").first).to_have_text("@Ana")
        await expect(me.at("pull", number=1)).to_contain_text("Promote fraud-detector 3 → 4 in production")
        await expect(me.at("check", name="slackops/gates", state="success")).to_contain_text("4 of 4 gates pass")
        await expect(me.at("hint", done="true")).to_have_count(2)


async def test_another_person_approves_after_the_confirm_dialog(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.enter(PROMOTE)
        await me.world.app_side.next()
        await me.become("U0BEN")
        await me.press("approve")
        await me.at("confirm-deny").click()
        assert me.world.app_side.heard.empty()
        await me.press("approve")
        await expect(me.at("confirm-dialog")).to_contain_text("fraud-detector 4 goes to production.")
        await me.at("confirm-accept").click()
        heard = await me.world.app_side.next()
        assert (heard["user"]["id"], heard["actions"][0]["value"]) == ("U0BEN", "01JH8Z")
        await expect(me.at("message", edited="true").first).to_contain_text("1 of 2")
        await me.at("thread-open").click()
        await expect(me.at("thread-panel")).to_contain_text("@Ben approved.")
        await me.at("thread-box").fill("Thanks")
        await me.at("thread-send").click()
        await expect(me.at("thread-panel")).to_contain_text("Thanks")
        await expect(me.at("thread-open", replies="2")).to_be_visible()


async def test_menus_and_selects_of_a_message_work(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.enter(PROMOTE)
        await me.world.app_side.next()
        await me.press("more")
        await me.page.keyboard.press("ArrowDown")
        await me.page.keyboard.press("Enter")
        chosen = (await me.world.app_side.next())["actions"][0]["selected_option"]
        assert chosen["value"] == "hold"
        await me.press("more")
        await me.page.keyboard.press("Escape")
        await expect(me.at("overflow-menu")).to_be_hidden()
        await me.at("channel").locator("select[data-action-id=env]").select_option("staging")
        assert (await me.world.app_side.next())["actions"][0]["selected_option"]["value"] == "staging"


async def test_a_loading_form_is_filled_judged_and_sent(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.enter(PROMOTE)
        await me.press("ask")
        await me.at("modal-submit").click()
        await expect(me.at("field-error")).to_contain_text("required")
        await me.at("modal").locator("select[data-action-id=model]").select_option("churn")
        await me.at("choice", value="production").check()
        await me.at("choice", value="notify").check()
        await me.at("modal").locator("input[data-action-id=note]").fill("Please")
        await me.page.keyboard.press("Enter")
        await expect(me.at("modal")).to_have_count(0)
        for _ in range(2):
            await me.world.app_side.next()
        sent = (await me.world.app_side.next())["view"]["state"]["values"]
        assert sent["env"]["env"]["selected_option"]["value"] == "production"
        assert [one["value"] for one in sent["flags"]["flags"]["selected_options"]] == ["notify"]
        assert sent["note"]["note"]["value"] == "Please"


async def test_the_apps_own_errors_stand_beside_the_field(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.enter(PROMOTE)
        await me.press("request_changes")
        await me.at("field", action_id="reason").fill("no")
        await me.at("modal-submit").click()
        await expect(me.at("field-error")).to_contain_text("Say a little more.")
        await expect(me.at("field", action_id="reason")).to_have_value("no")
        await me.page.keyboard.press("Escape")
        await expect(me.at("modal")).to_have_count(0)
        assert me.world.workspace.views("U0ANA") == []


async def test_only_the_asker_sees_a_refusal(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.enter("/models")
        await expect(me.at("message", ephemeral="true")).to_contain_text("Only visible to you")
        for turn in range(9):  # more than fits
            await me.enter("/models")
            await expect(me.at("message")).to_have_count(turn + 2)
        await me.page.locator(".messages").evaluate("box => box.scrollTo({top: 0})")
        await me.enter("/models")
        await expect(me.at("message").last).to_be_in_viewport()  # the answer comes to whoever had scrolled away
        await me.become("U0OSCAR")
        await expect(me.at("message")).to_have_count(0)
        await me.become("U0ANA")
        await expect(me.at("message", ephemeral="true")).to_have_count(11)


async def test_links_and_addresses_of_pull_requests_open_in_place(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.world.open_pull()
        await me.world.app_side.commanded({"command": "/models", "channel_id": PROD, "user_id": "U0ANA"})
        await me.world.app_side.say(text=f"See <{me.world.base}/{REPO}/pull/1|the pull request>")
        await me.open(f"/{REPO}/pull/1")
        await expect(me.at("pull", number=1)).to_be_visible()
        await me.at("tab-cluster").click()
        await expect(me.at("pull")).to_have_count(0)
        await me.page.get_by_role("link", name="the pull request").click()
        await expect(me.at("pull", number=1)).to_be_visible()
        assert len(me.page.context.pages) == 1


async def test_a_person_acts_on_the_forge_and_hears_why_not(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.world.open_pull()
        await me.open()
        await me.become("U0OSCAR")
        await me.at("pull-actions").locator("summary").click()
        await me.at("github-approve").click()
        await expect(me.at("toast")).to_contain_text("oscar")
        me.faults.clear()  # the browser notes the 404 itself
        await me.become("U0BEN")
        await me.at("review-body").fill("Looks right")
        await me.at("github-approve").click()
        await expect(me.at("review", login="ben", state="APPROVED")).to_contain_text("Looks right")
        await me.at("github-close").click()
        await expect(me.at("pull-state", state="closed")).to_be_visible()


async def test_a_merge_and_the_cluster_show_without_a_reload(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        number = await me.world.open_pull()
        await me.open()
        await expect(me.at("pull-state", state="open")).to_be_visible()
        sha = await me.world.github.merge_by_hand("ana", REPO, number)
        await expect(me.at("pull-state", state="merged")).to_be_visible()
        await me.at("tab-cluster").click()
        card = {"model": "fraud-detector", "environment": "production"}
        await expect(me.at("cluster-card", **card, version="3")).to_contain_text("Healthy")
        me.world.cluster.run("fraud-detector", "production", "4", revision=sha, health="Degraded")
        await expect(me.at("cluster-card", **card, version="4", health="degraded")).to_contain_text(sha[:7])
        await expect(me.page.locator(".card.flash")).to_have_count(1)
        await expect(me.page.locator(".card.flash")).to_have_count(0)


async def test_a_question_that_only_the_asker_sees_is_answered_by_its_button(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        asked = {"channel": PROD, "user": "U0BEN", "text": "Confirm", "blocks": question()}
        await me.world.app_side.api("chat.postEphemeral", **asked)
        await me.page.get_by_text("ml-production").first.click()
        await expect(me.at("message", ephemeral="true")).to_have_count(0)
        await me.become("U0BEN")
        await me.at("message", ephemeral="true").get_by_role("button", name="Roll back", exact=True).click()
        heard = await me.world.app_side.next()
        assert (heard["user"]["id"], heard["container"]["is_ephemeral"]) == ("U0BEN", True)
        assert [one["action_id"] for one in heard["actions"]] == ["rollback.confirm"]
        await expect(me.at("message", ephemeral="true")).to_have_count(0)


async def test_a_version_is_broken_and_mended_on_its_card(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.at("tab-cluster").click()
        await expect(me.at("fault-note")).to_contain_text("churn 18")
        card = me.at("cluster-card", model="churn", environment="production")
        await card.get_by_role("button", name="Break churn 16").click()
        await expect(card).to_contain_text("Degraded")
        await card.get_by_role("button", name="Mend churn 16").click()
        await expect(card).to_contain_text("Healthy")
        await expect(card.get_by_role("button", name="Break churn 16")).to_be_visible()


async def test_the_card_says_who_answers_the_requests(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.at("tab-cluster").click()
        traffic = me.at("cluster-card", model="churn", environment="production").locator(
            "[data-testid=cluster-traffic]"
        )
        await expect(traffic).to_have_count(0)
        me.world.cluster.run("churn", "production", "17", traffic={"16": 90, "17": 10})
        await expect(traffic).to_have_text("v16 gets 90 %, v17 gets 10 %")
        me.world.cluster.run("churn", "production", "17", traffic={"17": 100})
        await expect(traffic).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_every_pane_fits_and_can_be_reached(tmp_path: Path, size: tuple[int, int]) -> None:
    async with sitting(tmp_path, size) as me:
        await me.open()
        await me.enter(PROMOTE)
        await expect(me.at("message").first).to_be_visible()
        for pane, sign in (("pull", me.at("pull")), ("cluster", me.at("cluster-card").first)):
            await me.at(f"pane-{pane}" if size == NARROW else f"tab-{pane}").click()
            await expect(sign).to_be_visible()
            await expect(me.at("persona-option", user="U0BEN")).to_be_visible()
            assert await me.page.evaluate("document.documentElement.scrollWidth") == size[0]
