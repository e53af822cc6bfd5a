"""The workspace as the page, the tests and the sandbox's server see it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from bot.sandbox.hooks import Hooks
from bot.sandbox.slack.actions import Actions
from bot.sandbox.slack.asgi import build_app
from bot.sandbox.slack.commands import Commands
from bot.sandbox.slack.config import Delivered, WorkspaceConfig
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.forms import Forms
from bot.sandbox.slack.messages import in_channel
from bot.sandbox.slack.payloads import event
from bot.sandbox.slack.services import build
from bot.sandbox.slack.shapes import shown, user_wire
from bot.sandbox.slack.talk import Talk
from bot.sandbox.slack.views import wire_view
from bot.sandbox.state import State

T = TypeVar("T")


class Workspace:
    """A local Slack workspace with one app. Mount ``app`` at /sandbox/slack.

    People's acts raise LookupError for what is not there and ValueError for what this person may not do; what the app
    makes of an act is in the ``Delivered`` that it returns.
    """

    def __init__(self, state: State, hooks: Hooks, config: WorkspaceConfig) -> None:
        self.config = config
        self.services = build(state, hooks, config)
        self.app = build_app(self.services)
        self._courier = Courier(config, self.services.sockets)
        self._commands = Commands(self.services, self._courier)
        self._actions = Actions(self.services, self._courier)
        self._forms = Forms(self.services, self._courier, self._actions)
        self._talk = Talk(self.services, self._courier)

    async def start(self) -> None:
        """Nothing to do before the first delivery; here so that all services start alike."""

    async def stop(self) -> None:
        """Hang up the sockets, give up pending deliveries, end subscriptions."""
        await self.services.sockets.disconnect("link_disabled")
        await self._courier.stop()
        self.services.feed.close()

    async def slash(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Delivered:
        """Type a slash command, such as ``/promote fraud-detector 4 production``; in a thread Slack refuses it."""
        return await self._commands.run(user, channel, text, thread_ts)

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: str | None = None,
        selected: str | None = None,
    ) -> Delivered:
        """Press a button, or choose ``selected`` (an option's value) in a menu, in a message that this person sees."""
        return await self._actions.in_message(user, channel, ts, action_id, value, selected)

    async def click_view(
        self, user: str, view_id: str, action_id: str, value: str | None = None, selected: str | None = None
    ) -> Delivered:
        """The same in an open modal or in the App Home."""
        return await self._actions.in_view(user, view_id, action_id, value, selected)

    async def suggest(self, user: str, view_id: str, action_id: str, typed: str) -> Delivered:
        """Type into an external select of a view; the body has the app's options, which can then be chosen."""
        return await self._actions.suggest_in_view(user, view_id, action_id, typed)

    async def submit(self, user: str, view_id: str, values: dict[str, str]) -> Delivered:
        """Submit a modal with these entries by action_id; options by value, several separated by commas."""
        return await self._forms.submit(user, view_id, values)

    async def close_view(self, user: str, view_id: str) -> Delivered:
        """Close a modal by its close button."""
        return await self._forms.close(user, view_id)

    async def post(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Post a message and return its ts; one that starts with a slash is a command, and the ts is empty."""
        if text.startswith("/"):
            await self.slash(user, channel, text, thread_ts)
            return ""
        return self._talk.post(user, channel, text, thread_ts)

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Toggle this person's emoji on a message."""
        self._talk.react(user, channel, ts, name)

    async def open_home(self, user: str) -> None:
        """Visit the app's Home tab."""
        self._talk.visit_home(user)

    def set_scopes(self, scopes: tuple[str, ...]) -> None:
        """Grant the app these scopes and no others."""
        self.services.scopes.granted = scopes

    def change_user(self, user: str, **flags: bool) -> None:
        """Deactivate a member (``deleted=True``), make them a guest (fields of UserSeed); the app hears user_change."""
        member = user_wire(self.config, self.services.directory.change_user(user, **flags))
        if "user_change" in self.config.events:
            stamp = self.services.messages.clock.next()
            self._courier.event(event(self.config, {"type": "user_change", "user": member, "event_ts": stamp}))

    async def redeliver(self, delivery_id: str) -> Delivered:
        """The same body again with X-Slack-Retry-Num and -Reason; its answer is not shown. Raises LookupError."""
        return await self._courier.redeliver(delivery_id)

    async def verify_url(self) -> Delivered:
        """The url_verification handshake; error ``challenge_failed`` when the app does not echo the challenge."""
        challenge = secrets.token_hex(16)
        token = self.config.verification_token
        body = {"type": "url_verification", "token": token, "challenge": challenge}
        outcome = await self._courier.deliver("events_api", body)
        echoed = outcome.body.get("challenge") if isinstance(outcome.body, dict) else outcome.body
        failed = None if outcome.error is None and echoed == challenge else outcome.error or "challenge_failed"
        return Delivered(outcome.id, outcome.status, outcome.body, outcome.retried, failed)

    async def send_event(self, inner: dict[str, Any]) -> Delivered:
        """Deliver any event, with redelivery, and return the outcome of the last try."""
        return await self._courier.event(event(self.config, inner))

    def messages(self, channel: str, viewer: str | None = None, thread_ts: str | None = None) -> list[dict[str, Any]]:
        """What a channel, or one thread of it (parent first), shows to this person, oldest first."""
        store = self.services.messages
        parent = store.get(channel, thread_ts) if thread_ts else None
        found = (
            [*([parent] if parent else []), *store.replies(channel, thread_ts)] if thread_ts else store.listed(channel)
        )
        private = store.ephemerals(channel, viewer, thread_ts) if viewer else []
        extra = [m for m in private if thread_ts or in_channel(m)]
        return [shown(store, m) for m in sorted([*found, *extra], key=lambda m: m["ts"])]

    def message(self, channel: str, ts: str) -> dict[str, Any] | None:
        """One message, ephemeral or not."""
        found = self.services.messages.get(channel, ts)
        return shown(self.services.messages, found) if found else None

    def channels(self, viewer: str) -> list[dict[str, Any]]:
        """The channels and direct messages that this person may open."""
        bot = self.services.directory.bot_is_in
        mine = [c for c in self.services.directory.all() if not c["is_private"] or viewer in c["members"]]
        return [{**c, "is_member": viewer in c["members"], "bot_member": bot(c)} for c in mine]

    def users(self) -> list[dict[str, Any]]:
        """The members, as user objects."""
        return [user_wire(self.config, user) for user in self.services.directory.users.values()]

    def views(self, user: str) -> list[dict[str, Any]]:
        """The person's open modals, bottom first; ``errors`` and ``trouble`` are what Slack shows in them."""
        return self._shown_views(user, self.services.views.stack(user))

    def home(self, user: str) -> dict[str, Any] | None:
        """The person's App Home, if the app published one."""
        view = self.services.views.home(user)
        return self._shown_views(user, [view])[0] if view else None

    def _shown_views(self, user: str, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
        facts = ("errors", "trouble", "user")
        return [{**wire_view(v), **self._actions.current(user, v), **{k: v[k] for k in facts}} for v in views]

    def im(self, user: str) -> str:
        """The id of the direct message between this person and the app."""
        return str(self.services.directory.open_im(user)["id"])

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Make the app reconnect its Socket Mode connections."""
        await self.services.sockets.disconnect(reason)

    async def wait_connected(self, count: int = 1) -> None:
        """Return when the app has this many Socket Mode connections."""
        await self.services.sockets.wait_connected(count)

    async def settled(self) -> None:
        """Return when no event is on its way any more."""
        await self._courier.settled()

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 20) -> T:  # noqa: ASYNC109
        """The first truthy value of ``predicate``, asked again after each change. Raises TimeoutError."""
        return await self.services.feed.wait_for(predicate, timeout)

    def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        """Small change events ``{"kind": ..., ids}`` from now on."""
        return self.services.feed.subscribe()
