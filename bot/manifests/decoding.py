"""Bytes of a file become text, the byte order mark apart."""

from __future__ import annotations

from bot.manifests.refusals import unreadable

_BOM = "\ufeff"


def decoded(file: str, content: bytes, most: int) -> tuple[str, str]:
    """The byte order mark, or nothing, and the text behind it. Raises Refused beyond ``most`` bytes, and for what is
    not UTF-8."""
    if len(content) > most:
        raise unreadable(file, f"has {len(content)} bytes; at most {most} are read")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise unreadable(file, "is not UTF-8") from None
    return (_BOM, text.removeprefix(_BOM)) if text.startswith(_BOM) else ("", text)
