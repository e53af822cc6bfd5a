"""Signatures under keys that are derived from the encryption keys: the first signs, all verify, nothing else does."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.fernet import Fernet

from bot.adapters.attest import HmacAttest

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_any_of_the_keys_verifies_and_the_first_signs() -> None:
    before, after = HmacAttest([OLD]), HmacAttest([NEW, OLD])
    assert after.verify(b"data", before.sign(b"data"))
    assert not before.verify(b"data", after.sign(b"data"))
    assert HmacAttest([NEW]).sign(b"data") == after.sign(b"data")


@pytest.mark.parametrize("signature", ["", "0" * 64, "ü" * 64, "\ud800", "x" * 10_000])
def test_whatever_is_no_signature_verifies_nothing(signature: str) -> None:
    assert not HmacAttest([OLD, NEW]).verify(b"data", signature)


def test_other_data_or_other_keys_verify_nothing() -> None:
    signed = HmacAttest([OLD]).sign(b"data")
    assert not HmacAttest([OLD]).verify(b"datum", signed)
    assert not HmacAttest([NEW]).verify(b"data", signed)


def test_the_key_itself_is_not_what_signs() -> None:
    assert hmac.new(OLD.encode(), b"data", hashlib.sha256).hexdigest() != HmacAttest([OLD]).sign(b"data")
