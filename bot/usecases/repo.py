"""The deployment repo, read: the policy and the targets at one commit."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from bot.domain.change import Intent
from bot.domain.decide import Deployed
from bot.domain.policy import Environment, Policy, Target, parse_policy
from bot.errors import Reason, Refused
from bot.manifests import Reading, read, render
from bot.ports import Checkout
from bot.usecases.names import VersionNames

SINGLE, FOLDER = ".slackops.yaml", ".slackops"


class Repo:
    """Reads at commits; what a commit holds never changes, so policies are kept by commit."""

    def __init__(self, checkout: Checkout, names: VersionNames) -> None:
        self.checkout = checkout
        self.names = names
        self.policy = functools.lru_cache(maxsize=8)(self._policy)
        self.listing = functools.lru_cache(maxsize=4)(self._listing)

    def _policy(self, commit: str) -> Policy:
        extra = [p for p in self.checkout.folder(commit, FOLDER) if p.endswith((".yaml", ".yml"))]
        files = self.checkout.read(commit, [SINGLE, *extra])
        if not files:
            raise Refused(
                Reason.POLICY_INVALID,
                "The deployment repo has no policy.",
                f"Add {SINGLE} to its default branch; `slackops init` proposes one.",
            )
        return parse_policy(files)

    def _listing(self, commit: str) -> tuple[str, ...]:
        return tuple(self.checkout.paths(commit))

    def files(self, commit: str, target: Target) -> dict[str, bytes]:
        """The target's files at a commit."""
        return self.checkout.read(commit, sorted({binding.file for binding in target.bindings}))

    def reading(self, commit: str, target: Target) -> Reading:
        """What the target pins at a commit."""
        return read(target, self.files(commit, target))

    def deployed(self, commit: str, target: Target) -> Deployed:
        """The same, as decisions see it."""
        seen = self.reading(commit, target)
        version = self.names.name(self.registered(target), seen) if seen.state == "pinned" else None
        return Deployed(seen.state, version, seen.raw, seen.file, seen.line, seen.message)

    def registered(self, target: Target) -> str:
        """The target's model by its name in the registry, after the policy of the default branch."""
        try:
            return self.policy(self.checkout.head()).registered_name(target.model)
        except Refused:
            return target.model

    def rendered(self, commit: str, target: Target, variables: Mapping[str, str]) -> dict[str, bytes]:
        """The files that change when the variables are put in, whole, as they would be."""
        return dict(render(target, self.files(commit, target), variables).files)

    def intent(self, commit: str, target: Target, like: Intent, variables: Mapping[str, str]) -> Intent:
        """``like`` rendered on this commit: same aim, today's starting point and edits. Raises Refused."""
        files = self.files(commit, target)
        edits = render(target, files, variables).edits
        frm = self.names.name(self.registered(target), read(target, files))
        return Intent(like.action, like.model, like.environment, frm, like.to, like.artifact_digest, edits)


def find_target(policy: Policy, repo: Repo, commit: str, model: str, environment: Environment) -> Target:
    """The target of a model in an environment. Raises Refused(UNKNOWN_MODEL | NO_TARGET)."""
    target = target_at(policy, repo, commit, model, environment.name)
    if target is not None:
        return target
    known = known_models(policy, repo, commit)
    if model not in known:
        raise unknown_model(model, known)
    raise Refused(
        Reason.NO_TARGET,
        f"{model} has no target in {environment.name}.",
        f"Add models.{model}.targets.{environment.name} or a layout to the policy.",
    )


def target_at(policy: Policy, repo: Repo, commit: str, model: str, environment: str) -> Target | None:
    """The model's own target, else the first layout whose files are there at the commit."""
    return policy.target_for(model, environment, lambda path: bool(repo.checkout.read(commit, [path])))


def known_models(policy: Policy, repo: Repo, commit: str) -> list[str]:
    """Models that the policy names or a layout finds, sorted."""
    found = {match[0] for path in repo.listing(commit) if (match := policy.match_layout(path)) is not None}
    return sorted(found | set(policy.models))


def unknown_model(model: str, known: list[str]) -> Refused:
    """The model is not declared; the nearest that is, named."""
    import difflib

    near = difflib.get_close_matches(model, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Declared are: {', '.join(known[:10]) or 'none'}."
    return Refused(Reason.UNKNOWN_MODEL, f"The deployment repo declares no model {model!r}.", hint)
