"""Names that people give to models, environments and versions, and what they become in a ref."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal

from bot.errors import Reason, Refused

NameKind = Literal["model", "environment", "version", "alias"]

_LIMITS: dict[NameKind, int] = {"model": 100, "environment": 63, "version": 100, "alias": 100}
_PUNCTUATION: dict[NameKind, str] = {"model": " ._-+@(),=", "environment": "._-", "version": "._-+", "alias": "._-"}
_SLUG_LENGTH = 60


def validate_name(kind: NameKind, text: str) -> str:
    """The name itself when it is one.

    MLflow bars `/` and `:` from model names (mlflow.utils.validation); we bar too whatever could act as markup, a path,
    an option or an invisible character where the name is shown, and what Unicode writes in more than one way.
    Raises Refused(INVALID_NAME) with what is allowed.
    """
    fault = _fault(kind, text)
    if fault is None:
        return text
    marks = " ".join("space" if ch == " " else ch for ch in _PUNCTUATION[kind])
    allowed = f"letters, digits and {marks}, at most {_LIMITS[kind]}, with a letter or digit at the start"
    raise Refused(Reason.INVALID_NAME, f"{_shown(text)} is no {kind} name: {fault}.", f"A {kind} name has {allowed}.")


def _fault(kind: NameKind, text: str) -> str | None:
    if not text:
        return "it is empty"
    if len(text) > _LIMITS[kind]:
        return f"it has {len(text)} characters, more than {_LIMITS[kind]}"
    bad = next((ch for ch in text if not _allowed(kind, ch)), None)
    if bad is not None:
        return f"it holds {_shown(bad)}"
    if not _is_word(text[0]):
        return f"it starts with {_shown(text[0])}"
    if text[-1] in " ." or ".." in text or "  " in text:
        return "it ends with a space or full stop, or doubles one"
    return None if unicodedata.is_normalized("NFC", text) else "it is not in Unicode's composed form (NFC)"


def _allowed(kind: NameKind, ch: str) -> bool:
    if ch in _PUNCTUATION[kind]:
        return True
    return (ch.isascii() and ch.isalnum()) if kind != "model" else _is_word(ch) or unicodedata.category(ch)[0] == "M"


def _is_word(ch: str) -> bool:
    return unicodedata.category(ch)[0] in "LN"


def _shown(text: str) -> str:
    return ascii(text) if len(text) <= 60 else ascii(text[:60]) + "…"


def slug(text: str) -> str:
    """A piece of a branch name: lower-case ASCII letters, digits, `.`, `_` and `-` by git-check-ref-format's rules.

    Where that loses something, a short hash of the text is added, so that two texts never share a slug.
    Source: https://git-scm.com/docs/git-check-ref-format
    """
    plain = re.sub(
        r"[^a-z0-9._-]+", "-", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    )
    plain = re.sub(r"\.{2,}", ".", plain).strip("-.")[:_SLUG_LENGTH].strip("-.")
    while plain.endswith(".lock"):
        plain = plain.removesuffix(".lock").rstrip("-.")
    if plain and plain == text and not _SUFFIXED.search(plain):
        return plain
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-{digest}" if plain else digest


# A text that looks as if it had a hash already gets one of its own, else it could meet the slug of another text.
_SUFFIXED = re.compile(r"(?:^|-)[0-9a-f]{8}$")
