"""Runs of a workflow as GitHub lists them: how one goes, and which one is ours.

https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.adapters.github.convert import to_time
from bot.domain.retraining import Retraining, RetrainState, Started

CLOCKS_APART = 30.0
_ULID = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")

Run = dict[str, Any]


def told_of(one: Run) -> Started:
    """`completed` with `success` is the one good end."""
    ident, url, ended = str(one.get("id") or ""), str(one.get("html_url") or ""), str(one.get("conclusion") or "")
    commit = str(one.get("head_sha") or "")
    if one.get("status") != "completed":
        return Started(ident, RetrainState.RUNNING, url, commit=commit)
    state = RetrainState.SUCCEEDED if ended == "success" else RetrainState.FAILED
    words = "" if ended == "success" else f"GitHub says {ended or 'nothing'} of it"
    return Started(ident, state, url, words, commit=commit, ended=to_time(one.get("updated_at")) or None)


def _name(one: Run) -> str:
    return f"{one.get('display_title') or ''} {one.get('name') or ''}"


def ours(asked: Retraining, runs: Sequence[Run], login: str) -> list[Run]:
    """The one with the retraining's id in its name; else each of those without any id that the bot itself (``login``,
    where that is known) started since it was asked for."""
    named = [one for one in runs if asked.id in _name(one)]
    if named:
        return named[-1:]
    since = asked.asked - CLOCKS_APART
    plain = [one for one in runs if not _ULID.search(_name(one)) and to_time(one.get("created_at")) >= since]
    return [one for one in plain if not login or (one.get("actor") or {}).get("login") == login]
