"""What a target says at a commit, and what it says while its traffic moves in steps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.change import Aim
from bot.domain.facts import HistoryEntry
from bot.domain.policy import Target
from bot.domain.policy.stepping import aimed, in_place, is_stepped, shares, slot, switched
from bot.domain.steps import Shares, shares_of
from bot.errors import Reason, Refused
from bot.manifests import Reading, Rendered, read, render
from bot.ports import Checkout
from bot.usecases.history_pages import entries_of

DEPTH = 500  # commits of a target that are looked through for the last version with all of the traffic

Look = Callable[[Target], Reading]
Name = Callable[[Reading], str | None]


@dataclass(frozen=True)
class Standing:
    """What a target says at a commit; ``version`` and ``variables`` are those of the environment that it inherits from
    where it says nothing of its own, and ``source`` is what that one says.

    While traffic moves in steps ``version`` is the last one that had all of it (None where only history tells), and
    ``candidate``, which gets ``share`` per cent, the one that comes; ``idle`` is what stands in the slot that does not
    serve.
    """

    reading: Reading
    version: str | None
    variables: dict[str, str]
    source: Reading | None = None
    share: int | None = None
    candidate: str | None = None
    candidate_variables: dict[str, str] = field(default_factory=dict)
    second: bool = False
    """With a switch: the candidate's slot serves."""
    idle: str | None = None
    idle_variables: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str | None:
        """The version; else what stands there, or is inherited, in its place. None where nothing is written at all."""
        if self.candidate is not None:
            return self.version
        above = (self.source.raw or self.source.state) if self.source else None
        return self.version or self.reading.raw or above

    @property
    def newest(self) -> str | None:
        """The newest version that gets traffic."""
        return self.candidate if self.candidate is not None and self.share else self.version

    @property
    def leaving(self) -> str | None:
        """What a rollback takes away: the candidate, else what is deployed."""
        return self.candidate or self.shown

    @property
    def said(self) -> tuple[object, ...]:
        """All that it says, for comparing two commits."""
        return (sorted(self.variables.items()), self.share, sorted(self.candidate_variables.items()), self.second)


def standing_in_steps(target: Target, look: Look, name: Name) -> Standing:
    """The standing of a target with steps, by one commit alone."""
    assert target.steps is not None
    said = look(shares(target))
    told = shares_of(target.steps, said.state, said.variables, said.raw, said.message)
    seen = look(slot(target, candidate=isinstance(told, Shares) and told.second))
    if isinstance(told, str):
        return Standing(replace(seen, state="unreadable", version=None, variables={}, message=told), None, {})
    if seen.state != "pinned":
        return Standing(seen, None, {})
    if switched(target):
        return _switched(target, look, name, seen, told)
    if in_place(target):
        return _in_place(seen, name, told)
    return _two_slots(target, look, name, seen, told)


def _switched(target: Target, look: Look, name: Name, seen: Reading, told: Shares) -> Standing:
    other = look(slot(target, candidate=not told.second))
    idle = name(other) if other.state == "pinned" else None
    said = dict(other.variables) if idle is not None else {}
    return Standing(seen, name(seen), dict(seen.variables), second=told.second, idle=idle, idle_variables=said)


def _in_place(seen: Reading, name: Name, told: Shares) -> Standing:
    if told.percent == 100:
        return Standing(seen, name(seen), dict(seen.variables), share=None)
    return Standing(
        seen, None, {}, share=told.percent, candidate=name(seen) or "", candidate_variables=dict(seen.variables)
    )


def _two_slots(target: Target, look: Look, name: Name, seen: Reading, told: Shares) -> Standing:
    plain = Standing(seen, name(seen), dict(seen.variables))
    other = look(slot(target, candidate=True)) if told.percent else None
    if other is None or other.state != "pinned":
        return plain
    return replace(plain, share=told.percent, candidate=name(other) or "", candidate_variables=dict(other.variables))


def last_whole(
    checkout: Checkout, commit: str, target: Target, stood: Callable[[HistoryEntry, Target], Standing]
) -> Standing | None:
    """The last standing in which one version had all of the traffic, out of the history of what is in place."""
    entries = entries_of(checkout, commit, sorted(target.files), DEPTH)
    return next((seen for entry in entries if (seen := stood(entry, target)).version is not None), None)


def last_written(
    checkout: Checkout, commit: str, target: Target, stood: Callable[[HistoryEntry, Target], Standing]
) -> str | None:
    """With a switch: the version that was last written into the idle slot, where nothing else moved since."""
    two = [stood(entry, target) for entry in itertools.islice(entries_of(checkout, commit, sorted(target.files), 2), 2)]
    same = len(two) == 2 and two[0].second == two[1].second and two[0].version == two[1].version
    return two[0].idle if same and two[0].idle != two[1].idle else None


def render_in_steps(target: Target, files: Mapping[str, bytes], aim: Aim) -> Rendered:
    """The version's share is always stated: what an earlier step left in the file would hold for this one too.

    Raises Refused(STEPS_UNSUPPORTED) where the policy has no steps for it any more.
    """
    if not is_stepped(target):
        raise Refused(
            Reason.STEPS_UNSUPPORTED,
            f"{target.model} in {target.environment} goes in steps no more, and this is a step.",
            "Close it and ask again, or declare steps for it in the policy.",
        )
    second = False
    if switched(target):
        now = standing_in_steps(target, lambda one: read(one, files), lambda _: None)
        second = now.second if holds(now.variables, aim.variables) else not now.second
    bound, more = aimed(target, 100 if aim.percent is None else aim.percent, second)
    return render(bound, files, {**aim.variables, **more})


def holds(said: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether a place says what these values would be written as."""
    return bool(said) and all(wanted.get(name) == value for name, value in said.items())
