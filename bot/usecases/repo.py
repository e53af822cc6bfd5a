"""The deployment repo, read: the policy and the targets at one commit."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.change import Aim, Intent
from bot.domain.decide import Deployed
from bot.domain.policy import Environment, Policy, Target, parse_policy
from bot.errors import Reason, Refused
from bot.manifests import Reading, Rendered, read, render, restore, unpin
from bot.ports import Checkout
from bot.usecases.names import VersionNames

SINGLE, FOLDER = ".slackops.yaml", ".slackops"


@dataclass(frozen=True)
class Standing:
    """What a target says at a commit; ``version`` and ``variables`` are those of the environment that it inherits from
    where it says nothing of its own."""

    reading: Reading
    version: str | None
    variables: dict[str, str]


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
        return self.checkout.read(commit, sorted(target.files))

    def reading(self, commit: str, target: Target) -> Reading:
        """What the target pins at a commit."""
        return read(target, self.files(commit, target))

    def standing(self, commit: str, target: Target) -> Standing:
        """The same with the version's name, and with what is inherited."""
        seen = self.reading(commit, target)
        if seen.state == "pinned":
            return Standing(seen, self.names.name(self.registered(target), seen), dict(seen.variables))
        for source in self.inherited_from(target) if seen.state == "inherited" else ():
            above = self.reading(commit, source)
            if above.state != "inherited":
                version = self.names.name(self.registered(source), above) if above.state == "pinned" else None
                return Standing(seen, version, dict(above.variables))
        return Standing(seen, None, {})

    def inherited_from(self, target: Target) -> Iterator[Target]:
        """The target of the environment that this one inherits from, the one that that inherits from, and so on."""
        passed = {target.environment}
        while (above := next((b.inherits for b in target.bindings if b.inherits), None)) and above not in passed:
            passed.add(above)
            head = self.checkout.head()
            source = target_at(self.policy(head), self, head, target.model, above)
            if source is None:
                return
            yield source
            target = source

    def deployed(self, commit: str, target: Target) -> Deployed:
        """The same, as decisions see it."""
        seen = self.standing(commit, target)
        told = seen.reading
        return Deployed(told.state, seen.version, told.raw, told.file, told.line, told.message)

    def registered(self, target: Target) -> str:
        """The target's model by its name in the registry, after the policy of the default branch."""
        try:
            return self.policy(self.checkout.head()).registered_name(target.model)
        except Refused:
            return target.model

    def rendered(self, commit: str, target: Target, aim: Aim) -> dict[str, bytes]:
        """The files that change when the aim is carried out, whole, as they would be. Raises Refused."""
        return dict(self._carried_out(commit, target, aim).files)

    def intent(self, commit: str, target: Target, like: Intent, aim: Aim) -> Intent:
        """``like`` rendered on this commit: same aim, today's starting point and edits. Raises Refused."""
        edits = self._carried_out(commit, target, aim).edits
        now = self.standing(commit, target)
        to = self.without_pin(commit, target) if aim.unpin else like.to
        return replace(like, frm=now.version or now.reading.raw, to=to, edits=edits)

    def without_pin(self, commit: str, target: Target) -> str:
        """The version that holds once the target says nothing of its own. Raises Refused where that is none."""
        for source in self.inherited_from(target):
            above = self.standing(commit, source)
            if above.version:
                return above.version
            break
        raise Refused(
            Reason.NOT_PINNED,
            f"Without a pin of its own nothing says which {target.model} runs in {target.environment}.",
            "Set when_absent: inherit:ENVIRONMENT for it in the policy, and pin a version there.",
        )

    def _carried_out(self, commit: str, target: Target, aim: Aim) -> Rendered:
        files = self.files(commit, target)
        if aim.unpin:
            return unpin(target, files)
        if aim.blocks_of:
            return restore(target, files, self.files(aim.blocks_of, target), aim.variables)
        return render(target, files, aim.variables)


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


def rules_of(policy: Policy, repo: Repo, commit: str, model: str, environment: str) -> Environment:
    """The environment under whose rules a change of the target stands: those of every environment that shares its
    values are in it. Where there is no target, its own."""
    stage = policy.environment(environment)
    target = target_at(policy, repo, commit, model, stage.name)
    return policy.judged_by(target) if target else stage


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
