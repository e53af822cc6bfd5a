"""MLflow's signature, in its time; and which model an event is about."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signals import mlflow

SECRET, NOW, BODY = "mlsecret", 1_795_220_453.0, b'{"entity": "x"}'
CONTRACTS = Path(os.environ.get("SLACKOPS_CONTRACTS", Path(__file__).parents[3] / "shared/contracts"))
CAPTURED = sorted((CONTRACTS / "signals").glob("mlflow.*.json"))


def signed(body: bytes = BODY, at: str = "1795220453", ident: str = "36e4ab3c", secret: str = SECRET) -> dict[str, str]:
    """The headers of a delivery, as MLflow makes them."""
    digest = hmac.new(secret.encode(), f"{ident}.{at}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"x-mlflow-delivery-id": ident, "x-mlflow-timestamp": at, "x-mlflow-signature": signature}


@pytest.mark.parametrize("after", [-300.0, 0.0, 300.0])
def test_a_delivery_within_five_minutes(after: float) -> None:
    assert mlflow.verify(SECRET, BODY, signed(), NOW + after)


@pytest.mark.parametrize("after", [-301.0, 301.0, 86400.0])
def test_a_delivery_out_of_its_time(after: float) -> None:
    assert not mlflow.verify(SECRET, BODY, signed(), NOW + after)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(secret="another"),
        signed(b"another body"),
        signed() | {"x-mlflow-delivery-id": "another"},
        signed() | {"x-mlflow-timestamp": "1795220454"},
        signed() | {"x-mlflow-signature": signed()["x-mlflow-signature"].removeprefix("v1,")},
        signed() | {"x-mlflow-signature": "v2" + signed()["x-mlflow-signature"][2:]},
        signed() | {"x-mlflow-signature": "v1,ÿ"},
        signed(at="now"),
        signed(at="-1795220453"),
        signed(at="1795220453.0"),
        signed(at="1" * 5000),
        signed(ident=""),
        signed(ident="a b"),
        signed(ident="a" * 101),
        signed(ident="36e4.1795220453", at="1795220453"),
    ],
    ids=range(16),
)
def test_what_proves_nothing(headers: dict[str, str]) -> None:
    whole = headers == signed(ident="36e4.1795220453", at="1795220453")
    assert mlflow.verify(SECRET, BODY, headers, NOW) is whole


def test_an_empty_secret_opens_nothing() -> None:
    assert not mlflow.verify("", BODY, signed(secret=""), NOW)


@pytest.mark.parametrize(
    ("entity", "action", "about"),
    [
        ("registered_model", "created", True),
        ("model_version", "created", True),
        ("model_version_tag", "set", True),
        ("model_version_tag", "deleted", True),
        ("model_version_alias", "created", True),
        ("model_version_alias", "deleted", True),
        ("prompt_version", "created", False),
        ("budget_policy", "exceeded", False),
        ("model_version", "deleted", False),
        ([], {}, False),
    ],
)
def test_events(entity: Any, action: Any, about: bool) -> None:
    found = mlflow.parse({"entity": entity, "action": action, "data": {"name": "fraud"}})
    assert found == ("fraud" if about else None)


@pytest.mark.parametrize("name", [None, "", 7, " fraud", "a\nb", "x" * 257])
def test_a_name_that_is_none(name: object) -> None:
    assert mlflow.parse({"entity": "model_version", "action": "created", "data": {"name": name}}) is None


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_json_is_read_or_ignored(payload: object) -> None:
    assert mlflow.parse(payload) is None


@given(st.dictionaries(st.sampled_from(sorted(signed())), st.text()), st.binary())
def test_any_headers_are_refused(headers: dict[str, str], body: bytes) -> None:
    assert not mlflow.verify(SECRET, body, headers, NOW)


@pytest.mark.skipif(not CAPTURED, reason="the captured deliveries are not here")
def test_captured_deliveries() -> None:
    """Their bodies were kept as JSON values: as MLflow writes them, they are the very bytes again."""
    for path in CAPTURED:
        told = json.loads(path.read_text())
        headers = {name.lower(): text for name, text in told["headers"].items()}
        at = float(headers["x-mlflow-timestamp"])
        assert mlflow.verify(SECRET, json.dumps(told["body"]).encode(), headers, at), path.name
        assert mlflow.parse(told["body"]) == told["body"]["data"]["name"]
