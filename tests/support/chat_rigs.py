"""The Chat port in front of the fake, and in front of the real adapter with the sandbox's Slack behind it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Protocol

from bot.adapters.slack_blocks import render, render_form
from bot.adapters.slack_chat import SlackChat
from bot.domain.forms import LoadingForm
from bot.ports import Chat, Posted
from tests.fakes.chat import Channel, FakeChat, View
from tests.sandbox.test_slack_support import ANA, BEN, BOT_TOKEN, DEPLOYS, OSCAR, RANDOM, World, world

TEAM = "T0SANDBOX"


class Rig(Protocol):
    """What the suite needs besides the port: to look, and to do what people do."""

    chat: Chat

    def texts(self, channel: str, viewer: str | None = None, thread: str | None = None) -> list[str]: ...
    def direct(self, user: str) -> list[str]: ...
    async def response_url(self, user: str) -> str: ...
    async def view(self, user: str) -> tuple[str, str]: ...
    def title(self, view_id: str) -> str: ...
    def delete(self, posted: Posted) -> None: ...


class FakeRig:
    def __init__(self) -> None:
        members = frozenset({ANA, BEN})
        channels = [Channel(DEPLOYS, "ml-deploys", members), Channel(RANDOM, "random", members | {OSCAR}, bot=False)]
        groups, handles = {"S0LEADS": frozenset({BEN})}, {"ml-leads": "S0LEADS"}
        self.chat = FakeChat(channels=channels, groups=groups, handles=handles, workspace=TEAM)

    def texts(self, channel: str, viewer: str | None = None, thread: str | None = None) -> list[str]:
        sent = [s for s in self.chat.sent if s.posted.channel == channel]
        shown = [s for s in sent if thread in (s.thread, s.posted.ts)] if thread else sent
        public = [s.message for s in shown if thread or s.thread is None or s.broadcast]
        private = [w.message for w in self.chat.whispers if w.person.user == viewer and w.channel == channel]
        return [render(message)["text"] for message in (*public, *([] if thread else private))]

    def direct(self, user: str) -> list[str]:
        return [render(w.message)["text"] for w in self.chat.whispers if w.person.user == user and w.by == "direct"]

    async def response_url(self, user: str) -> str:
        return self.chat.response_url(DEPLOYS)

    async def view(self, user: str) -> tuple[str, str]:
        self.chat.views["V1"] = View("h1", LoadingForm("Loading"))
        return "V1", "h1"

    def title(self, view_id: str) -> str:
        form = self.chat.views[view_id].form
        assert form is not None
        return str(render_form(form)["title"]["text"])

    def delete(self, posted: Posted) -> None:
        self.chat.delete(posted)


class SlackRig:
    def __init__(self, w: World) -> None:
        self.w = w
        self.chat = SlackChat(BOT_TOKEN, f"{w.base}/sandbox/slack/api/")

    def texts(self, channel: str, viewer: str | None = None, thread: str | None = None) -> list[str]:
        return [m["text"] for m in self.w.slack.messages(channel, viewer, thread)]

    def direct(self, user: str) -> list[str]:
        return self.texts(self.w.slack.im(user), user)

    async def response_url(self, user: str) -> str:
        await self.w.slack.slash(user, DEPLOYS, "/models")
        return str(self.w.stub.payloads[-1]["response_url"])

    async def view(self, user: str) -> tuple[str, str]:
        opened: dict[str, Any] = await self.w.view_from(user, render_form(LoadingForm("Loading")))
        return opened["id"], opened["hash"]

    def title(self, view_id: str) -> str:
        return str(next(v for v in self.w.slack.views(ANA) if v["id"] == view_id)["title"]["text"])

    def delete(self, posted: Posted) -> None:
        found = self.w.slack.services.messages.get(posted.channel, posted.ts)
        assert found is not None
        self.w.slack.services.messages.remove(found)


@contextlib.asynccontextmanager
async def rig(kind: str) -> AsyncIterator[Rig]:
    """A fresh one; use cases call the port from a thread, so tests do too (``asyncio.to_thread``)."""
    if kind == "fake":
        yield FakeRig()
        return
    async with world() as w:
        yield SlackRig(w)
    await asyncio.sleep(0)
