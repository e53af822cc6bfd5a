"""Attestations: HMAC-SHA256 under keys that are derived from SLACKOPS_ENCRYPTION_KEYS by HKDF.

A derived key serves this one purpose, so that what it signs opens nothing else (https://www.rfc-editor.org/rfc/rfc5869).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"slackops recorded review v1"


class HmacAttest:
    """The Attest port. ``keys`` are Fernet keys: the first signs, any of them verifies."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [_derived(key) for key in keys]

    def sign(self, data: bytes) -> str:
        """As the port says."""
        return _mac(self._keys[0], data)

    def verify(self, data: bytes, signature: str) -> bool:
        """As the port says."""
        given = signature.encode("utf-8", "replace")
        return any(hmac.compare_digest(_mac(key, data).encode(), given) for key in self._keys)


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(base64.urlsafe_b64decode(key))


def _mac(key: bytes, data: bytes) -> str:
    return hmac.new(key, data, hashlib.sha256).hexdigest()
