from __future__ import annotations

import pytest

from bot.domain.durations import lasting


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (-5, "0 s"), (0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (60, "1 min"), (725, "12 min"),
        (3600, "1 h"),        (12_000, "3 h 20 min"), (86_400, "1 d"), (100_800, "1 d 4 h"), (86_460, "1 d"),
    ],
)  # fmt: skip
def test_as_people_say_it(seconds: float, words: str) -> None:
    assert lasting(seconds) == words
