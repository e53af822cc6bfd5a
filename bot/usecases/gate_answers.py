"""HTTP gates are asked all at once, and for no longer than a reconcile may wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from bot.domain.gating.facts import Answer
from bot.domain.gating.http_answer import unknown
from bot.domain.policy import HttpGate
from bot.ports import GateCalls

TOTAL_SECONDS = 20.0
AT_ONCE = 8
SLACK_SECONDS = 2.0
"""Each call ends by itself; this is for one that does not."""


def answers(
    calls: GateCalls, gates: Sequence[HttpGate], body: Callable[[HttpGate], bytes], total: float = TOTAL_SECONDS
) -> Mapping[str, Answer]:
    """Every gate's answer by its name, within ``total`` seconds: who has not answered by then is unknown."""
    if not gates:
        return {}
    pool = ThreadPoolExecutor(min(AT_ONCE, len(gates)), thread_name_prefix="gates")
    try:
        asked = {g.name: pool.submit(calls.ask, g.url, body(g), min(g.timeout, total)) for g in gates}
        wait(asked.values(), total + SLACK_SECONDS)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    late = unknown(f"no answer within {total:g} s")
    return {name: one.result() if one.done() and not one.cancelled() else late for name, one in asked.items()}
