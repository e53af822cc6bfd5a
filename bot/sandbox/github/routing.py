"""One request of the REST API and the table that finds its handler."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from bot.sandbox.github.auth import Actor
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.store import Doc

Needs = Literal["nothing", "token", "read", "write", "admin", "app"]


@dataclass(frozen=True)
class Reply:
    """What a handler answers; ``text`` replaces the JSON body."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    media: str = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Ctx:
    """The request: ``params`` from the path, ``query``, JSON ``body``; ``repo`` where the path names one."""

    forge: Forge
    actor: Actor
    path: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any
    accept: str
    authorization: str | None
    found: Repo | None

    @property
    def repo(self) -> Repo:
        """The repository of the path."""
        if self.found is None:
            raise not_found()
        return self.found

    @property
    def fields(self) -> Doc:
        """The body as an object. Raises ApiError 422."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise ApiError(422, "Invalid request.\n\nFor 'links/0/schema', the body is not an object.")
        return self.body

    @property
    def app_id(self) -> int | None:
        """The App that calls, if it is one."""
        return self.actor.app.app_id if self.actor.app else None

    def number(self, name: str) -> int:
        """A number of the path. Raises ApiError 404."""
        if not self.params[name].isdecimal():
            raise not_found()
        return int(self.params[name])

    def wants(self, media: str) -> bool:
        """Whether the Accept header asks for a media type such as ``diff``."""
        return bool(re.search(rf"application/vnd\.github(\.v3)?\.{media}(\+|;|,|$)", self.accept))

    def page(
        self, items: Sequence[Any], render: Callable[[Any], Any], wrap: Callable[[list[Any]], Any] | None = None
    ) -> Reply:
        """One page of a list with its Link header (https://docs.github.com/rest/using-the-rest-api/using-pagination)."""
        size, number = self.whole("per_page", 30, 100), self.whole("page", 1, 1 << 31)
        shown = [render(item) for item in items[(number - 1) * size : number * size]]
        last = max(1, -(-len(items) // size))
        links = [self._link(at, rel) for rel, at in _relations(number, last)]
        headers = {"Link": ", ".join(links)} if links else {}
        return Reply(wrap(shown) if wrap else shown, headers=headers)

    def whole(self, name: str, default: int, most: int) -> int:
        """A positive number of the query, cut to ``most``."""
        text = self.query.get(name, "")
        return min(int(text), most) if text.isdecimal() and int(text) else default

    def choice(self, name: str, allowed: Iterable[str], default: str, resource: str) -> str:
        """A word of the query. Raises ApiError 422."""
        value = self.query.get(name, default)
        if value not in allowed:
            raise invalid(resource, name)
        return value

    def _link(self, page: int, rel: str) -> str:
        query = urlencode({**self.query, "page": str(page)})
        return f'<{self.forge.config.api}/{self.path}?{query}>; rel="{rel}"'


Handler = Callable[[Ctx], Reply]


@dataclass(frozen=True)
class Route:
    """A verb, a path pattern (``{x}`` a segment, ``{x+}`` one or more), what the caller needs, and the handler.

    ``scope`` is the App permission that a write asks for; ``content`` counts against GitHub's content limits.
    """

    verb: str
    pattern: str
    handler: Handler
    needs: Needs = "read"
    scope: str = "contents"
    content: bool = False

    def compiled(self) -> re.Pattern[str]:
        """The pattern as a regular expression."""
        parts = re.split(r"\{(\w+\+?)\}", self.pattern)
        groups = [f"(?P<{part.rstrip('+')}>{'.+' if part.endswith('+') else '[^/]+'})" for part in parts[1::2]]
        texts = [re.escape(part) for part in parts[::2]]
        return re.compile("".join(text + group for text, group in zip(texts, [*groups, ""], strict=True)))


class Router:
    """Finds the first route that matches."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(route.compiled(), route) for route in routes]

    def match(self, verb: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its parameters. Raises ApiError 404."""
        for pattern, route in self._routes:
            found = pattern.fullmatch(path) if route.verb == verb else None
            if found:
                return route, found.groupdict()
        raise not_found()


def _relations(number: int, last: int) -> list[tuple[str, int]]:
    before = [("first", 1), ("prev", min(number - 1, last))] if number > 1 else []
    after = [("next", number + 1), ("last", last)] if number < last else []
    return [*before, *after]
