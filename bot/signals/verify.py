"""Who sent a signal: a bearer token, or an HMAC of the body. Compared in constant time, before the body is parsed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

_HASHES = {"sha224": hashlib.sha224, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def bearer(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:  # noqa: ARG001
    """Whether ``Authorization: Bearer …`` holds the secret (https://www.rfc-editor.org/rfc/rfc6750#section-2.1)."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(token.strip().encode(), secret.encode())
    return bool(secret) and scheme.lower() == "bearer" and same


def signature(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether ``X-Signature: sha256=…`` is the body's HMAC. The sender names the hash: one of SHA-2.

    https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac
    """
    algorithm, _, digest = headers.get("x-signature", "").partition("=")
    expected = hmac.new(secret.encode(), body, _HASHES.get(algorithm, hashlib.sha256)).hexdigest()
    same = hmac.compare_digest(expected.encode(), digest.encode())
    return bool(secret) and algorithm in _HASHES and same


def either(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """A signature where one is sent, else the token. A wrong signature is not mended by a token."""
    way = signature if "x-signature" in headers else bearer
    return way(secret, body, headers)
