"""What is still wanted, in words: people whom the policy names one by one are no group to count in."""

from __future__ import annotations

import pytest

from bot.domain.approvals_meeting import Need

WORDS = {
    "linked": (Need(1, ("slack:U0BEN",), (), 1, ("@ben",)), "1 more of @ben"),
    "one not linked": (
        Need(1, ("slack:U0BEN", "slack:U0CHLOE"), (), 2, ("@ben", "slack:U0CHLOE")),
        "1 more of @ben or slack:U0CHLOE",
    ),
    "of another workspace": (
        Need(1, ("slack:T0A/U0EVE", "github:kim"), ("kim",), 1, ("slack:T0A/U0EVE", "@kim")),
        "1 more of slack:T0A/U0EVE or @kim",
    ),
    "a group": (Need(1, ("slack:S0LEADS",), (), 2, ("slack:S0LEADS",)), "1 more of slack:S0LEADS (2 in Slack)"),
    "too few": (
        Need(2, ("slack:U0CHLOE",), (), 1, ("slack:U0CHLOE",)),
        "2 more of slack:U0CHLOE (1 in Slack; these are too few)",
    ),
}


@pytest.mark.parametrize(("need", "words"), WORDS.values(), ids=WORDS)
def test_what_is_wanted_in_words(need: Need, words: str) -> None:
    assert need.words == words
