"""Whether the pull request still says what it should."""

from __future__ import annotations

from bot.domain.cards import ChangeCard
from bot.domain.comparison_words import comparison_text, told_before
from bot.domain.reconcile_actions import EditPull
from bot.domain.snapshot import Snapshot
from bot.domain.wording import pull_body, subject


def edit_pull(seen: Snapshot, card: ChangeCard) -> list[EditPull]:
    """Title and body as they should be, where they are not. What people opened by hand is theirs to describe."""
    if seen.change.by_hand:
        return []
    now = seen.pull.body
    details = comparison_text(seen.comparison, now) if seen.comparison else told_before(now)
    title, body = subject(seen.change.intent), pull_body(seen.change, card, seen.run_id, (details,))
    same = seen.pull.title == title and _words(body) == _words(now)
    return [] if same else [EditPull(title, body)]


def _words(body: str) -> str:
    """What a body says, whatever line ends the forge keeps."""
    return "\n".join(line.rstrip() for line in body.splitlines()).strip()
