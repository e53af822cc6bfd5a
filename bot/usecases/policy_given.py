"""The facts of one policy test, as the bot's own functions ask for them: groups without Slack, teams without GitHub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.approvals import Askers, SeenReview
from bot.domain.change import Action, Change, ChangeState, Edit, Intent, Scalar
from bot.domain.facts import Pull, Verdict
from bot.domain.gates import GateResult
from bot.domain.people import Person, Standing
from bot.domain.policy import Environment
from bot.domain.policy_case import Given, ReviewGiven
from bot.domain.policy_case_files import PolicyCase
from bot.domain.policy_case_values import moment_of
from bot.domain.stops import Banned, Frozen, Stops
from bot.domain.waiving import gate_named, new_waiver, with_waivers
from bot.usecases.context import Context
from bot.usecases.identity import askers_of
from bot.usecases.planning_context import SilentRegistry, planning_context
from bot.usecases.policy_people import TEAM, At, GivenPeople

_SAYS = {
    "approve": Verdict.APPROVED,
    "request_changes": Verdict.CHANGES_REQUESTED,
    "dismissed": Verdict.DISMISSED,
}
SOMEBODY = Person(team=TEAM, user="U0SOMEBODY")
"""Who set a freeze or a ban."""


def context_of(case: PolicyCase) -> Context:
    """Ports that answer out of the file, and nothing else."""
    people: Any = people_of(case)
    nothing: Any = None
    ctx = planning_context(nothing, SilentRegistry("a policy test asks no registry"), At(moment_of(case.given.now)))
    return replace(ctx, chat=people, forge=people, links=people, changes=people)


def person_of(case: PolicyCase, who: str) -> Person:
    """Somebody by `slack:U…` or by an account; an account that nobody linked has a Slack user of its own."""
    if who.startswith("slack:"):
        return Person(team=TEAM, user=who.removeprefix("slack:"))
    user = {login.casefold(): user for login, user in case.people.items()}.get(who.casefold())
    return Person(team=TEAM, user=user or f"U-{who}")


def intent_of(given: Given, environment: Environment) -> Intent:
    """One made-up edit from what is pinned to what is asked for; none where these are the same."""
    frm = given.deployed.version if given.deployed else None
    to = given.version or ""
    old = Scalar("str", frm) if frm is not None else Scalar("absent", "")
    edits = () if frm == to else (Edit("policy-test.yaml", "version", old, Scalar("str", to), 1),)
    return Intent(Action(given.action), given.model or "", environment.name, frm, to, None, edits)


def change_of(case: PolicyCase, intent: Intent, at: float) -> Change:
    """The change as it is recorded once it is proposed."""
    given = case.given
    asked = [who for who in (given.by, *given.also_by) if who]
    people = tuple(person_of(case, who) for who in asked)
    logins = tuple(who for who in asked if not who.startswith("slack:"))
    return Change(
        id="policy-test",
        intent=intent,
        requesters=people,
        reason=None,
        created_at=at,
        base="base",
        branch="policy-test",
        state=ChangeState.OPEN,
        number=1,
        head="head",
        swift=intent.action is Action.ROLLBACK and given.swift,
        logins=logins,
        held_by=SOMEBODY if given.held else None,
    )


def pull_of(at: float) -> Pull:
    """Its pull request: open, and nothing of the forge in the way."""
    return Pull(
        number=1,
        url="",
        title="",
        body="",
        author="slackops[bot]",
        state="open",
        merged=False,
        head="head",
        head_ref="policy-test",
        base="base",
        base_ref="main",
        labels=(),
        updated_at=at,
        mergeable=True,
    )


def people_of(case: PolicyCase) -> GivenPeople:
    """Who is who in it."""
    return GivenPeople(case.people, case.groups, case.given.native_reviews)


def reviews_of(case: PolicyCase) -> list[SeenReview]:
    """The reviews, as they are after everything about them was looked up."""
    people = people_of(case)
    return [_review(one, place, people) for place, one in enumerate(case.given.reviews, 1)]


def _review(one: ReviewGiven, place: int, people: GivenPeople) -> SeenReview:
    slack = one.by.startswith("slack:")
    person = Person(team=TEAM, user=one.by.removeprefix("slack:")) if slack else people.by_login(one.by)
    return SeenReview(
        login=one.by,
        person=person,
        verdict=_SAYS[one.says],
        same_change=one.same_change,
        may_write=one.may_write and not slack,
        id=place,
        robot=one.by.endswith("[bot]"),
        standing=Standing(one.standing),
        recorded=one.recorded,
    )


def askers_in(case: PolicyCase, ctx: Context, change: Change) -> Askers:
    """Who asked for it, and who wrote to its branch."""
    people = people_of(case)
    editors = case.given.editors
    linked = (people.by_login(one) for one in editors)
    return replace(
        askers_of(ctx, change), editors=editors, editor_people=tuple(one for one in linked if one is not None)
    )


def stops_of(given: Given) -> Stops:
    """What is frozen and what is banned."""
    freezes = tuple(
        Frozen(one.environment, one.model, SOMEBODY, 0.0, str(place), moment_of(one.until) if one.until else None)
        for place, one in enumerate(given.freezes)
    )
    return Stops(freezes, tuple(Banned(given.model or "", one, SOMEBODY, 0.0, one) for one in given.bans))


def waived_in(given: Given, results: Sequence[GateResult], digest: str, now: float) -> tuple[GateResult, ...]:
    """The results with the waivers that are given. Raises Refused(UNKNOWN_GATE) for a gate that judges nothing here."""
    gates = with_waivers(results, (), digest)
    named = [gate_named(gates, name) for name in given.waived]
    waivers = [new_waiver(gate, SOMEBODY, "as the test says", now, digest, gate.name) for gate in named]
    return with_waivers(results, waivers, digest)
