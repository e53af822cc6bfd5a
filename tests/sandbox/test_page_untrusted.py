"""Names, tags and bodies from outside are shown as they are: nothing of them runs, links or mentions."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.sandbox.page_bot import REPO
from tests.sandbox.page_browser import sitting
from tests.sandbox.page_cards import cells, text

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.hacked=1"> <!channel> <@U0ANA> [x](javascript:window.hacked=1) # *&lt;*'


def escaped(words: str) -> str:
    """As Slack wants it: https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def test_escaped_text_mentions_nobody_and_shows_as_it_is(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        blocks = [
            {"type": "section", "text": text(escaped(HOSTILE)), "fields": [text(escaped(HOSTILE))]},
            {"type": "context", "elements": [text(escaped(HOSTILE))]},
            {"type": "header", "text": text(escaped(HOSTILE), "plain_text")},
            {"type": "table", "rows": [cells(HOSTILE, "-")]},
        ]
        await me.world.app_side.say(*blocks)
        await me.open()
        message = me.at("message")
        shown = HOSTILE.replace("*&lt;*", "&lt;")
        await expect(message.locator(".section-text > p")).to_have_text(shown)
        await expect(message.locator(".fields p")).to_have_text(shown)
        await expect(message.locator(".context p")).to_have_text(shown)
        await expect(message.locator("h3.header")).to_have_text(HOSTILE)
        await expect(message.locator("td").first).to_have_text(HOSTILE)
        await expect(message.locator(".mention, a, td .slack_user, img[src=x]")).to_have_count(0)
        assert await me.page.evaluate("window.hacked") is None


async def test_mrkdwn_reads_as_slack_reads_it(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        words = "*b* _i_ ~s~ `c` snake_case_name 2*3*4 <https://example.org/a_b|site> <javascript:alert(1)|no> <!here>"
        await me.world.app_side.say({"type": "section", "text": text(f"{words}\n&gt; quoted\n```x &lt;y&gt;```")})
        await me.open()
        message = me.at("message")
        for tag, inner in (("strong", "b"), ("em", "i"), ("s", "s"), ("code", "c")):
            await expect(message.locator(f".section {tag}")).to_have_text(inner)
        await expect(message.locator("a")).to_have_attribute("href", "https://example.org/a_b")
        await expect(message.locator(".mention")).to_have_text("@here")
        await expect(message.locator("blockquote")).to_have_text("quoted")
        await expect(message.locator("pre")).to_have_text("x <y>")
        line = message.locator(".section p").first
        await expect(line).to_contain_text("snake_case_name 2*3*4 site <javascript:alert(1)|no>")


async def test_a_body_of_a_pull_request_runs_nothing(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.world.open_pull()
        await me.open(f"/{REPO}/pull/1")
        body = me.at("pull").locator(".markdown")
        await expect(body.locator("td").first).to_have_text("roc_auc")
        await expect(body).not_to_contain_text("slackops:digest")
        await expect(body.locator("img, script, a[href^=javascript]")).to_have_count(0)
        assert await me.page.evaluate("window.hacked") is None


async def test_a_persons_own_markup_stays_text(tmp_path: Path) -> None:
    async with sitting(tmp_path) as me:
        await me.open()
        await me.enter("hello @slackops, is 1 < 2 & <b>x</b>?")
        await expect(me.at("message")).to_contain_text("hello @SlackOps, is 1 < 2 & <b>x</b>?")
        await expect(me.at("message").locator("b")).to_have_count(0)
