"""Requests to GitHub's REST API as the bot: credentials, ETags, pages, content limits, errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.adapters.github.client import Requesters
from bot.adapters.github.credentials import Credentials
from bot.adapters.github.errors import Answer, connection, failure
from bot.adapters.github.etags import Etags
from bot.adapters.github.pacing import Pacing
from bot.errors import ForgeUnavailable

Params = Mapping[str, str | int]
_PAGE = 100
_MOST_PAGES = 100


class Session:
    """Thread-safe. ``what`` names what is attempted, for messages."""

    def __init__(self, base_url: str, credentials: Credentials, pacing: Pacing) -> None:
        self.requesters = Requesters(base_url)
        self._credentials, self._pacing, self._etags = credentials, pacing, Etags()

    def get(self, what: str, path: str, params: Params | None = None) -> Any:
        """The answer's body; taken from memory when GitHub says that nothing changed. Raises as ``failure`` says."""
        return _checked(what, self.look(what, path, params)).data

    def look(self, what: str, path: str, params: Params | None = None) -> Answer:
        """As ``get``, but refusals are answers."""
        key = json.dumps([path, params or {}], sort_keys=True)
        answer = self._ask("GET", what, path, params, None, self._etags.condition(key))
        settled = self._etags.settle(key, answer)
        return settled if settled is not None else self._ask("GET", what, path, params, None, {})

    def pages(self, what: str, path: str, params: Params | None = None) -> Iterator[Any]:
        """The body of each page of a list."""
        for page in range(1, _MOST_PAGES + 1):
            answer = _checked(what, self.look(what, path, {**(params or {}), "per_page": _PAGE, "page": page}))
            yield answer.data
            if 'rel="next"' not in str(answer.headers.get("link", "")):
                return

    def send(self, what: str, verb: str, path: str, body: Any = None, *, creates: bool = False) -> Answer:
        """A write; refusals are answers. ``creates`` counts it against the content limits."""
        if creates:
            self._pacing.take(what)
        return self._ask(verb, what, path, None, body, {})

    def write(self, what: str, verb: str, path: str, body: Any = None, *, creates: bool = False) -> Any:
        """A write that must succeed; its body. Raises as ``failure`` says."""
        return _checked(what, self.send(what, verb, path, body, creates=creates)).data

    def graphql(self, what: str, document: str, variables: Mapping[str, Any], *, writes: bool = False) -> Answer:
        """One document of the GraphQL API; what it refuses stands in the answer's ``errors``. ``writes`` counts it
        against the content limits. https://docs.github.com/graphql/guides/forming-calls-with-graphql"""
        if writes:
            self._pacing.take(what)
        body = {"query": document, "variables": dict(variables)}
        return self._ask("POST", what, self.requesters.graphql_url, None, body, {})

    def _ask(
        self, verb: str, what: str, path: str, params: Params | None, body: Any, headers: dict[str, str]
    ) -> Answer:
        token = self._credentials.token()
        answer = ask(self.requesters.get(token), verb, what, path, params, body, headers)
        if answer.status == 401 and self._credentials.reject(token):
            fresh = self._credentials.token()
            answer = ask(self.requesters.get(fresh), verb, what, path, params, body, headers)
        return answer


def ask(
    requester: Any, verb: str, what: str, path: str, params: Params | None, body: Any, headers: dict[str, str]
) -> Answer:
    """One request by one of PyGithub's requesters. Raises ForgeUnavailable when there is no answer, or a limit's."""
    with connection(what):
        status, found, text = requester.requestJson(verb, path, dict(params or {}), dict(headers), body)
        answer = Answer(status, found, json.loads(text) if text.strip() else None)
    if answer.limited or answer.status >= 500:
        raise failure(what, answer)
    if answer.status == 200 and not isinstance(answer.data, dict | list):
        raise ForgeUnavailable(f"{what}: the answer was none of GitHub's.")
    return answer


def _checked(what: str, answer: Answer) -> Answer:
    if not answer.ok:
        raise failure(what, answer)
    return answer
