"""The deployment repo, read: the policy and the targets at one commit."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.change import Action, Aim, Edit, Intent
from bot.domain.decide import Deployed
from bot.domain.facts import HistoryEntry
from bot.domain.policy import Environment, Policy, Target, parse_policy
from bot.domain.policy.stepping import is_stepped, switched
from bot.errors import Reason, Refused
from bot.manifests import Reading, Rendered, read, render, restore, unpin
from bot.ports import Checkout
from bot.usecases.fleet import Fleet
from bot.usecases.names import VersionNames
from bot.usecases.standing import Standing, last_whole, last_written, render_in_steps, standing_in_steps

SINGLE, FOLDER = ".slackops.yaml", ".slackops"


class Repo:
    """Reads at commits; what a commit holds never changes, so policies are kept by commit."""

    def __init__(self, checkout: Checkout, names: VersionNames) -> None:
        self.checkout = checkout
        self.names = names
        self.back: Repo = self  # the same for what takes a target back: see `last_good`
        self.policy = functools.lru_cache(maxsize=8)(self._policy)
        self.fleet = Fleet(checkout, self.policy)
        self._chain = functools.lru_cache(maxsize=256)(self._chain_of)
        self._reading_of = functools.lru_cache(maxsize=4096)(self._read_blobs)
        self._whole = functools.lru_cache(maxsize=256)(self._last_whole)

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

    def files(self, commit: str, target: Target) -> dict[str, bytes]:
        """The target's files at a commit."""
        return self.checkout.read(commit, sorted(target.files))

    def reading(self, commit: str, target: Target) -> Reading:
        """What the target pins at a commit."""
        return read(target, self.files(commit, target))

    def standing(self, commit: str, target: Target) -> Standing:
        """What the target says at a commit, with the version's name, and with what is inherited."""
        seen = self._standing(target, lambda one: self.reading(commit, one))
        if seen.candidate is None or seen.version is not None:
            return seen
        whole = self._whole(commit, target)
        return replace(seen, version=whole.version, variables=dict(whole.variables)) if whole else seen

    def stood(self, entry: HistoryEntry, target: Target) -> Standing:
        """The same of a commit of the target's history. Blobs that were read before are not read again."""
        return self._standing(target, lambda one: self._reading_of(one, _blobs_of(one, entry.blobs)))

    def _last_whole(self, commit: str, target: Target) -> Standing | None:
        return last_whole(self.checkout, commit, target, self.stood)

    def _standing(self, target: Target, look: Callable[[Target], Reading]) -> Standing:
        if is_stepped(target):
            return standing_in_steps(target, look, lambda seen: self.names.name(self.registered(target), seen))
        seen = look(target)
        if seen.state == "pinned":
            return Standing(seen, self.names.name(self.registered(target), seen), dict(seen.variables))
        for source in self.inherited_from(target) if seen.state == "inherited" else ():
            above = look(source)
            if above.state != "inherited":
                version = self.names.name(self.registered(source), above) if above.state == "pinned" else None
                return Standing(seen, version, dict(above.variables), above)
        return Standing(seen, None, {})

    def _read_blobs(self, target: Target, blobs: tuple[tuple[str, str], ...]) -> Reading:
        contents = self.checkout.contents([blob for _, blob in blobs])
        return read(target, {file: contents[blob] for file, blob in blobs if blob in contents})

    def inherited_from(self, target: Target) -> tuple[Target, ...]:
        """The target of the environment that this one inherits from, the one that that inherits from, and so on; by
        the policy of the default branch."""
        return self._chain(self.checkout.head(), target)

    def _chain_of(self, head: str, target: Target) -> tuple[Target, ...]:
        passed, chain = {target.environment}, list[Target]()
        while (above := next((b.inherits for b in target.bindings if b.inherits), None)) and above not in passed:
            passed.add(above)
            source = target_at(self.policy(head), self, head, target.model, above)
            if source is None:
                break
            chain.append(source)
            target = source
        return tuple(chain)

    def candidate_at(self, commit: str, target: Target) -> str | None:
        """The newest version that gets traffic at a commit, be it a part of it: what a rollout engine reports about."""
        found = last_written(self.checkout, commit, target, self.stood) if switched(target) else None
        return found or self.standing(commit, target).newest

    def deployed(self, commit: str, target: Target) -> Deployed:
        """The same, as decisions see it."""
        seen = self.standing(commit, target)
        told = seen.reading
        raw = seen.shown if told.state == "inherited" else told.raw
        return Deployed(told.state, seen.version, raw, told.file, told.line, told.message)

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
        done, now = self._carried_out(commit, target, aim), self.standing(commit, target)
        to = self.without_pin(commit, target) if aim.unpin else like.to
        inherited = now.shown or "" if now.reading.state == "inherited" else ""
        edits = tuple(_told(edit, inherited, to if aim.unpin else "") for edit in done.edits)
        away = like.action is Action.ROLLBACK or aim.percent == 0
        return replace(like, frm=now.leaving if away else now.shown, to=to, edits=edits, percent=aim.percent)

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

    def _unpinned(self, commit: str, target: Target, files: Mapping[str, bytes]) -> Rendered:
        """Raises Refused where an environment that should still say the version would not either."""
        done = unpin(target, files)
        policy = self.policy(self.checkout.head())
        shared = (target_at(policy, self, commit, target.model, name) for name in target.shared_with)
        for other in (*self.inherited_from(target), *(one for one in shared if one)):
            before = read(other, self.files(commit, other))
            after = read(other, {**self.files(commit, other), **done.files})
            if (before.state, before.variables) != (after.state, after.variables):
                raise Refused(
                    Reason.NOT_SUPPORTED,
                    f"{other.environment} has the same pin as {target.environment}, and would say nothing without it.",
                    "Give each environment a value of its own first.",
                )
        return done

    def served(self, policy: Policy, commit: str, target: Target) -> tuple[str, ...]:
        """The other environments that a change of the target moves: those that share its values, and those that say
        nothing of their own and inherit from one of these."""
        moved = [target.environment, *target.shared_with]
        for stage in policy.environments:
            if stage.name not in moved and self._follows(policy, commit, target.model, stage.name, moved):
                moved.append(stage.name)
        return tuple(name for name in moved if name != target.environment)

    def _follows(self, policy: Policy, commit: str, model: str, environment: str, moved: list[str]) -> bool:
        target = target_at(policy, self, commit, model, environment)
        if target is None or not any(b.inherits for b in target.bindings):
            return False
        if self.reading(commit, target).state != "inherited":
            return False
        for source in self.inherited_from(target):
            if source.environment in moved:
                return True
            if self.reading(commit, source).state != "inherited":
                break
        return False

    def rules(self, policy: Policy, commit: str, target: Target) -> Environment:
        """The environment under whose rules a change of the target stands: the strictest of all that it moves."""
        return policy.judged_by(replace(target, shared_with=self.served(policy, commit, target)))

    def _carried_out(self, commit: str, target: Target, aim: Aim) -> Rendered:
        files = self.files(commit, target)
        if aim.unpin:
            return self._unpinned(commit, target, files)
        if is_stepped(target) or aim.percent is not None:
            return render_in_steps(target, files, aim)
        if aim.blocks_of:
            return restore(target, files, self.files(aim.blocks_of, target), aim.variables)
        return render(target, files, aim.variables)


def _told(edit: Edit, before: str, after: str) -> Edit:
    """What is inherited in the place of nothing is part of the edit: when it moves, the change means something else."""
    old = replace(edit.old, text=before) if edit.old.type == "absent" else edit.old
    new = replace(edit.new, text=after) if edit.new.type == "absent" else edit.new
    return replace(edit, old=old, new=new)


def _blobs_of(target: Target, blobs: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((file, blobs[file]) for file in target.files if file in blobs)


def find_target(policy: Policy, repo: Repo, commit: str, model: str, environment: Environment) -> Target:
    """The target of a model in an environment. Raises Refused(UNKNOWN_MODEL | NO_TARGET)."""
    target = target_at(policy, repo, commit, model, environment.name)
    if target is not None:
        return target
    known = known_models(repo, commit)
    if model not in known:
        raise unknown_model(model, known)
    raise Refused(
        Reason.NO_TARGET,
        f"{model} has no target in {environment.name}.",
        f"Add models.{model}.targets.{environment.name} or a layout to the policy.",
    )


def rules_of(policy: Policy, repo: Repo, commit: str, model: str, environment: str) -> Environment:
    """`Repo.rules` by names; the environment's own where there is no target."""
    stage = policy.environment(environment)
    target = target_at(policy, repo, commit, model, stage.name)
    return repo.rules(policy, commit, target) if target else stage


def target_at(policy: Policy, repo: Repo, commit: str, model: str, environment: str) -> Target | None:
    """The model's own target, else the first layout whose files are there at the commit."""
    return policy.target_for(model, environment, lambda path: bool(repo.checkout.read(commit, [path])))


def known_models(repo: Repo, commit: str) -> list[str]:
    """Models that the policy names or a layout finds, sorted."""
    return list(repo.fleet.view(commit).models)


def unknown_model(model: str, known: list[str]) -> Refused:
    """The model is not declared; the nearest that is, named."""
    near = difflib.get_close_matches(model, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Declared are: {', '.join(known[:10]) or 'none'}."
    return Refused(Reason.UNKNOWN_MODEL, f"The deployment repo declares no model {model!r}.", hint)
