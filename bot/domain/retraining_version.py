"""Which version came of a retraining: by what somebody wrote down, and where nobody did, never by a guess. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.facts import ModelVersion
from bot.domain.retraining import Retraining, RetrainState
from bot.domain.retraining_deciding import CLOCKS_APART, LATE_SECONDS

TAG, RUN_TAG = "slackops.retrain", "slackops.run"
MOST_LOOKED_AT = 50
ONLY = "it is the only one registered since"


@dataclass(frozen=True)
class CameOf:
    """``version`` with ``how`` it was found; or None, with ``candidates`` where several may be meant, or ``trouble``
    where nobody could be asked."""

    version: str | None = None
    how: str = ""
    candidates: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def sure(self) -> bool:
        """Somebody wrote it down: nothing that comes later can say otherwise."""
        return self.version is not None and self.how != ONLY


def tagged(one: Retraining, versions: Sequence[ModelVersion]) -> tuple[str, ...]:
    """Those whose tag names the retraining, alone or as engines' runs are named."""
    return tuple(v.version for v in versions if v.tags.get(TAG) in (one.id, f"slackops-{one.id}"))


def came_of(one: Retraining, versions: Sequence[ModelVersion], others: Collection[Retraining]) -> CameOf:
    """The first of these that says anything, in this order: what the engine named; the tag `slackops.retrain`; the run,
    as the tag `slackops.run` or as MLflow's own run; the only version that was registered since the start. ``others``
    are the model's other retrainings: what came of them is not meant, and beside one that runs nothing is the only one.
    """
    taken = {other.version for other in others}
    free = [version for version in versions if version.version not in taken]
    for how, found in _ways(one, free, alone=not any(_overlaps(one, other) for other in others)):
        if found:
            return CameOf(found[0], how) if len(found) == 1 else CameOf(candidates=found)
    return CameOf()


def _ways(one: Retraining, free: Sequence[ModelVersion], *, alone: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "the engine named it", tuple(v.version for v in free if v.version == one.named)
    if one.named:
        return  # it is not there yet; another one is not meant
    yield f"its tag {TAG} names the retraining", tagged(one, free)
    yield "its run is the one that trained", tuple(v.version for v in free if one.run and _by_run(one, v))
    yield ONLY, tuple(v.version for v in free if alone and _since(one, v))


def _by_run(one: Retraining, version: ModelVersion) -> bool:
    """Names of runs come again: what was there before it was asked for is another one's."""
    return one.run in (version.tags.get(RUN_TAG), version.run_id) and version.created_at >= one.asked - CLOCKS_APART


def _since(one: Retraining, version: ModelVersion) -> bool:
    """Not what another retraining or run has claimed, nor what was trained from another commit, or before; nor what was
    registered long after the end: the bot may have been away for days."""
    began, last = one.started or one.asked, one.finished or one.ended
    claimed = TAG in version.tags or RUN_TAG in version.tags
    foreign = bool(one.commit and version.git_commit) and one.commit != version.git_commit
    older = version.started_at is not None and version.started_at < began - CLOCKS_APART
    after = last is not None and version.created_at > last + LATE_SECONDS
    return not (claimed or foreign or older or after) and version.created_at >= began


def _overlaps(one: Retraining, other: Retraining) -> bool:
    """One that was lost sight of may run on for as long again, and so may one of which nobody knows if it began."""
    began = one.started or one.asked
    hidden = other.state is RetrainState.LOST or (other.started is None and other.tried is not None)
    if other.runs or (other.started is None and not hidden):
        return other.runs
    more = other.rule.timeout if hidden and other.rule else 0.0
    return (other.ended or began) + more > began
