"""Questions about the bot itself, for `slackops doctor`."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_chat.calls import QUIET
from bot.adapters.slack_chat.errors import SlackSays, transport, understood
from bot.adapters.slack_chat.names import CHANNEL_ID, GROUP_ID
from bot.domain.doctor.slack import Seat, SlackSelf
from bot.errors import Fatal

_NO_CHANNEL = frozenset({"channel_not_found"})
_KINDS = "public_channel,private_channel"


class SlackWebProbe:
    """The SlackProbe port over the Web API. ``timeout`` in seconds a call."""

    def __init__(self, token: str, app_token: str | None, api_url: str, timeout: float = 10.0) -> None:
        self._client = WebClient(
            token=token, base_url=api_url, timeout=int(max(1, timeout)), retry_handlers=[], logger=QUIET
        )
        self._app_token = app_token

    def myself(self) -> SlackSelf:
        """As the port says (https://docs.slack.dev/reference/methods/auth.test)."""
        answer = self._ask("auth.test")
        headers = {key.lower(): value for key, value in answer.headers.items()}
        told = headers.get("x-oauth-scopes")
        scopes = frozenset(part.strip() for part in told.split(",") if part.strip()) if told else None
        return SlackSelf(str(answer["team"]), f"@{answer['user']}", scopes)

    def socket(self) -> None:
        """As the port says: it asks for an address to connect to, and does not connect."""
        try:
            self._ask("apps.connections.open", headers={"Authorization": f"Bearer {self._app_token}"})
        except SlackSays as said:  # the words for a refusal are about the bot's token
            raise Fatal(f"Slack refused the app token ({said.code}).") from None

    def channel(self, name: str) -> Seat:
        """As the port says."""
        found = self._by_id(name) if CHANNEL_ID.fullmatch(name) else self._by_name(name.removeprefix("#"))
        if found is None:
            return Seat(found=False)
        return Seat(True, bool(found.get("is_member")), bool(found.get("is_archived")))

    def group(self, name: str) -> tuple[str, ...] | None:
        """As the port says."""
        ident = name if GROUP_ID.fullmatch(name) else self._group(name.removeprefix("@"))
        if ident is None:
            return None
        try:
            return tuple(self._ask("usergroups.users.list", usergroup=ident).get("users") or ())
        except SlackSays as said:
            if said.code == "no_such_subteam":
                return None
            raise

    def _group(self, handle: str) -> str | None:
        groups = self._ask("usergroups.list").get("usergroups") or []
        return next((str(g["id"]) for g in groups if g.get("handle") == handle and not g.get("date_delete")), None)

    def _by_id(self, channel: str) -> dict[str, Any] | None:
        try:
            return dict(self._ask("conversations.info", channel=channel)["channel"])
        except SlackSays as said:
            if said.code in _NO_CHANNEL:
                return None
            raise

    def _by_name(self, name: str) -> dict[str, Any] | None:
        cursor = ""
        while True:
            page = self._ask("conversations.list", types=_KINDS, limit="999", cursor=cursor)
            found = next((one for one in page.get("channels") or [] if one.get("name") == name), None)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if found or not cursor:
                return found

    def _ask(self, method: str, headers: dict[str, str] | None = None, **body: str) -> Any:
        given = {key: value for key, value in body.items() if value}
        try:
            return self._client.api_call(method, data=given, headers=headers)
        except Exception as error:
            if not transport(error):
                raise
            raise understood(error, method, body.get("channel", "")) from None
