"""The checks of doctor: ask, then let the pure functions judge."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.doctor import Finding, fail, own, people, rules, slack
from bot.domain.doctor import github as on_github
from bot.domain.doctor.people import MayApprove
from bot.domain.doctor.retraining import check_retraining
from bot.domain.github_manifest import lacking
from bot.domain.people import Person
from bot.domain.policy import Policy, PolicyInvalid
from bot.errors import Fatal, Refused
from bot.ports import Chat, Ci, Forge, Links, Registry
from bot.ports.probes import ForgeProbe, SlackProbe, StoreProbe
from bot.usecases import doctor_asked as asked
from bot.usecases.check import check, undeclared
from bot.usecases.ci_places import known_repos
from bot.usecases.doctor import Check
from bot.usecases.doctor_drift import DriftProbes
from bot.usecases.repo import Repo

MOST_PEOPLE = 100
"""Approvers that are looked at in one environment."""


@dataclass(frozen=True)
class Configured:
    """What the settings say, without a secret. ``linking``: the settings that linking lacks; ``heard``: by engine,
    whether anything tells of it; ``poll`` in seconds; ``keys``: how many there are."""

    public_url: str | None
    signed: bool
    app_token: bool
    hook_secret: bool
    poll: float
    keys: int
    linking: tuple[str, ...] = ()
    heard: Mapping[str, bool] = field(default_factory=dict, hash=False)


@dataclass
class Doctor:
    """Whom to ask. ``links`` is None where the database has no links to tell of. Every check may run on a thread."""

    configured: Configured
    slack: SlackProbe
    hub: ForgeProbe
    store: StoreProbe
    chat: Chat
    forge: Forge
    registry: Registry
    repo: Repo
    links: Links | None
    policy: Policy | None = None
    ci: Ci | None = None
    drift: DriftProbes | None = None
    variable: Callable[[str], str | None] | None = None
    """The value of an environment variable of the bot; None: nobody can tell."""

    def first(self) -> dict[str, Check]:
        """What needs no policy. After these `policy` is known, or None."""
        return {
            "store": self._store,
            "policy": self._policy,
            "slack token": lambda: slack.check_self(self.slack.myself()),
            "slack delivery": self._delivery,
            "clock": lambda: [on_github.check_clock(self.hub.skew())],
            "github webhook": self._hook,
        }

    def then(self) -> dict[str, Check]:
        """What the policy makes worth asking; where it cannot be read, only what is asked anyway."""
        if self.policy is None:
            return {"github app": self._app, "linking": self._linking}
        return {
            "github app": self._app,
            "linking": self._linking,
            "channel": self._channels,
            "user group": self._groups,
            "team": self._teams,
            "slack user": self._users,
            "branch rules": self._rules,
            **{f"approvers of {stage.name}": self._approvers(stage.name) for stage in self.policy.environments},
            "rollback alone": self._alone,
            "target": self._targets,
            "registry": self._registry,
            "ci": self._repos,
            "drift": self._drift,
            "retrain": lambda: check_retraining(self._known.retrain, self.variable) if self.variable else (),
            "rollouts": lambda: own.check_engines(asked.engines(self._known), self.configured.heard),
        }

    @property
    def _known(self) -> Policy:
        if self.policy is None:
            raise Fatal("The policy is not known.")
        return self.policy

    @cached_property
    def _refs(self) -> tuple[str, ...]:
        return asked.references(self._known)

    def _store(self) -> Iterator[Finding]:
        self.store.write()
        yield own.check_store(*self.store.revision(), self.store.where)
        yield own.check_keys(self.configured.keys, *self.store.links())

    @property
    def _codes(self) -> bool:
        return self.policy is not None and self.policy.device_links

    def _linking(self) -> Iterator[Finding]:
        yield own.check_linking(self.configured.linking, codes=self._codes)

    def _policy(self) -> Iterator[Finding]:
        base = self.repo.checkout.fetch()
        try:
            self.policy = self.repo.policy(base)
        except PolicyInvalid as why:
            yield from own.check_policy([str(fault) for fault in why.faults], 0, enforce=True)
        except Refused as why:
            yield fail("policy", why.message, why.unblock or "")
        else:
            yield from own.check_policy((), len(self.policy.environments), enforce=self.policy.enforce)

    def _delivery(self) -> Iterator[Finding]:
        socket = False
        if self.configured.app_token:
            try:
                self.slack.socket()
                socket = True
            except Fatal as why:
                yield fail("slack app token", str(why), "Make one with connections:write, and set SLACK_APP_TOKEN.")
        yield slack.check_delivery(self.configured.public_url, signed=self.configured.signed, socket=socket)

    def _app(self) -> Iterator[Finding]:
        extras = asked.extras(self.policy) if self.policy else ()
        yield from on_github.check_app(self.hub.app(), self.forge.login, extras)

    def _hook(self) -> Iterator[Finding]:
        seen = self.configured
        yield on_github.check_hook(self.hub.hook(), seen.public_url, seen.poll, secret=seen.hook_secret)

    def _drift(self) -> Iterator[Finding]:
        if self.drift is not None:
            placed = self.repo.fleet.view(self.repo.checkout.head()).placed
            yield from self.drift.findings(self._known, time.time(), placed)

    def _channels(self) -> Iterator[Finding]:
        yield from slack.check_channels({name: self.slack.channel(name) for name in asked.channels(self._known)})

    def _groups(self) -> Iterator[Finding]:
        found = {ref: self.slack.group(_name(ref)) for ref in asked.slack_groups(self._refs)}
        yield from slack.check_groups(found, "user group", "in Slack")

    def _teams(self) -> Iterator[Finding]:
        found = {ref: self._team(ref) for ref in asked.teams(self._refs)}
        yield from slack.check_groups(found, "team", "on GitHub")

    def _team(self, ref: str) -> tuple[str, ...] | None:
        organisation, _, team = _name(ref).partition("/")
        try:
            return tuple(sorted(self.forge.team_members(organisation, team)))
        except (Refused, Fatal):
            return None

    def _users(self) -> Iterator[Finding]:
        users = asked.slack_users(self._refs)
        yield from slack.check_users({ref: self.chat.member(self._user(_name(ref))) for ref in users})

    def _user(self, name: str) -> Person:
        """`U…` is of this workspace, `T…/U…` of that one."""
        team, slash, user = name.partition("/")
        return Person(team=team, user=user) if slash else Person(team=self.chat.team(), user=name)

    def _rules(self) -> Iterator[Finding]:
        policy, app = self._known, self.hub.app()
        queue = app is not None and not lacking(app.granted, ["queue"]).get("merge_queues")
        stages = policy.environments
        uses = rules.Uses(
            app=app.id if app else None,
            enforce=policy.enforce,
            api_commits=policy.commits == "api",
            queue=queue and app is not None and "merge_group" in app.events,
            recorded=tuple(one.name for one in stages if one.approvals.reviews == "recorded-by-bot"),
            unattended=tuple(one.name for one in stages if one.rollout.on_degraded == "rollback"),
        )
        yield from rules.check_rules(self.forge.default_branch, self.forge.rules(), uses)

    def _approvers(self, environment: str) -> Check:
        def look() -> Iterator[Finding]:
            stage = self._known.environment(environment)
            bar, linking = asked.bar_of(stage), own.can_link(self.configured.linking, codes=self._codes)
            found = dict.fromkeys(one for ref in asked.approvers(stage) for one in self._who(ref))
            yield from people.check_approvers(bar, tuple(found)[:MOST_PEOPLE], linking=linking)

        return look

    def _who(self, ref: str) -> Iterator[MayApprove]:
        """The people behind a reference, each with the account that counts."""
        if ref.startswith("github:"):
            for login in (self._team(ref) or ()) if "/" in ref else (_name(ref),):
                yield MayApprove(None, login.casefold(), self.forge.may_write(login))
            return
        grouped = _name(ref).startswith(("S", "@"))
        for user in (self.slack.group(_name(ref)) or ()) if grouped else (_name(ref),):
            yield self._person(user)

    def _person(self, user: str) -> MayApprove:
        account = self.links.login_of(self._user(user)) if self.links else None
        if account is None:
            return MayApprove(user, None, None)
        return MayApprove(None, account.casefold(), self.forge.may_write(account))

    def _alone(self) -> Iterator[Finding]:
        yield from people.check_alone(
            tuple(asked.bar_of(stage) for stage in self._known.environments), self.forge.rules().reviews
        )

    def _targets(self) -> Iterator[Finding]:
        lines = check(self.repo, self.repo.checkout.head())
        faults = [
            (f"{one.file}:{one.line}" if one.line else one.file, one.message or one.state)
            for one in lines
            if one.faulty
        ]
        yield from own.check_targets(len(lines), faults, undeclared(self._known, lines))

    def _repos(self) -> Iterator[Finding]:
        names = known_repos(self._known, self.forge.repository)
        if self.ci is not None:
            yield from on_github.check_repos({name: self.ci.default_branch(name) is not None for name in names})

    def _registry(self) -> Iterator[Finding]:
        policy = self._known
        wanted = {name: policy.registered_name(name) for name in policy.models}
        yield from own.check_registry(wanted, self.registry.models())


def _name(ref: str) -> str:
    return ref.partition(":")[2]
