"""MLflow's registry webhooks: verify, and take the name of the registered model. State is always read again.

https://mlflow.org/docs/latest/ml/webhooks/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping

from bot.signals.reading import at, name

SOURCE = "mlflow"
WINDOW = 300.0
"""Seconds that a delivery may be old, or that MLflow's clock may be ahead of ours. Within it the delivery id tells a
replay, because it is signed too."""
_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_TIME = re.compile(r"[0-9]{1,12}")
_EVENTS = frozenset(
    {
        ("registered_model", "created"),
        ("model_version", "created"),
        ("model_version_tag", "set"),
        ("model_version_tag", "deleted"),
        ("model_version_alias", "created"),
        ("model_version_alias", "deleted"),
    }
)


def verify(secret: str, body: bytes, headers: Mapping[str, str], now: float) -> bool:
    """Whether ``X-MLflow-Signature`` proves that the sender knows the secret, and signed this very delivery within the
    last five minutes: ``v1,`` and Base64 of HMAC-SHA256 over id, time and body with dots between. In constant time."""
    ident, moment = delivery(headers), headers.get("x-mlflow-timestamp", "")
    signed = b".".join((ident.encode(), moment.encode("latin-1", "replace"), body))
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    same = hmac.compare_digest(expected, headers.get("x-mlflow-signature", "").encode("latin-1", "replace"))
    fresh = _TIME.fullmatch(moment) is not None and abs(now - int(moment)) <= WINDOW
    return bool(secret) and bool(ident) and same and fresh


def delivery(headers: Mapping[str, str]) -> str:
    """The delivery's id, by which a second one is known; "" where there is none that can be a key."""
    ident = headers.get("x-mlflow-delivery-id", "")
    return ident if _ID.fullmatch(ident) else ""


def parse(payload: object) -> str | None:
    """The registered model to look at again; None for events that are about no model."""
    entity, action = at(payload, "entity"), at(payload, "action")
    if not isinstance(entity, str) or not isinstance(action, str) or (entity, action) not in _EVENTS:
        return None
    return name(at(payload, "data", "name"))
