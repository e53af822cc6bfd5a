"""A person's browser on the way from Slack to GitHub: it follows redirects and presses the sandbox's buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import httpx


@dataclass
class PersonBrowser:
    """``slack`` and ``github`` are who is signed in there; "" presses Cancel. ``seen`` are the addresses it was at."""

    slack: str
    github: str
    seen: list[str] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self.http = httpx.AsyncClient(trust_env=False, timeout=20)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def go(self, url: str, until: str = "") -> httpx.Response:
        """Go there and on, until a page that leads nowhere; or stop before the address that has ``until`` in it."""
        answer = await self.http.get(url)
        for _ in range(20):
            self.seen.append(str(answer.url))
            if answer.is_redirect:
                onward = str(httpx.URL(url).join(answer.headers["location"]))
                if until and until in onward.partition("?")[0]:
                    self.seen.append(onward)
                    return answer
                answer = await self.http.get(onward)
            elif persona := self._asked(str(answer.url)):
                answer = await self.http.post(answer.url, data={"account": persona[0]})
            else:
                return answer
        raise AssertionError(f"a circle: {self.seen}")

    def _asked(self, url: str) -> tuple[str] | None:
        if "/openid/connect/authorize" in url:
            return (self.slack,)
        return (self.github,) if "/login/oauth/authorize" in url else None
