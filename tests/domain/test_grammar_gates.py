"""Waivers as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.grammar import FormAsk, PromoteAsk, parse, parse_mention
from bot.domain.grammar_gates import WaiveAsk
from bot.errors import Reason, Refused


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("waive #7 log_loss --reason known drift", WaiveAsk(7, "log_loss", "known drift")),
        ("waive 7 log_loss --reason known drift", WaiveAsk(7, "log_loss", "known drift")),
        ('waive #7 "log_loss against deployed" --reason x', WaiveAsk(7, "log_loss against deployed", "x")),
        ("waive #7 log_loss against deployed —reason x", WaiveAsk(7, "log_loss against deployed", "x")),
        ("waive #7 check ci/* --withdraw", WaiveAsk(7, "check ci/*", None, withdraw=True)),
        ("waive #7 log_loss --withdraw --reason it passes", WaiveAsk(7, "log_loss", "it passes", withdraw=True)),
        ("WAIVE #7", FormAsk("waive", change="#7")),
        ("waive #7 log_loss", FormAsk("waive", change="#7")),
        ("waive #7 --reason known", FormAsk("waive", change="#7", reason="known")),
    ],
)
def test_asks(text: str, ask: object) -> None:
    assert parse("/slackops", text) == ask
    assert parse_mention(f"<@U0SLACKOPS> {text}") == ask


@pytest.mark.parametrize(
    "text",
    [
        "waive",
        "waive log_loss",
        "waive #0 log_loss",
        "waive #12345678901 log_loss",
        "waive #x log_loss",
        "waive #7 --withdraw",
        "waive #7 log_loss --reason",
        f"waive #7 {'x' * 301} --reason y",
        "waive #7 log_loss --force --reason x",
        "waive #7 log_loss --withdraw --withdraw",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse("/slackops", text)
    assert refused.value.reason is Reason.BAD_USAGE
    assert refused.value.unblock


@pytest.mark.parametrize(
    ("text", "waive"),
    [
        ("m 5 prod --waive log_loss --reason known", ("log_loss",)),
        ('m 5 prod --waive "auc against deployed" --waive ci/* --reason known', ("auc against deployed", "ci/*")),
        ("m 5 prod --waive=log_loss --waive log_loss --reason known", ("log_loss",)),
        ("m 5 prod --reason known --waive log_loss", ()),
    ],
)
def test_with_a_promotion(text: str, waive: tuple[str, ...]) -> None:
    ask = parse("/promote", text)
    assert isinstance(ask, PromoteAsk)
    assert ask.waive == waive


def test_a_promotion_waives_with_a_reason_only() -> None:
    with pytest.raises(Refused) as refused:
        parse("/promote", "m 5 prod --waive log_loss")
    assert refused.value.reason is Reason.BAD_USAGE
    with pytest.raises(Refused):
        parse("/promote", "m 5 prod --plan --plan")


@given(st.text(max_size=80))
def test_whatever_is_typed_is_understood_or_refused(text: str) -> None:
    try:
        ask = parse("/slackops", f"waive {text}")
    except Refused:
        return
    assert isinstance(ask, WaiveAsk | FormAsk)
