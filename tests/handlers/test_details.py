"""`GET /changes/ID`: what it answers, what its page holds, and what it never does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.domain.details import ComparisonShown, Details, GateShown, Pair, Passed, ReviewShown, Transition
from bot.errors import StoreUnavailable
from bot.ports.details import Ended, Page
from handlers.details import details_routes
from handlers.details_page import page
from tests.domain.test_details import BARE

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
FAILS = GateShown("roc_auc", "fail", "0.8", "at least 0.9", blocks=True, holds_up=True, url="https://ci.test/1")
WARNS = GateShown("drift", "unknown", "no answer", "none", blocks=False, holds_up=False, explanation="It is new.")
WAIVED = replace(FAILS, name="tag", waived="by @ben: known upstream", holds_up=False, at="propose")
WHOLE = replace(
    BARE,
    note="Waiting for roc_auc.",
    asked=("Asked for by U0ANA.",),
    gates=(WARNS, WAIVED, FAILS),
    reviews=(ReviewShown("ben", "approved", False, "not in the group"),),
    edits=(Pair("a.yaml:1", "s3://m/40", "s3://m/42"),),
    history=(Transition("roc_auc", "", "pass", 0.0), Transition("roc_auc", "pass", "fail", 60.0, "0.8")),
    comparison=ComparisonShown(
        metrics=(Pair("auc", "0.9", "0.8", "-0.1 worse"),), commits=("abc fix",), commits_url="https://forge.test/c"
    ),
)


@dataclass
class Pages:
    """Answers the same to everybody, and notes what it was asked."""

    found: Page | Ended | None = None
    down: bool = False
    asked: tuple[str, str, str] | None = None

    def page(self, change: str, expires: str, signature: str) -> Page | Ended | None:
        self.asked = (change, expires, signature)
        if self.down:
            raise StoreUnavailable("locked")
        return self.found

    def chart(self, change: str, expires: str, signature: str) -> bytes | None:
        found = self.page(change, expires, signature)
        return b"PNG" if isinstance(found, Page) and found.alt else None


def browser(pages: Pages) -> httpx.AsyncClient:
    app = Starlette(routes=list(details_routes(pages)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://bot.test")


class Outline(HTMLParser):
    """Tags, attributes and words of a page; it must be balanced."""

    VOID = frozenset({"meta", "br", "img", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


ANSWERS = {
    "known": (Pages(Page(WHOLE, 60.0, 99)), 200, "fraud 40→42, production"),
    "ended": (Pages(Ended()), 410, "Of a change that is over, the card, the pull request"),
    "unknown": (Pages(None), 404, "Nothing here"),
    "store down": (Pages(down=True), 503, "Not now"),
}


@pytest.mark.parametrize(("pages", "status", "words"), ANSWERS.values(), ids=ANSWERS)
async def test_what_it_answers(pages: Pages, status: int, words: str) -> None:
    async with browser(pages) as client:
        answer = await client.get("/changes/01A?e=7&s=ab")
    assert (answer.status_code, pages.asked) == (status, ("01A", "7", "ab"))
    assert words in Outline(answer.text).text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:;")
    assert "script" not in policy
    assert ("href", "data:,") in Outline(answer.text).attributes  # else a browser asks for an icon, and is told 404
    kept = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
    assert {name: answer.headers[name] for name in kept} == kept


PICTURES = {
    "drawn": (Pages(Page(WHOLE, 60.0, 99, "Dots.")), 200, b"PNG"),
    "none": (Pages(Page(WHOLE, 60.0, 99)), 404, b"Nothing here"),
    "ended": (Pages(Ended()), 404, b"Nothing here"),
    "unknown": (Pages(None), 404, b"Nothing here"),
    "store down": (Pages(down=True), 503, b"Not now"),
}


@pytest.mark.parametrize(("pages", "status", "body"), PICTURES.values(), ids=PICTURES)
async def test_the_picture(pages: Pages, status: int, body: bytes) -> None:
    async with browser(pages) as client:
        answer = await client.get("/changes/01A/chart.png?e=7&s=ab")
        assert (await client.post("/changes/01A/chart.png?e=7&s=ab")).status_code == 405
    assert (answer.status_code, pages.asked, body in answer.content) == (status, ("01A", "7", "ab"), True)
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert answer.headers["content-type"].startswith("image/png" if status == 200 else "text/html")


async def test_the_page_shows_its_picture_under_whatever_path() -> None:
    async with browser(Pages(Page(WHOLE, 60.0, 99, EVIL))) as client:
        answer = await client.get("/changes/01A?e=7&s=ab")
    shown = Outline(answer.text)
    assert ("src", f"{WHOLE.change}/chart.png?e=7&s=ab") in shown.attributes
    assert ("alt", EVIL) in shown.attributes
    assert "script" not in shown.tags


def test_an_ended_change_says_so() -> None:
    gone = replace(WHOLE, ended=True, rollout=(Passed("Live", "Healthy.", 60.0), Passed("Rolled back", "#9.", 120.0)))
    words = Outline(page(Page(gone, 60.0, 99))).text
    for said in ("1 of 3 held it up.", "1970-01-01 00:01 UTC Live Healthy.", "Rolled back #9.", "not judged again"):
        assert said in words, (said, words)
    assert "holds it up" not in words


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_it_only_reads(method: str) -> None:
    pages = Pages(Page(WHOLE, 60.0, 99))
    async with browser(pages) as client:
        assert (await client.request(method, "/changes/01A?e=7&s=ab")).status_code == 405
    assert pages.asked is None


@pytest.mark.parametrize("query", ["", "e=7&e=8&s=a&s=b", f"e={'1' * 101}&s={'a' * 101}"], ids=["none", "two", "long"])
async def test_odd_parameters_are_none(query: str) -> None:
    pages = Pages()
    async with browser(pages) as client:
        assert (await client.get(f"/changes/01A?{query}")).status_code == 404
    assert pages.asked == ("01A", "", "")


def test_the_page_tells_everything_in_words() -> None:
    seen = Outline(page(Page(WHOLE, 60.0, 99)))
    for words in (
        "Review. Waiting for roc_auc.",
        "Pull request #7",
        "Asked for by U0ANA.",
        "1 of 3 holds it up.",
        "✗ fails 0.8 at least 0.9",
        "? unknown no answer It is new. none",
        "✗ waived, fails 0.8 Waived by @ben: known upstream",
        "drift does not block",
        "0 of 2 that are needed.",
        "ben approved: does not count (not in the group)",
        "auc 0.9 0.8 -0.1 worse",
        "Compare the code",
        "a.yaml:1 s3://m/40 s3://m/42",
        "1970-01-01 00:01 UTC roc_auc pass → fail 0.8",
        "It stands like this since 1970-01-01 00:01 UTC.",
        "head0",
        "base0",
    ):
        assert words in seen.text, (words, seen.text)
    assert seen.tags <= {
        *(
            "html",
            "head",
            "meta",
            "link",
            "title",
            "style",
            "body",
            "main",
            "h1",
            "h2",
            "p",
            "a",
            "b",
            "ul",
            "li",
            "br",
            "code",
        ),
        *("table", "thead", "tbody", "tr", "th", "td", "div", "span"),
    }


def test_what_holds_it_up_comes_first() -> None:
    words = Outline(page(Page(WHOLE, 60.0, 99))).text
    assert words.index("roc_auc ✗ fails") < words.index("drift")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30).map(lambda text: text + EVIL))
def test_nothing_untrusted_becomes_html(text: str) -> None:
    gate = GateShown(text, text, text, text, blocks=True, holds_up=True, explanation=text, waived=text, url=text)
    pair = Pair(text, text, text, text)
    shown = ComparisonShown((pair,), (pair,), (pair,), (pair,), (pair,), (text,), text, (text,))
    evil = Details(
        *(text, 1, text, text, text, text, text, text, text, text, text, text, 0, 1),
        asked=(text,),
        gates=(gate,),
        reviews=(ReviewShown(text, text, False, text),),
        edits=(pair,),
        comparison=shown,
        history=(Transition(text, text, text, 0.0, text),),
        rollout=(Passed(text, text, 0.0),),
    )
    seen = Outline(page(Page(evil, 0.0, 1)))
    assert not seen.tags & {"script", "img", "a"}
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert {value for name, value in seen.attributes if name == "href"} == {"data:,"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.test", "https://x.test/ y", ""])
def test_only_web_addresses_become_links(url: str) -> None:
    bare = replace(BARE, url=url, gates=(replace(FAILS, url=url),))
    assert "a" not in Outline(page(Page(bare, 0.0, 1))).tags
