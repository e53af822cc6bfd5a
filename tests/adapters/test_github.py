"""What only the adapter of GitHub has: limits, ETags, tokens that end, a server that is away or talks nonsense."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.github import AppCredentials, GitHubForge, TokenCredentials
from bot.adapters.github.errors import Answer, failure
from bot.adapters.github.etags import Etags
from bot.adapters.github.pacing import Pacing
from bot.adapters.github.remember import Remember
from bot.domain.facts import MergeResult, Status
from bot.domain.people import Person
from bot.errors import Fatal, ForgeUnavailable, Reason, Refused
from bot.ports import LinkedAccount
from tests.sandbox.test_github_support import APP_ID, REPO, TOKENS, key_pair
from tests.support.forge_world import BlockingWorld, blocking_world

Reply = tuple[int, dict[str, str], Any]


@dataclass
class Script:
    """A server that gives the next scripted reply to each request, and remembers what it was asked."""

    replies: list[Reply] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""

    def forge(self, **options: Any) -> GitHubForge:
        return GitHubForge("acme/x", TokenCredentials("ghp_secret"), self.url, **options)


@pytest.fixture
def script() -> Iterator[Script]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            script.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, headers, data = script.replies.pop(0) if script.replies else (404, {}, {"message": "Not Found"})
            content = b"" if status in {204, 304} else data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield script
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BlockingWorld]:
    with blocking_world(tmp_path) as world:
        yield world


def bot(world: BlockingWorld, **options: Any) -> GitHubForge:
    return GitHubForge(REPO, TokenCredentials(TOKENS["slackops[bot]"]), world.world.api, **options)


@pytest.mark.parametrize(
    ("status", "headers", "message", "error", "after"),
    [
        (403, {"Retry-After": "7"}, "You have exceeded a secondary rate limit.", ForgeUnavailable, 7),
        (429, {}, "Too many", ForgeUnavailable, 60),
        (403, {}, "You have exceeded a secondary rate limit and have been blocked.", ForgeUnavailable, 60),
        (500, {}, "Oops", ForgeUnavailable, None),
        (502, {}, "Bad gateway", ForgeUnavailable, None),
        (401, {}, "Bad credentials", Fatal, None),
        (404, {}, "Not Found", Fatal, None),
        (403, {}, "Resource not accessible by integration", Refused, None),
        (422, {}, "Validation Failed", Refused, None),
        (307, {"Location": "/elsewhere"}, "Moved", Fatal, None),
    ],
)
def test_refusals_by_class(
    script: Script, status: int, headers: dict[str, str], message: str, error: type[Exception], after: float | None
) -> None:
    script.replies = [(status, headers, {"message": message})]
    with pytest.raises(error) as raised:
        script.forge().pull(1)
    assert getattr(raised.value, "retry_after", None) == after
    assert "#1" in str(raised.value)
    assert "ghp_secret" not in str(raised.value)


def test_the_hourly_limit_names_its_end(script: Script) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 100)}
    script.replies = [(403, headers, {"message": "API rate limit exceeded for installation ID 1."})]
    with pytest.raises(ForgeUnavailable) as raised:
        script.forge().reviews(1)
    assert 95 <= (raised.value.retry_after or 0) <= 105


@pytest.mark.parametrize("body", [b"<html>login</html>", b"{", b'"text"', b""])
def test_nonsense_is_no_crash(script: Script, body: bytes) -> None:
    script.replies = [(502, {}, body)]
    with pytest.raises(ForgeUnavailable):
        script.forge().pull(1)
    script.replies = [(200, {}, body)]
    with pytest.raises((ForgeUnavailable, Fatal)):
        script.forge().pull(1)


def test_a_server_that_is_away() -> None:
    forge = GitHubForge("acme/x", TokenCredentials("t"), "http://127.0.0.1:9")
    for call in (lambda: forge.pull(1), lambda: forge.set_status("a", Status("c", "success", "")), lambda: forge.login):
        with pytest.raises(ForgeUnavailable):
            call()


def test_what_did_not_change_is_not_counted(world: BlockingWorld) -> None:
    go, forge = world.go, bot(world)
    number = go(world.world.pull("slackops/a"))
    head = forge.pull(number).head

    def look() -> None:
        forge.pull(number), forge.open_pulls(), forge.reviews(number), forge.statuses(head), forge.checks(head)

    look()
    window = world.world.github.limits.window("slackops[bot]")
    used = window.used
    for _ in range(5):
        look()
    assert window.used == used
    forge.set_status(head, Status("slackops/gates", "success", "ok"))
    assert forge.statuses(head)["slackops/gates"].state == "success"
    assert window.used == used + 2


def test_many_pages(script: Script) -> None:
    def page(numbers: range) -> list[dict[str, Any]]:
        sides = {"head": {"sha": "h", "ref": "b"}, "base": {"sha": "b", "ref": "main"}}
        common = {"html_url": "u", "title": "t", "state": "open", "user": None, "updated_at": "2026-01-01T00:00:00Z"}
        return [{"number": number, **common, **sides} for number in numbers]

    links = [{"Link": f'<{script.url}/x?page={n}>; rel="next"'} for n in (2, 3)]
    script.replies = [(200, {}, {"default_branch": "main"})]
    script.replies += [
        (200, links[0], page(range(100))),
        (200, links[1], page(range(99, 200))),
        (200, {}, page(range(200, 203))),
    ]
    found = script.forge().open_pulls()
    assert [pull.number for pull in found] == list(range(203))
    assert found[0].author == "ghost"
    assert "page=3" in script.asked[-1][1]
    assert "per_page=100" in script.asked[-1][1]


def test_content_is_paced_and_nobody_sleeps() -> None:
    now = [0.0]
    pacing = Pacing(per_minute=3, per_hour=5, clock=lambda: now[0])
    for _ in range(3):
        pacing.take("Open")
    with pytest.raises(ForgeUnavailable) as raised:
        pacing.take("Open")
    assert raised.value.retry_after == 60
    now[0] = 60
    for _ in range(2):
        pacing.take("Open")
    with pytest.raises(ForgeUnavailable) as raised:
        pacing.take("Open")
    assert raised.value.retry_after == 3540
    now[0] = 3600
    pacing.take("Open")


def test_pacing_covers_new_content_only(script: Script) -> None:
    forge = script.forge(pacing=Pacing(per_minute=1))
    script.replies = [(200, {}, {}), (200, {}, {}), (202, {}, {})]
    forge.set_status("a", Status("slackops/gates", "success", ""))
    forge.edit_pull(1, title="x")
    assert forge.update_branch(1, "a")
    with pytest.raises(ForgeUnavailable):
        forge.update_branch(1, "a")
    assert len(script.asked) == 3


def test_the_sandbox_limits_content_as_we_expect(tmp_path: Path) -> None:
    with blocking_world(tmp_path, content_limits=True) as world:
        world.world.github.limits.per_minute = 2
        forge = bot(world)
        number = world.go(world.world.pull("slackops/a"))
        head = forge.pull(number).head
        account = LinkedAccount(Person(team="T", user="U"), "ben", TOKENS["ben"])
        with pytest.raises(ForgeUnavailable) as raised:
            for _ in range(4):
                forge.review(account, number, head, "APPROVE", "")
        assert 0 < (raised.value.retry_after or 0) <= 61
        assert len(forge.reviews(number)) == 2


def test_an_app_finds_its_installation_and_renews_its_token(tmp_path: Path) -> None:
    with blocking_world(tmp_path, installation_token_seconds=2) as world:
        credentials = AppCredentials(APP_ID, key_pair()[0].replace("\n", "\\n"), REPO, base_url=world.world.api)
        first = credentials.token()
        second = credentials.token()  # ends within five minutes, so it is renewed at once
        assert first != second
        forge = GitHubForge(REPO, credentials, world.world.api)
        assert forge.open_pulls() == []
        assert forge.login == "slackops[bot]"


def test_a_token_lives_until_shortly_before_its_end(world: BlockingWorld) -> None:
    credentials = AppCredentials(APP_ID, key_pair()[0], REPO, base_url=world.world.api)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: credentials.token(), range(8)))) == 1


def test_a_token_that_was_revoked_is_replaced_once(script: Script) -> None:
    tokens = iter(["old", "new"])

    class Renewing:
        held = next(tokens)

        def token(self) -> str:
            return self.held

        def reject(self, token: str) -> bool:
            self.held = next(tokens, "none")
            return token == "old"

        def login(self) -> str | None:
            return None

    bad: Reply = (401, {}, {"message": "Bad credentials"})
    forge = GitHubForge("acme/x", Renewing(), script.url)
    script.replies = [bad, (200, {}, {"login": "me"})]
    assert forge.login == "me"
    assert [headers["authorization"] for _, _, headers, _ in script.asked] == ["token old", "token new"]
    script.replies = [bad]
    with pytest.raises(Fatal, match="GITHUB_APP"):
        forge.pull(1)


@pytest.mark.parametrize("key", ["", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"])
def test_a_key_that_is_none_is_said(key: str) -> None:
    with pytest.raises(Fatal, match="GITHUB_APP_PRIVATE_KEY") as raised:
        AppCredentials(1, key, "acme/x", base_url="http://127.0.0.1:9").token()
    assert "AAAA" not in str(raised.value)


def test_an_app_that_is_not_installed_is_said(world: BlockingWorld) -> None:
    with pytest.raises(Fatal, match="acme/other"):
        AppCredentials(APP_ID, key_pair()[0], "acme/other", base_url=world.world.api).token()
    with pytest.raises(Fatal, match="App 1 "):
        AppCredentials(1, key_pair()[0], REPO, base_url=world.world.api).token()


def test_no_token_reaches_the_log(world: BlockingWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    credentials = AppCredentials(APP_ID, key_pair()[0], REPO, base_url=world.world.api)
    GitHubForge(REPO, credentials, world.world.api).open_pulls()
    assert credentials.token() not in caplog.text
    assert "PRIVATE KEY" not in caplog.text


@pytest.mark.parametrize(
    ("status", "message", "result"),
    [
        (405, "Pull Request is not mergeable", MergeResult.BLOCKED),
        (405, "2 of 2 required status checks are expected.", MergeResult.BLOCKED),
        (405, "Base branch was modified. Review and try the merge again.", None),
        (409, "Head branch was modified. Review and try the merge again.", MergeResult.MOVED),
        (409, "Merge already in progress", None),
        (422, "Merge commits are not allowed on this repository.", MergeResult.BLOCKED),
    ],
)
def test_merge_refusals(script: Script, status: int, message: str, result: MergeResult | None) -> None:
    pull = {"number": 1, "html_url": "u", "title": "t", "state": "open", "updated_at": "2026-01-01T00:00:00Z"}
    sides = {"head": {"sha": "h", "ref": "b"}, "base": {"sha": "b", "ref": "main"}}
    no_queue = {"data": {"repository": {"mergeQueue": None}}}
    before = [(200, {}, {**pull, **sides}), (200, {}, {"default_branch": "main"}), (200, {}, no_queue)]
    script.replies = [*before, (status, {}, {"message": message})]
    if result is None:
        with pytest.raises(ForgeUnavailable):
            script.forge().merge(1, "h", "squash", "t", "m")
    else:
        outcome = script.forge().merge(1, "h", "squash", "t", "m")
        assert (outcome.result, outcome.message) == (result, message.rstrip("."))
    assert script.asked[-1][3] == {"sha": "h", "merge_method": "squash", "commit_title": "t", "commit_message": "m"}


@pytest.mark.parametrize(
    ("status", "errors", "reason"),
    [
        (401, None, Reason.NOT_LINKED),
        (403, None, Reason.NO_ACCESS),
        (404, None, Reason.NO_ACCESS),
        (422, ["Can not approve your own pull request"], Reason.OWN_CHANGE),
        (422, ["Review Can not approve your own pull request"], Reason.OWN_CHANGE),
        (422, ["User can only have one pending review per pull request"], Reason.PENDING_REVIEW),
        (422, ["The commit_id is not part of the pull request"], Reason.CHANGE_MOVED),
    ],
)
def test_review_refusals(script: Script, status: int, errors: list[str] | None, reason: Reason) -> None:
    script.replies = [(status, {}, {"message": "Unprocessable Entity", "errors": errors})]
    account = LinkedAccount(Person(team="T", user="U"), "ben", "ghu_person")
    with pytest.raises(Refused) as refused:
        script.forge().review(account, 1, "c", "APPROVE", "")
    assert refused.value.reason == reason
    assert refused.value.unblock
    assert script.asked[0][2]["authorization"] == "token ghu_person"


def test_a_comment_is_not_said_twice(script: Script) -> None:
    pull = {"number": 1, "html_url": "u", "title": "t", "state": "open", "updated_at": "2026-01-01T00:00:00Z"}
    sides = {"head": {"sha": "h", "ref": "b"}, "base": {"sha": "b", "ref": "main"}}
    said = [{"user": {"login": "bot"}, "body": "Superseded.\n"}]
    script.replies = [(200, {}, {"login": "bot"}), (200, {}, {**pull, **sides}), (200, {}, said), (200, {}, {})]
    script.forge().close_pull(1, "Superseded.")
    assert [(verb, body) for verb, _, _, body in script.asked][2:] == [("GET", None), ("PATCH", {"state": "closed"})]


def test_a_branch_that_github_does_not_see_yet_is_tried_again(script: Script) -> None:
    error = {"resource": "PullRequest", "field": "head", "code": "invalid"}
    script.replies = [
        (200, {}, {"default_branch": "main"}),
        (422, {}, {"message": "Validation Failed", "errors": [error]}),
    ]
    with pytest.raises(ForgeUnavailable):
        script.forge().open_pull("slackops/a", "t", "b", ())


def test_threads_do_not_mix_answers(world: BlockingWorld) -> None:
    forge = bot(world)
    numbers = [world.go(world.world.pull(f"slackops/{n}")) for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: forge.pull(number).number, numbers * 10))
    assert found == numbers * 10


def test_etags_forget_the_oldest() -> None:
    etags = Etags(2)
    for name in "abc":
        etags.settle(name, Answer(200, {"etag": name}, name))
    assert etags.condition("a") == {}
    assert etags.condition("c") == {"If-None-Match": "c"}
    kept = etags.settle("c", Answer(304, {}, None))
    assert kept is not None
    assert kept.data == "c"
    assert etags.settle("a", Answer(304, {}, None)) is None


def test_remember_keeps_no_failures() -> None:
    remember: Remember[bool] = Remember(60)
    with pytest.raises(ZeroDivisionError):
        remember.get("a", lambda: bool(1 / 0))
    assert remember.get("a", lambda: False) is False
    assert remember.get("a", lambda: True) is False


def test_words_are_github_s() -> None:
    error = {"resource": "PullRequest", "code": "custom", "message": "No commits between main and x"}
    answer = Answer(422, {}, {"message": "Validation Failed", "errors": [error, None, "text."]})
    assert answer.words == "Validation Failed; No commits between main and x; text"
    assert "No commits between" in str(failure("Open", answer))
    assert Answer(500, {}, ["x"]).words == "status 500"
