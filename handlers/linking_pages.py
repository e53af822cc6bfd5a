"""The pages that the browser shows while an account is linked: plain, escaped, without a script."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.ports.signin import Onward, Shown

COOKIE = "slackops_link"
COOKIE_SECONDS = 600

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Nothing of a page is kept, framed, or told to where a link leads: URLs here hold secrets of a few minutes."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · SlackOps</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1.5rem;color:#1d1c1d}}
h1{{font-size:1.4rem}}@media(prefers-color-scheme:dark){{body{{background:#1a1d21;color:#d1d2d3}}}}</style></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


def show(found: Onward | Shown, *, secure: bool) -> Response:
    """A step's outcome as an answer; the page of a refusal is 400."""
    if isinstance(found, Shown):
        page = _PAGE.format(title=escape(found.title), text=escape(found.text))
        return HTMLResponse(page, 200 if found.ok else 400, headers=HEADERS)
    answer = RedirectResponse(found.url, 303, headers=HEADERS)
    if found.cookie is not None:
        answer.set_cookie(
            COOKIE, found.cookie, max_age=COOKIE_SECONDS, path="/link", secure=secure, httponly=True, samesite="lax"
        )
    return answer
