"""How a snooze is asked for."""

from __future__ import annotations

import pytest

from bot.domain.grammar import parse, parse_mention
from bot.domain.grammar_drift import SnoozeAsk
from bot.errors import Reason, Refused

ASKED = [
    ("fraud production 2h", SnoozeAsk("fraud", "production", "2h", None)),
    ('"fraud v2" prod 1w --reason known since Monday', SnoozeAsk("fraud v2", "prod", "1w", "known since Monday")),
    ("fraud production 2026-12-24T18:00", SnoozeAsk("fraud", "production", "2026-12-24T18:00", None)),
    ("fraud production 2026-12-24 18:00", SnoozeAsk("fraud", "production", "2026-12-24 18:00", None)),
]


@pytest.mark.parametrize(("text", "ask"), ASKED)
def test_asked(text: str, ask: SnoozeAsk) -> None:
    assert parse("slackops", f"snooze {text}") == parse_mention(f"<@U1> snooze {text}") == ask


@pytest.mark.parametrize(
    ("text", "reason", "word"),
    [
        ("", Reason.BAD_USAGE, "until when"),
        ("fraud production", Reason.BAD_USAGE, "until when"),
        ("fraud production soon", Reason.BAD_USAGE, "is no time"),
        ("fraud production 2h now really", Reason.BAD_USAGE, "one argument too many"),
        ("../etc production 2h", Reason.INVALID_NAME, "no model name"),
        ("fraud a/b 2h", Reason.INVALID_NAME, "no environment name"),
        ("fraud production 2h --for ever", Reason.BAD_USAGE, "no option"),
    ],
)
def test_refused(text: str, reason: Reason, word: str) -> None:
    with pytest.raises(Refused) as caught:
        parse("slackops", f"snooze {text}")
    assert (caught.value.reason, word in caught.value.message) == (reason, True)
