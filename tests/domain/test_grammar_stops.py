"""Freezes and bans as people type them."""

from __future__ import annotations

import pytest

from bot.domain.grammar import FormAsk, parse, parse_mention
from bot.domain.grammar_stops import STOP_USAGE, BanAsk, FreezeAsk, StopsAsk, UnbanAsk, UnfreezeAsk
from bot.errors import Reason, Refused


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("freeze prod", FreezeAsk("prod", None, None, None)),
        ("freeze m prod", FreezeAsk("prod", "m", None, None)),
        ('freeze "my model" prod', FreezeAsk("prod", "my model", None, None)),
        ("freeze prod --until 2h --reason year's end", FreezeAsk("prod", None, "2h", "year's end")),
        ("freeze m prod —until 2026-12-24T18:00", FreezeAsk("prod", "m", "2026-12-24T18:00", None)),
        ('freeze prod --until "2026-12-24 18:00"', FreezeAsk("prod", None, "2026-12-24 18:00", None)),
        ("freeze", FormAsk("freeze")),
        ("freeze --until 2h --reason x", FormAsk("freeze", until="2h", reason="x")),
        ("unfreeze prod", UnfreezeAsk("prod", None, None)),
        ("unfreeze m prod --reason over", UnfreezeAsk("prod", "m", "over")),
        ("freezes", StopsAsk("freezes")),
        ("ban m 42", BanAsk("m", "42", None, None)),
        ("ban m v42 --reason leaks labels", BanAsk("m", "42", None, "leaks labels")),
        ("ban m v1.2", BanAsk("m", "v1.2", None, None)),
        ("ban m @challenger", BanAsk("m", None, "challenger", None)),
        ("ban", FormAsk("ban")),
        ("ban m --reason x", FormAsk("ban", model="m", reason="x")),
        ("unban m V42 --reason mended", UnbanAsk("m", "42", None, "mended")),
        ("unban m @old --reason mended", UnbanAsk("m", None, "old", "mended")),
        ("bans", StopsAsk("bans")),
        ("BAN m 42", BanAsk("m", "42", None, None)),
    ],
)
def test_asks(text: str, ask: object) -> None:
    assert parse("/slackops", text) == ask
    assert parse_mention(f"<@U0SLACKOPS> {text}") == ask


@pytest.mark.parametrize(
    ("text", "reason", "message", "unblock"),
    [
        ("freeze a b c", Reason.BAD_USAGE, "'c' is one argument too many", STOP_USAGE["freeze"]),
        ("freeze prod --until", Reason.BAD_USAGE, "needs a value", STOP_USAGE["freeze"]),
        ("freeze prod --until tomorrow", Reason.BAD_USAGE, "'tomorrow' is no time", "2h"),
        ("freeze prod --untill 2h", Reason.BAD_USAGE, "did you mean `--until`?", STOP_USAGE["freeze"]),
        ("freeze <!channel>", Reason.INVALID_NAME, "is no environment name", "letters"),
        ("freeze ../x prod", Reason.INVALID_NAME, "is no model name", "letters"),
        ("unfreeze", Reason.BAD_USAGE, "Say which environment", STOP_USAGE["unfreeze"]),
        ("freezes prod", Reason.BAD_USAGE, "one argument too many", STOP_USAGE["freezes"]),
        ("ban m latest", Reason.LATEST_REFUSED, "something else tomorrow", "Name the version"),
        ("ban m 4/5", Reason.INVALID_NAME, "is no version name", "letters"),
        ("unban m 42", Reason.BAD_USAGE, "with a reason", STOP_USAGE["unban"]),
        ("unban m --reason x", Reason.BAD_USAGE, "Say which version", STOP_USAGE["unban"]),
        ("unfreez prod", Reason.UNKNOWN_COMMAND, "no command 'unfreez'", "Did you mean `unfreeze`?"),
    ],
)
def test_refusals(text: str, reason: Reason, message: str, unblock: str) -> None:
    with pytest.raises(Refused) as caught:
        parse("slackops", text)
    assert caught.value.reason is reason
    assert message in caught.value.message
    assert unblock in (caught.value.unblock or "")
