"""`slackops check`: what a checkout's policy and targets say, and whom its approver groups resolve to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.policy import Environment, Policy, PolicyInvalid, Target
from bot.domain.policy.approval_rules import OWNERS, refs_of
from bot.domain.policy.stepping import is_stepped, with_steps
from bot.errors import Refused, SlackOpsError
from bot.manifests import Reading
from bot.ports import Chat, Forge
from bot.usecases.fleet import Fleet
from bot.usecases.fleet_places import Placed
from bot.usecases.names import VersionNames
from bot.usecases.repo import SINGLE, Repo

FAULTY = frozenset({"mixed", "unreadable"})


@dataclass(frozen=True)
class CheckLine:
    """One model in one environment. ``version`` is None where only an id is written that the registry did not name;
    ``message`` says what is wrong, where something is."""

    model: str
    environment: str
    state: str
    version: str | None
    variables: dict[str, str] = field(hash=False)
    raw: str | None
    file: str
    line: int
    message: str | None = None

    @property
    def faulty(self) -> bool:
        """Whether this is a fault of the repo: nothing could be promoted or rolled back here."""
        return self.state in FAULTY

    def as_json(self) -> dict[str, Any]:
        """The shape that scripts rely on."""
        names = ("model", "environment", "state", "version", "variables", "raw", "file", "line")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class GroupLine:
    """One reference among an environment's approvers: a person, or a ``group`` with its members. They are None where
    nobody could be asked; ``note`` says why."""

    environment: str
    reference: str
    members: tuple[str, ...] | None
    note: str = ""
    group: bool = True


@dataclass(frozen=True)
class Directory:
    """Who can be asked about groups. Where one is None, ``missing`` says what it needs, by `slack` and `github`."""

    chat: Chat | None = None
    forge: Forge | None = None
    missing: dict[str, str] = field(default_factory=dict, hash=False)


def check(repo: Repo, base: str) -> tuple[CheckLine, ...]:
    """Every target of the policy at a commit, by model and promotion order. Raises PolicyInvalid."""
    view = Fleet(repo.checkout, repo.policy).view(base)
    places = ((model, stage.name) for model in view.models for stage in view.policy.environments)
    found = (view.placed[place] for place in places if place in view.placed)
    return tuple(_stepped(repo, base, view.policy, one) or _settled(repo, view.policy, one) for one in found)


def _settled(repo: Repo, policy: Policy, one: Placed) -> CheckLine:
    return _line(repo.names, policy, one.target, one.reading, one.holds)


def _stepped(repo: Repo, base: str, policy: Policy, one: Placed) -> CheckLine | None:
    """Where traffic moves in steps, the version is the last one that had all of it."""
    target = with_steps(one.target, policy.steps_for(one.place.model, one.place.environment))
    if not is_stepped(target):
        return None
    told = repo.standing(base, target)
    line = _line(repo.names, policy, target, told.reading, told.reading)
    return replace(line, version=told.version, variables=dict(sorted(told.variables.items())))


def _line(names: VersionNames, policy: Policy, target: Target, seen: Reading, holds: Reading | None) -> CheckLine:
    pinned = holds if holds is not None and holds.state == "pinned" else None
    return CheckLine(
        model=target.model,
        environment=target.environment,
        state=seen.state,
        version=_version(names, policy.registered_name(target.model), pinned) if pinned else None,
        variables=dict(sorted(holds.variables.items())) if holds else {},
        raw=seen.raw,
        file=seen.file,
        line=seen.line,
        message=seen.message,
    )


def _version(names: VersionNames, registered: str, pinned: Reading) -> str | None:
    """The version's name. Where the registry does not tell, an id in words stands for it: that is none."""
    if pinned.version is not None:
        return pinned.version
    ids = (("model", pinned.variables.get("model_id")), ("run", pinned.variables.get("run_id")))
    name = names.name(registered, pinned)
    return None if name in {f"{word} {value}" for word, value in ids} | {pinned.raw} else name


def undeclared(policy: Policy, lines: tuple[CheckLine, ...]) -> tuple[str, ...]:
    """Models that the policy names and that no target declares anywhere."""
    declared = {line.model for line in lines}
    return tuple(name for name in policy.models if name not in declared)


def approvers(policy: Policy, directory: Directory) -> Iterator[GroupLine]:
    """Whom each environment's approvers resolve to, one line a reference."""
    for environment in policy.environments:
        for reference in dict.fromkeys((*environment.approvals.refs, *_owners(policy, environment))):
            yield _resolved(environment.name, reference, directory)


def _owners(policy: Policy, environment: Environment) -> Iterator[str]:
    """Whom `owners` of a rule stands for, of any model."""
    if OWNERS in refs_of(environment.approvals.rules):
        yield from (owner for model in policy.models.values() for owner in model.owners)


def _resolved(environment: str, reference: str, directory: Directory) -> GroupLine:
    kind, _, name = reference.partition(":")
    group = name.startswith(("S", "@")) if kind == "slack" else "/" in name
    if not group:
        return GroupLine(environment, reference, (name,), group=False)
    if (directory.chat if kind == "slack" else directory.forge) is None:
        return GroupLine(environment, reference, None, f"not resolved here: {directory.missing.get(kind, 'no access')}")
    try:
        return GroupLine(environment, reference, tuple(sorted(_members(kind, name, directory))))
    except SlackOpsError as why:
        return GroupLine(environment, reference, None, f"not resolved: {why}")


def _members(kind: str, name: str, directory: Directory) -> frozenset[str]:
    if kind == "slack" and directory.chat:
        return directory.chat.user_group(name)
    organisation, _, team = name.partition("/")
    return directory.forge.team_members(organisation, team) if directory.forge else frozenset()


def policy_faults(why: Refused) -> list[dict[str, Any]]:
    """A policy that cannot be used, as scripts are told of it."""
    if isinstance(why, PolicyInvalid):
        return [{"file": f.file, "line": f.line, "key": f.key, "message": f.message} for f in why.faults]
    return [{"file": SINGLE, "line": 0, "key": "", "message": why.message}]
