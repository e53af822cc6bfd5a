"""Which targets a report is about: those of today's policy, and those that it, or the repo, does not hold any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.change import Change
from bot.domain.policy import Policy, Target
from bot.errors import Refused
from bot.usecases.repo import FOLDER, SINGLE, Repo, known_models, target_at

OLDER = 50  # policies that are looked through


def declared(policy: Policy, repo: Repo, commit: str, models: Iterable[str]) -> Iterator[Target]:
    """What these models have at a commit, in promotion order."""
    for model in models:
        for stage in policy.environments:
            target = target_at(policy, repo, commit, model, stage.name)
            if target is not None:
                yield target


def gone(repo: Repo, base: str, today: Iterable[Target], merged: Iterable[Change], since: float | None) -> list[Target]:
    """Targets that are not declared today: as the policies of the period declared them, and as changes of ours last
    moved them. Who takes a target out of the policy, or its files out of the repo, takes nothing out of the report."""
    found = {(one.model, one.environment): one for one in today}
    known = set(found)
    for target in (*_of_changes(repo, merged, known), *_of_policies(repo, base, since)):
        found.setdefault((target.model, target.environment), target)
    return [target for place, target in found.items() if place not in known]


def _of_changes(repo: Repo, merged: Iterable[Change], known: set[tuple[str, str]]) -> Iterator[Target]:
    newest = {(one.intent.model, one.intent.environment): one.merge_commit for one in merged if one.merge_commit}
    for (model, environment), commit in newest.items():
        if (model, environment) in known or not repo.checkout.ensure(commit):
            continue
        try:
            target = target_at(repo.policy(commit), repo, commit, model, environment)
        except Refused:
            continue
        if target is not None:
            yield target


def _of_policies(repo: Repo, base: str, since: float | None) -> Iterator[Target]:
    """As each policy stood right before it was changed, the newest first."""
    files = {SINGLE, *(path for path in repo.checkout.folder(base, FOLDER) if path.endswith((".yaml", ".yml")))}
    for entry in repo.checkout.history(base, sorted(files), OLDER):
        if entry.parent is None or (since is not None and entry.time < since):
            return
        try:
            policy = repo.policy(entry.parent)
            yield from declared(policy, repo, entry.parent, known_models(repo, entry.parent))
        except Refused:
            continue
