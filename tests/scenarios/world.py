"""The whole bot against the sandbox, in one process: the same wiring as `slackops run`, driven as people drive it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from bot.bootstrap import Bot, save_links
from bot.cli.serve import listen
from bot.sandbox.cluster import Pace
from bot.sandbox.seed.cast import REPO
from bot.sandbox.server import Options, Sandbox, Signalled
from bot.settings import Settings, load_settings

ANA, BEN, CHLOE, OSCAR = "U0ANA", "U0BEN", "U0CHLOE", "U0OSCAR"
PROD, DEPLOYS = "C0PROD", "C0DEPLOYS"
PATIENCE = 45.0
SOON = 20.0
POLICY = ".slackops.yaml"
MANIFEST = "models/fraud-detector/production/inferenceservice.yaml"


class World:
    """One sandbox and one bot. Methods are what people do and see; every wait is for an event."""

    def __init__(self, sandbox: Sandbox, env: dict[str, str], *, whole: bool = False) -> None:
        self.sandbox, self.env, self._whole = sandbox, env, whole
        self.slack, self.github = sandbox.workspace, sandbox.github
        self.bot: Bot | None = None
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start_bot(self, *, socket: bool = False, **env: str) -> None:
        """Start the bot, with these environment variables on top; ``socket``: by Socket Mode, with no port at all."""
        settings = load_settings(self.env | env)
        await asyncio.to_thread(save_links, settings, self.sandbox.links())
        self.bot = await asyncio.to_thread(Bot, settings)
        if not self._whole:
            self._spare(self.bot)
        self.bot.start_intake()
        if socket:
            await self.bot.start_socket()
            await self.slack.wait_connected()
        else:
            await self._serve(self.bot, settings)
        self.bot.start_work()

    def _spare(self, bot: Bot) -> None:
        """Without what only a few stories are about, and each would wait for: pictures, CI, what the registry said."""
        bot.context = replace(bot.context, charts=None, ci=None, registry_memory=None)
        bot.dispatcher.ctx = bot.context

    async def _serve(self, bot: Bot, settings: Settings) -> None:
        config = uvicorn.Config(bot.web(), lifespan="off", log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve([listen(settings)]))
        while not self._server.started:  # uvicorn has no event for it
            await asyncio.sleep(0.01)

    async def stop_bot(self) -> None:
        """Stop it as SIGTERM does."""
        if self._server and self._serving:
            self._server.should_exit = True
            await self._serving
        if self.bot:
            await self.bot.stop()
        self.bot = self._server = self._serving = None

    async def say(self, text: str, user: str = ANA, channel: str = PROD) -> Any:
        """Type a slash command."""
        return await self.slack.slash(user, channel, text)

    async def card(self, words: str, channel: str = PROD) -> dict[str, Any]:
        """Wait for a card whose text starts with these words."""
        return await self.until(
            lambda: next((m for m in reversed(self.slack.messages(channel)) if m["text"].startswith(words)), None),
            f"a card {words!r} in {channel}",
        )

    async def shows(self, card: dict[str, Any], words: str, channel: str = PROD) -> dict[str, Any]:
        """Wait for the card to have these words somewhere."""

        def look() -> dict[str, Any] | None:
            now = self.slack.message(channel, card["ts"])
            return now if now and words in everything(now) else None

        return await self.until(look, f"{words!r} on the card")

    async def whisper(self, words: str, user: str = ANA, channel: str = PROD) -> dict[str, Any]:
        """Wait for a message that only this person sees and that has these words somewhere."""

        def look() -> dict[str, Any] | None:
            seen = self.slack.messages(channel, viewer=user)
            return next((m for m in reversed(seen) if m.get("ephemeral") and words in everything(m)), None)

        return await self.until(look, f"a whisper with {words!r} to {user}")

    async def thread(self, card: dict[str, Any], words: str, channel: str = PROD) -> dict[str, Any]:
        """Wait for a reply in the card's thread."""

        def look() -> dict[str, Any] | None:
            replies = self.slack.messages(channel, thread_ts=card["ts"])
            return next((m for m in replies if m["ts"] != card["ts"] and words in everything(m)), None)

        return await self.until(look, f"a reply with {words!r}")

    async def click(self, card: dict[str, Any], action: str, user: str = BEN, channel: str = PROD, **how: Any) -> Any:
        """Click a button of the card as it stands now."""
        return await self.slack.click(user, channel, card["ts"], action, **how)

    async def choose(self, card: dict[str, Any], do: str, user: str = BEN, channel: str = PROD) -> Any:
        """Choose an entry of the card's More menu."""
        now = self.slack.message(channel, card["ts"])
        menu = next(e for b in now["blocks"] for e in b.get("elements", []) if e.get("action_id") == "change.more")
        option = next(o["value"] for o in menu["options"] if json.loads(o["value"])["do"] == do)
        return await self.slack.click(user, channel, card["ts"], "change.more", selected=option)

    async def form(self, user: str, callback_id: str) -> dict[str, Any]:
        """Wait for the person's open view to be this form, filled."""
        return await self.until(
            lambda: next((v for v in self.slack.views(user) if v.get("callback_id") == callback_id), None),
            f"the form {callback_id} for {user}",
        )

    async def merged(self, number: int) -> dict[str, Any]:
        """Wait for the pull request to be merged."""
        return await self._ended(number, merged=True)

    async def closed(self, number: int) -> dict[str, Any]:
        """Wait for the pull request to be closed unmerged."""
        return await self._ended(number, merged=False)

    async def _ended(self, number: int, *, merged: bool) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            pull = self.github.pull(REPO, number)
            return pull if (pull["state"], pull["merged"]) == ("closed", merged) else None

        return await self.forge(look, f"#{number} {'merged' if merged else 'closed'}")

    def pulls(self) -> list[dict[str, Any]]:
        """Every pull request, oldest first."""
        return sorted((self.github.pull(REPO, p["number"]) for p in self.github.pulls(REPO)), key=lambda p: p["number"])

    def statuses(self, number: int) -> dict[str, str]:
        """The newest state of each of the head's statuses."""
        head = self.github.pull(REPO, number)["head"]["sha"]
        return {status["context"]: status["state"] for status in self.github.statuses(REPO, head)}  # oldest first

    async def until(self, look: Callable[[], Any], what: str) -> Any:
        """Wait for something in Slack."""
        return await _named(self.slack.wait_for(look, timeout=PATIENCE), what, self)

    async def forge(self, look: Callable[[], Any], what: str) -> Any:
        """Wait for something on the forge."""
        return await _named(self.github.wait_for(look, timeout=PATIENCE), what, self)

    async def settled(self) -> None:
        """Wait until nothing is on its way any more: no event, no webhook, no row of the inbox."""
        async with asyncio.timeout(PATIENCE):
            quiet = 0
            while quiet < 2:
                before = len(self.sandbox.hooks.log)
                await self.slack.settled()
                await self.github.webhooks.drain()
                moved = self._busy() or len(self.sandbox.hooks.log) != before
                quiet = 0 if moved else quiet + 1
                await asyncio.sleep(0.02)  # the inbox has no event for a test to wait for

    def _busy(self) -> bool:
        """Rows that run, or are due soon: a look that is planned for later is nothing to wait for."""
        if self.bot is None:
            return False
        due = self.bot.store.inbox.next_due()
        return bool(self.bot.store.inbox.counts().get("running")) or (due is not None and due < time.time() + SOON)

    async def push(self, path: str, content: bytes | str, branch: str = "main", message: str = "By hand") -> str:
        """Kim, who administers the repository, pushes a file."""
        data = content.encode() if isinstance(content, str) else content
        return await self.github.push_file("kim", REPO, branch, path, data, message)

    async def change_policy(self, old: str, new: str) -> str:
        """Kim changes the policy on main: ``old`` must be there."""
        text = self.file(POLICY)
        assert old in text
        return await self.push(POLICY, text.replace(old, new, 1), message="Change the policy")

    async def refused(self, text: str, reason: str, *words: str, user: str = ANA) -> dict[str, Any]:
        """Type a command and wait for the refusal: its reason code, these words, and what would unblock it."""
        seen = len(self.slack.messages(PROD, viewer=user))
        done = await self.say(text, user)
        assert (done.status, done.error) == (200, None)

        def look() -> dict[str, Any] | None:
            new = [m for m in self.slack.messages(PROD, viewer=user)[seen:] if m.get("ephemeral")]
            return next((m for m in new if "Reason: " in everything(m)), None)

        told: dict[str, Any] = await self.until(look, f"a refusal of {text[:60]!r}")
        said = everything(told)
        assert f"Reason: `{reason}`" in said, said
        assert "Next: " in said, said
        assert [word for word in words if word not in said] == [], said
        return told

    def file(self, path: str, ref: str = "main") -> str:
        """A file of the deployment repo."""
        return self.git("show", f"{ref}:{path}")

    def log(self, ref: str = "main") -> list[str]:
        """The subjects of a branch's commits, newest first."""
        return self.git("log", "--format=%s", ref).splitlines()

    def branches(self) -> list[str]:
        """The branches of the deployment repo."""
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def git(self, *args: str) -> str:
        """Ask the deployment repo."""
        command = ["git", "--git-dir", str(self.github.repo_path(REPO)), *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


async def _named(waiting: Any, what: str, world: World) -> Any:
    try:
        return await waiting
    except TimeoutError:
        said = [(m["user"], m["text"]) for c in (PROD, DEPLOYS) for m in world.slack.messages(c, viewer=ANA)]
        dead = world.bot.store.inbox.dead() if world.bot else []
        raise AssertionError(f"waited for {what}; Slack has {said}; dead letters {dead}") from None


def everything(message: dict[str, Any]) -> str:
    """All the words of a message."""
    return message["text"] + json.dumps(message.get("blocks", []), ensure_ascii=False)


@contextlib.asynccontextmanager
async def open_world(
    folder: Path,
    registry: Path | None,
    *,
    bot: bool = True,
    page: bool = False,
    signals: Signalled = False,
    followed: bool = False,
    whole: bool = False,
    **env: str,
) -> AsyncIterator[World]:
    """A sandbox with the seeded registry copied in, the bot, and the browser page if wanted. Ends them all.

    ``signals``: whether the cluster posts ("webhooks"), lets itself be asked ("polling"), does both (True) or neither.
    ``whole``: the bot draws, looks at CI, and remembers what the registry said.
    ``followed``: whether the policy names Argo CD as the engine, as the example's does; a test may also change it.
    """
    if registry is not None:
        shutil.copytree(registry, folder, dirs_exist_ok=True)
    pace = Pace(sync=0.01, rollout=0.01)
    options = Options(page=page, registry=False, pace=pace, signals=signals, followed=followed)
    sandbox = Sandbox(folder, 0, options=options)
    await sandbox.start()
    world = World(
        sandbox, sandbox.env() | {"LOG_LEVEL": "WARNING", "SLACKOPS_POLL_SECONDS": "3600", **env}, whole=whole
    )
    try:
        if bot:
            await world.start_bot()
        yield world
    finally:
        await world.stop_bot()
        await sandbox.stop()
