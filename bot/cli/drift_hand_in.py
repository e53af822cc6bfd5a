"""Where windows go that were made beside the bot: to its webhook, or into its database."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.cli.services import drift_hook
from bot.domain.drifting.arriving import rows
from bot.domain.drifting.windows import Window
from bot.errors import Reason, Refused, Transient
from bot.signals.drift.plain_out import plain_of
from bot.signals.reading import words

if TYPE_CHECKING:
    from bot.adapters.signin.http import Http

WHAT = "Hand in drift"
AT_ONCE = 20
"""Windows of one post: with 50 figures each, and long names, these stay below what it takes."""
AGAIN = "Do it again: what says when its data ended is taken once."


class Taken(StrEnum):
    """``before``: the very same was known."""

    NEW = "taken"
    BEFORE = "taken before"


@dataclass(frozen=True)
class Report:
    """The body of a report as it came, and what was said beside it."""

    raw: bytes
    said: Mapping[str, str]


def hand_in(
    windows: Sequence[Window],
    env: Mapping[str, str],
    url: str | None,
    now: float,
    report: Report | None = None,
    http: Http | None = None,
) -> Taken:
    """Post them where DRIFT_WEBHOOK_SECRET is set and the bot's URL is known, as the ``report`` they came in or else as
    plain JSON; without these write them into the bot's database.

    Raises Refused, Transient when the bot does not answer, StoreUnavailable, SettingsInvalid.
    """
    hook = drift_hook(env, url)
    if hook is None:
        return _write(windows, env, now)
    from bot.adapters.signin.http import Http

    sent, bodies = http or Http(), [report] if report else [Report(body, {}) for body in _bodies(windows)]
    answers = [_sent(sent, *hook, body) for body in bodies]
    return Taken.NEW if Taken.NEW in answers else Taken.BEFORE


def _write(windows: Sequence[Window], env: Mapping[str, str], now: float) -> Taken:
    from bot.bootstrap import open_store
    from bot.settings import load_settings

    store = open_store(load_settings(env))
    try:
        new = [store.inbox.put(key, command) for key, command in rows(windows, now)]
    finally:
        store.database.close()
    return Taken.NEW if any(new) else Taken.BEFORE


def _bodies(windows: Sequence[Window]) -> Iterator[bytes]:
    """In pieces that one post may have."""
    left = iter(windows)
    while some := list(itertools.islice(left, AT_ONCE)):
        yield json.dumps([plain_of(window) for window in some]).encode()


def _sent(http: Http, url: str, secret: str, report: Report) -> Taken:
    from bot.adapters.signin.http import NotSent
    from bot.ports.signin import AnswerLost

    headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
    hook, params = f"{url}/webhooks/drift", dict(report.said)
    try:
        reply = http.send(WHAT, "POST", hook, content=report.raw, params=params, headers=headers)
    except (NotSent, AnswerLost) as error:
        raise Transient(f"{error} {AGAIN}") from None
    return _judged(reply.status, words(reply.text("status")))


def _judged(status: int, said: str) -> Taken:
    match status, said:
        case 202, "accepted":
            return Taken.NEW
        case 202, "accepted before":
            return Taken.BEFORE
        case 400, _:
            raise Refused(Reason.DATA_UNREADABLE, f"The bot cannot read it: {said}.", "Is the bot as new as this one?")
        case 401, _:
            raise Refused(Reason.BAD_USAGE, "The bot has another secret.", "Set its DRIFT_WEBHOOK_SECRET here too.")
        case 404, _:
            raise Refused(Reason.BAD_USAGE, "The bot takes no drift there.", "Set DRIFT_WEBHOOK_SECRET where it runs.")
        case 413, _:
            raise Refused(Reason.DATA_UNREADABLE, "It is too long for the bot.", "Leave out what is no drift.")
    raise Transient(f"{WHAT}: the answer was {status}. {AGAIN}")
