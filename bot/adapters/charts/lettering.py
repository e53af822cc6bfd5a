"""Which font has the letters of a text, and what is written where none has.

Pillow brings a font with ASCII and little more. A font of the machine stands in for it where there is one; else letters
lose their marks (`é` is `e`), and those of other scripts are left out, which an ellipsis shows: boxes say less.
"""

from __future__ import annotations

import functools
import unicodedata

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
OTHERS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "LiberationSans-Regular.ttf")
"""Looked for in this order, by Pillow, where the system keeps its fonts."""
LEFT_OUT = "…"


def lettered(words: str, size: int) -> tuple[str, Font]:
    """What can be written of it, on one line, and the font that can."""
    line = "".join(ch for ch in " ".join(words.split()) if ch.isprintable())
    for font in fonts(size):
        if all(_has(font, ch) for ch in line):
            return line, font
    best = max(fonts(size), key=lambda font: sum(_has(font, ch) for ch in line))
    return _plain(line, best), best


@functools.cache
def fonts(size: int) -> tuple[Font, ...]:
    """Pillow's own, and those that the machine has."""
    return (ImageFont.load_default(size), *(found for name in OTHERS if (found := _found(name, size))))


def _found(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size)
    except (OSError, ValueError):
        return None


@functools.lru_cache(maxsize=4096)
def _has(font: Font, letter: str) -> bool:
    """A font draws the same box for every letter that it has not."""
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))


def _plain(line: str, font: Font) -> str:
    shown = ""
    for letter in line:
        bare = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
        written = "".join(bare) if bare and all(_has(font, part) for part in bare) else LEFT_OUT
        shown += "" if written == LEFT_OUT and shown.endswith(LEFT_OUT) else written
    return shown
