"""What an HTTP gate answers: read with care, since anybody may stand behind the address."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from bot.domain.gating.facts import Answer
from bot.domain.gating.outcome import brief, web

MOST_BYTES = 64 * 1024
OBSERVED, REQUIRED = 200, 100
State = Literal["pass", "fail", "unknown", "skipped"]
_STATES = frozenset(get_args(State))


def unknown(why: str) -> Answer:
    """No verdict, and why there is none."""
    return Answer("unknown", why)


def read_answer(body: bytes) -> Answer:
    """The verdict; unknown where the body is not of the documented form."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return unknown("its answer is no JSON")
    state = said.get("state") if isinstance(said, dict) else None
    if not isinstance(state, str) or state not in _STATES:
        return unknown(f"its answer has no state of {', '.join(get_args(State))}")
    words = {name: said.get(name) for name in ("observed", "required", "url")}
    wrong = [name for name, value in words.items() if not isinstance(value, str | None)]
    if wrong:
        return unknown(f"its answer has a {wrong[0]} that is no text")
    return _answer(state, **words)


def _answer(state: Any, observed: str | None, required: str | None, url: str | None) -> Answer:
    return Answer(state, brief(observed or "", OBSERVED), brief(required or "", REQUIRED), web(url))
