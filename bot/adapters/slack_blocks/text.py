"""Untrusted text made safe for Slack: escaped, never formatting, never mentioning, never longer than a limit.

Escaping: https://docs.slack.dev/messaging/formatting-message-text#escaping. Slack has no escape for its formatting
characters, so where they could format (at the edge of a word) a look-alike stands in for them. Lengths are counted in
UTF-16 units after escaping, the strictest way in which Slack might count.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from bot.domain.people import Person

Block = dict[str, object]

USER = re.compile(r"[UW][A-Z0-9]{1,30}")
GROUP = re.compile(r"S[A-Z0-9]{1,30}")
SAFE_URL = re.compile(r"https?://[^\s<>|\"`]{1,600}")
_EDGE = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_EMOJI = re.compile(r":(?=[a-z_+'-][a-z0-9_+'-]*:)", re.IGNORECASE)
_ALIKE = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼"})
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
MAX_TIME = 4_102_444_800


def clean(text: str) -> str:
    """One line without control characters, direction marks and half characters."""
    seen = "".join(" " if ch.isspace() else ch for ch in text if ch.isspace() or _shown(ch))
    return " ".join(seen.split())


def _shown(ch: str) -> bool:
    return ch in _JOINERS or unicodedata.category(ch) not in _HIDDEN


def clip(text: str, limit: int, *, entities: bool = True) -> str:
    """Escape ``& < >`` and cut with an ellipsis so that at most ``limit`` units are left."""
    out, used, marks = [], 0, _ENTITIES if entities else {}
    for ch in text:
        piece = marks.get(ch, ch)
        size = units(piece)
        out.append((piece, size))
        used += size
        if used > limit:
            break
    if used <= limit:
        return "".join(piece for piece, _ in out)
    while out and used > limit - 1:
        used -= out.pop()[1]
    return "".join(piece for piece, _ in out).rstrip() + "…"


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) + sum(ch > "\uffff" for ch in text)


def unformatted(text: str) -> str:
    """The same words with nothing in them that mrkdwn would format or show as an emoji."""
    calm = _EDGE.sub(lambda m: m[0].translate(_ALIKE), text.replace("`", "ˋ"))
    return _EMOJI.sub("꞉", calm)


def safe(text: str, limit: int = 300) -> str:
    """Untrusted text on one line for a mrkdwn object."""
    return clip(unformatted(clean(text)), limit)


def sentence(text: str, limit: int = 800) -> str:
    """A sentence of ours on one line: words between backticks stay code, everything else is as in ``safe``."""
    parts = clean(text).split("`")
    whole = len(parts) % 2 == 1
    shown = [f"`{part}`" if whole and index % 2 and part else unformatted(part) for index, part in enumerate(parts)]
    cut = clip("".join(shown) if whole else unformatted(clean(text)), limit)
    return cut if cut.count("`") % 2 == 0 else "".join(cut.rpartition("`")[::2])


def bold(text: str, limit: int = 300) -> str:
    """Untrusted text in bold; empty text stays empty."""
    words = safe(text, limit)
    return f"*{words}*" if words else ""


def code(text: str, limit: int = 300) -> str:
    """Untrusted text as inline code, in which nothing formats."""
    words = clip(clean(text).replace("`", "ˋ"), limit)
    return f"`{words}`" if words else "`(empty)`"


def paragraphs(text: str, limit: int = 1500, lines: int = 12) -> str:
    """As ``sentence``, with a few line breaks kept."""
    kept: list[str] = []
    for line in text.splitlines()[:lines]:
        left = limit - sum(units(one) + 1 for one in kept)
        if left > 1 and (words := sentence(line, left)):
            kept.append(words)
    return "\n".join(kept)


def label(text: str, limit: int, otherwise: str = "–") -> Block:
    """A plain_text object; it is never empty."""
    return {"type": "plain_text", "text": clip(clean(text), limit) or otherwise, "emoji": False}


def mrkdwn(text: str) -> Block:
    """A mrkdwn object of text that is safe already; Slack adds no links or mentions of its own."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def mention(person: Person) -> str:
    """`<@U…>`; anything that is no user id is shown as text."""
    return f"<@{person.user}>" if USER.fullmatch(person.user) else safe(person.user, 40)


def called(entry: str) -> str:
    """An entry of `notify`: `slack:U…` and `slack:S…` are mentions, everything else is text."""
    name = entry.removeprefix("slack:")
    ident = name.rpartition("/")[2]
    if entry.startswith("slack:") and USER.fullmatch(ident):
        return f"<@{ident}>"
    if entry.startswith("slack:") and GROUP.fullmatch(ident):
        return f"<!subteam^{ident}>"
    return safe(name.removeprefix("github:"), 80)


def link(url: str | None, words: str) -> str:
    """A link, or just the words where the address is not a plain web address."""
    shown = safe(words, 100)
    return f"<{clip(url, 900)}|{shown}>" if url and SAFE_URL.fullmatch(url) else shown


def date(seconds: float) -> str:
    """A moment in the reader's own time zone, with UTC for clients that cannot do it."""
    if not 0 <= seconds < MAX_TIME:
        return "unknown time"
    words = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(seconds)}^{{date_short_pretty}} {{time}}|{words}>"
