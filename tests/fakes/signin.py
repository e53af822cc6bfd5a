"""Slack's and GitHub's sign-in in memory: codes and refresh tokens work once, a grant ends with all of its tokens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.domain.linking import LinkStart, challenge
from bot.errors import Reason, Refused, SlackOpsError
from bot.ports.signin import DeviceCode, ForgeUser, Grant, NotYet, SignedIn

GONE = Refused(Reason.NOT_LINKED, "GitHub no longer takes the link of your account.", "Link again.")
BAD_CODE = Refused(Reason.LINK_REFUSED, "The code is too old, or was used before.", "Begin again.")


def state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


@dataclass
class FakeSlackSignIn:
    """``codes``: who a code stands for, and the nonce it was asked with."""

    codes: dict[str, tuple[SignedIn, str]] = field(default_factory=dict)
    down: SlackOpsError | None = None

    def authorize_url(self, state: str, nonce: str, team: str, redirect: str) -> str:
        asked = {"state": state, "nonce": nonce, "team": team, "redirect_uri": redirect}
        return f"https://slack.test/authorize?{urlencode(asked)}"

    def consent(self, url: str, user: str, team: str) -> tuple[str, str]:
        """Somebody presses Continue; code and state."""
        code = f"s{len(self.codes)}"
        self.codes[code] = (SignedIn(user, frozenset({team})), parse_qs(urlsplit(url).query)["nonce"][0])
        return code, state_of(url)

    def who(self, code: str, nonce: str, redirect: str) -> SignedIn:
        if self.down:
            raise self.down
        found = self.codes.pop(code, None)
        if found is None or found[1] != nonce:
            raise BAD_CODE
        return found[0]


@dataclass
class FakeForgeSignIn:
    """``users`` by login; ``typed``: the login whose holder typed the device code, None so far, "" refused."""

    users: dict[str, ForgeUser] = field(default_factory=dict)
    down: SlackOpsError | None = None
    during_refresh: Callable[[], None] = lambda: None
    typed: str | None = None
    slow: int = 0
    refreshes: list[str] = field(default_factory=list)
    revoked: list[tuple[str, bool]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    _refresh: dict[str, str] = field(default_factory=dict)
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def authorize_url(self, state: str, challenge: str, redirect: str) -> str:
        asked = {"state": state, "code_challenge": challenge, "redirect_uri": redirect}
        return f"https://github.test/authorize?{urlencode(asked)}"

    def consent(self, url: str, login: str) -> tuple[str, str]:
        code = f"g{len(self._codes)}"
        self._codes[code] = (login, parse_qs(urlsplit(url).query)["code_challenge"][0])
        return code, state_of(url)

    def exchange(self, code: str, verifier: str, redirect: str) -> Grant:
        self._answer()
        login, asked = self._codes.pop(code, ("", ""))
        if not login or challenge(verifier) != asked:
            raise BAD_CODE
        return self.grant(login)

    def grant(self, login: str, expires_in: float = 28_800.0) -> Grant:
        """Tokens as GitHub gives them."""
        with self._lock:
            self._count += 1
            token, refresh = f"ghu_{self._count}", f"ghr_{self._count}"
            self.tokens[token] = self._refresh[refresh] = login
        return Grant(token, refresh, expires_in, 15_811_200.0)

    def who(self, token: str) -> ForgeUser:
        self._answer()
        if token not in self.tokens:
            raise GONE
        return self.users[self.tokens[token]]

    def refresh(self, refresh_token: str) -> Grant:
        with self._lock:
            self.refreshes.append(refresh_token)
        self.during_refresh()
        self._answer()
        login = self._refresh.pop(refresh_token, None)
        if login is None:
            raise GONE
        return self.grant(login)

    def revoke(self, token: str, *, everything: bool) -> bool:
        self._answer()
        self.revoked.append((token, everything))
        login = self.tokens.pop(token, None)
        if login and everything:
            for kept in (self.tokens, self._refresh):
                for one in [key for key, owner in kept.items() if owner == login]:
                    del kept[one]
        return login is not None

    def ask_device(self) -> DeviceCode:
        self._answer()
        return DeviceCode("device-1", "ABCD-1234", "https://github.test/login/device", 900.0, 5.0)

    def poll_device(self, device_code: str) -> Grant | NotYet:
        self._answer()
        if self.slow:
            self.slow -= 1
            return NotYet(slower=True)
        if self.typed is None:
            return NotYet()
        if not self.typed:
            raise Refused(Reason.LINK_REFUSED, "The request was refused on GitHub.", "Begin again.")
        return self.grant(self.typed)

    def _answer(self) -> None:
        if self.down:
            raise self.down


@dataclass
class FakeLinkStarts:
    """The LinkStarts port."""

    starts: dict[str, LinkStart] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, start: LinkStart) -> None:
        self.starts[start.id] = start

    def get(self, start_id: str) -> LinkStart | None:
        return self.starts.get(start_id)

    def by_state(self, state: str) -> LinkStart | None:
        return next((one for one in self.starts.values() if state and one.state == state), None)

    def move(self, old: LinkStart, new: LinkStart) -> bool:
        with self._lock:
            now = self.starts.get(old.id)
            if now is None or (now.stage, now.state) != (old.stage, old.state):
                return False
            self.starts[old.id] = new
            return True

    def forget(self, before: float) -> int:
        old = [one.id for one in self.starts.values() if one.expires_at < before]
        for ident in old:
            del self.starts[ident]
        return len(old)
