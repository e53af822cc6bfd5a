"""A glance at all pull requests: servers that cannot, will not, or not now; and many pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.adapters.github.errors import Answer
from bot.adapters.github.glance import glance
from bot.errors import ForgeUnavailable

LIMITED = {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}


def page(numbers: range, after: str | None = None) -> dict[str, Any]:
    nodes = [{"number": number, "headRefOid": f"h{number}"} for number in numbers]
    info = {"hasNextPage": after is not None, "endCursor": after}
    return {"data": {"repository": {"pullRequests": {"pageInfo": info, "nodes": nodes}}}}


@dataclass
class Server:
    """Answers one after the other; an error is raised. Notes how many were asked for, and after what."""

    answers: list[Any]
    asked: list[tuple[int, str | None]] = field(default_factory=list)

    def graphql(self, _what: str, _document: str, variables: dict[str, Any]) -> Answer:
        self.asked.append((variables["first"], variables["after"]))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(200, {}, answer)


def seen(server: Server) -> dict[int, str] | None:
    return glance(server, "acme/models", "main")  # type: ignore[arg-type]


def test_all_pages() -> None:
    server = Server([page(range(1, 3), "c1"), page(range(3, 5))])
    assert list(seen(server) or ()) == [1, 2, 3, 4]
    assert server.asked == [(100, None), (100, "c1")]


def test_what_takes_too_long_is_asked_in_smaller_parts() -> None:
    server = Server([ForgeUnavailable("502"), page(range(1, 3))])
    assert list(seen(server) or ()) == [1, 2]
    assert server.asked == [(100, None), (25, None)]
    assert seen(Server([ForgeUnavailable("502")] * 2)) is None  # the list tells less, and it tells something


PARTLY = page(range(1, 3)) | {"errors": [{"type": "FORBIDDEN"}]}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, {}, None),
        Answer(403, {}, {"message": "no"}),
        {"errors": [{"type": "FORBIDDEN"}]},
        {"data": None},
        PARTLY,
    ],
    ids=["no such API", "kept from the bot", "an error", "nothing", "a part"],
)
def test_a_server_that_does_not_tell(answer: Any) -> None:
    assert seen(Server([answer])) is None


@pytest.mark.parametrize("answer", [LIMITED, ForgeUnavailable("wait", 60.0)], ids=["200 with an error", "429"])
def test_a_limit_is_obeyed_and_not_gone_round(answer: Any) -> None:
    server = Server([answer, page(range(1, 3))])
    with pytest.raises(ForgeUnavailable) as why:
        seen(server)
    assert (why.value.retry_after is not None, len(server.asked)) == (True, 1)
