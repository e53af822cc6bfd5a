"""The delivery numbers on `/models MODEL`."""

from __future__ import annotations

from bot.domain.cards import DeliveryLine, ModelDetail, ModelLine
from tests.adapters.test_slack_blocks import shown

LINE = DeliveryLine("production", 28, 4, 10_800.0, 0.25, 720.0)


def detail(*lines: DeliveryLine) -> str:
    return shown(ModelDetail(ModelLine("churn", (), "43"), (), None, delivery=lines))


def test_a_short_line_an_environment() -> None:
    told = "production, 28 days: 4 deployments · lead time 3 h · 1 of 4 failed · restored in 12 min"
    assert told in detail(LINE).splitlines()
    assert "28 days" not in detail()


def test_many_environments_are_counted_and_none_formats() -> None:
    words = detail(*(DeliveryLine(f"*eu-{n}* <!channel>", 28, 0, None, None, None) for n in range(40)))
    assert "… and 30 more environments" in words
    assert "<!channel>" not in words
    assert "*eu" not in words
