"""The small web pages of the sandbox's own sign-ins: who continues, and what an app is told.

Real services know from a cookie who sits at the browser. Here whoever sits there chooses a persona each time, so that
one browser can play everybody, and nothing is ever continued without a press of a button.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_HEADERS = {
    # No form-action: a browser would hold it against the redirect back to the app, which may be another origin.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_STYLE = """
:root { color-scheme: light dark; --ink: #1d1c1d; --soft: #616061; --line: #d0d0d0; --page: #f6f6f6; --card: #fff;
  --go: #0b6e4f }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --soft: #aaa; --line: #444; --page: #1a1d21;
  --card: #222529 } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }
main { box-sizing: border-box; width: min(26rem, 100vw); padding: 1.75rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem }
h1 { font-size: 1.25rem; margin: 0 0 .25rem } p { margin: .25rem 0 1rem; color: var(--soft) }
small { display: block; color: var(--soft); text-transform: uppercase; letter-spacing: .06em }
button, input { box-sizing: border-box; width: 100%; margin: 0 0 .5rem; padding: .7rem 1rem; font: inherit;
  border-radius: .5rem; border: 1px solid var(--line); background: transparent; color: inherit; text-align: left }
button { cursor: pointer } button:hover, button:focus-visible { outline: 2px solid var(--go); outline-offset: 1px }
button.quiet { border-color: transparent; color: var(--soft); text-align: center }
input { text-transform: uppercase; letter-spacing: .15em }
"""


@dataclass(frozen=True)
class Choice:
    """A button: what it sends and what it says."""

    name: str
    value: str
    label: str
    quiet: bool = False


CANCEL = Choice("account", "", "Cancel", quiet=True)


def ask(
    service: str, title: str, text: str, choices: Iterable[Choice], *, extra: str = "", status: int = 200
) -> Response:
    """A page with a button for each choice; its form goes back to the page's own address, with the same query.

    ``extra`` is HTML that stands before the buttons; everything else is escaped.
    """
    buttons = "".join(
        f'<button{" class=quiet" if one.quiet else ""} name="{escape(one.name)}" value="{escape(one.value)}">'
        f"{escape(one.label)}</button>"
        for one in choices
    )
    return _page(service, title, f'<p>{escape(text)}</p><form method="post">{extra}{buttons}</form>', status)


def say(service: str, title: str, text: str, status: int = 200) -> Response:
    """A page that only tells."""
    return _page(service, title, f"<p>{escape(text)}</p>", status)


def foreign(request: Request) -> bool:
    """Whether a form comes from another site than this one, which may not press a button here."""
    return request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


def _page(service: str, title: str, body: str, status: int) -> Response:
    head = f"<meta charset=utf-8><meta name=viewport content='width=device-width'><title>{escape(title)}</title>"
    whole = f"<!doctype html><html lang=en><head>{head}<style>{_STYLE}</style></head>"
    inside = f"<main><small>{escape(service)} (sandbox)</small><h1>{escape(title)}</h1>{body}</main>"
    return HTMLResponse(f"{whole}<body>{inside}</body></html>", status, _HEADERS)
