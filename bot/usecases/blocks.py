"""What people changed for other reasons inside the blocks that a rollback would restore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.past import Past, quiet_steps
from bot.domain.policy import Target
from bot.errors import Reason, Refused
from bot.manifests import foreign_edits
from bot.usecases.repo import Repo

DIFF_SHOWN = 1500


def refuse_foreign(repo: Repo, target: Target, history: Iterable[Past], goal: Past) -> None:
    """Raises Refused(BLOCK_EDITED) with the diff of what would be lost. ``history`` is today's, newest first."""
    diffs = dict.fromkeys(_foreign(repo, target, history, goal))
    if not diffs:
        return
    diff = "\n".join(diffs)
    shown = diff if len(diff) <= DIFF_SHOWN else f"{diff[:DIFF_SHOWN]}…"
    raise Refused(
        Reason.BLOCK_EDITED,
        f"Since {target.model} {goal.version} the block was also edited for other reasons, which would go:\n{shown}",
        f"`/rollback {target.model} {target.environment} --to {goal.version}` puts back the bound values only.",
    )


def _foreign(repo: Repo, target: Target, history: Iterable[Past], goal: Past) -> Iterator[str]:
    """What changed while the version stayed, as diffs."""
    for old, new in quiet_steps(history, goal):
        then, now = repo.files(old.commit, target), repo.files(new.commit, target)
        for block in target.blocks:
            yield from foreign_edits(block, [(then.get(block.file), now.get(block.file))])
