"""One comment on a pull request, found again by a hidden mark. https://docs.github.com/rest/issues/comments"""

from __future__ import annotations

from bot.adapters.github.convert import login_of
from bot.adapters.github.session import Session


def say(session: Session, repo: str, number: int, mark: str, body: str, login: str) -> None:
    """Make the comment, or edit the one that ``login`` made with this mark before; others' marks are nobody's."""
    sign = f"<!-- slackops:{mark} -->"
    text = f"{body}\n\n{sign}"
    path = f"/repos/{repo}/issues/{number}/comments"
    pages = session.pages(f"Read the comments of #{number}", path)
    mine = (one for page in pages for one in page if login_of(one["user"]) == login and sign in (one["body"] or ""))
    known = next(mine, None)
    if known is None:
        session.write(f"Comment on #{number}", "POST", path, {"body": text}, creates=True)
    elif _words(known["body"]) != _words(text):
        where = f"/repos/{repo}/issues/comments/{known['id']}"
        session.write(f"Edit the comment on #{number}", "PATCH", where, {"body": text})


def _words(body: str) -> str:
    """What it says, whatever line ends the forge keeps."""
    return "\n".join(body.split("\r\n")).strip()
