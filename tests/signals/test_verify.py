"""Who may post: the token or the signature, and nothing that looks nearly like it."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from bot.signals.verify import bearer, either, signature
from tests.signals.anything import contract

BODY = b'{"a": 1}'


def sign(secret: str, body: bytes = BODY, algorithm: str = "sha256") -> str:
    return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"


@pytest.mark.parametrize("header", ["Bearer s3cret", "bearer s3cret", "BEARER  s3cret "])
def test_the_token(header: str) -> None:
    assert bearer("s3cret", BODY, {"authorization": header})
    assert either("s3cret", BODY, {"authorization": header})


@pytest.mark.parametrize(
    "header",
    ["", "s3cret", "Bearer", "Bearer ", "Basic s3cret", "Bearer s3cre", "Bearer s3crets", "Bearer ß", "Bearer\ts3cret"],
)
def test_no_token(header: str) -> None:
    assert not bearer("s3cret", BODY, {"authorization": header})
    assert not either("s3cret", BODY, {"authorization": header})


@pytest.mark.parametrize("algorithm", ["sha224", "sha256", "sha384", "sha512"])
def test_the_signature(algorithm: str) -> None:
    assert signature("s3cret", BODY, {"x-signature": sign("s3cret", algorithm=algorithm)})
    assert either("s3cret", BODY, {"x-signature": sign("s3cret", algorithm=algorithm)})


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        sign("other"),
        sign("s3cret", b"{}"),
        sign("s3cret", algorithm="md5"),
        sign("s3cret", algorithm="sha1"),
        "sha999=" + hashlib.sha256(BODY).hexdigest(),
        sign("s3cret").removeprefix("sha256="),
        sign("s3cret") + "ß",
    ],
)
def test_no_signature(header: str) -> None:
    assert not signature("s3cret", BODY, {"x-signature": header})
    assert not either("s3cret", BODY, {"x-signature": header, "authorization": "Bearer s3cret"})


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer "}, {"x-signature": sign("")}])
@pytest.mark.parametrize("way", [bearer, signature, either])
def test_an_empty_secret_opens_nothing(way, headers: dict[str, str]) -> None:
    assert not way("", BODY, headers)


def test_fluxs_published_signature() -> None:
    """The contract's raw body is signed with the key beside it."""
    told = contract("signals/flux.event.kustomization.error.json")
    headers = {"x-signature": told["headers"]["X-Signature"]}
    assert signature(told["_hmac_token"], told["raw"].encode(), headers)


def test_the_name_of_the_hash_must_be_one_of_ours() -> None:
    assert hashlib.sha256(BODY).hexdigest() not in sign("s3cret")
    assert not signature("s3cret", BODY, {"x-signature": "=" + sign("s3cret").partition("=")[2]})
