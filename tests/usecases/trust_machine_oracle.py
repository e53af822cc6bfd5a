"""What a merge must satisfy, written anew from the design, out of raw facts: what stands in Git, what was said on the
forge, who is in which group. It calls no rule of the bot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.domain.change import Change, ChangeState
from bot.domain.facts import CheckState, ForgeReview, Verdict
from bot.domain.people import Person
from tests.usecases.trust_machine_ports import ROBOT
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, PATH, Rules
from tests.usecases.trust_machine_world import METRICS, World, version_in

STATE = "slackops-state"


def judge(world: World, number: int, sha: str) -> None:
    """Note every rule that this merge breaks. Not raised here: the worker would take it for a passing error."""
    change = world.changes.by_number(number)
    if change is None:
        world.crimes.append(f"#{number} is no change")
        return
    world.crimes += [
        f"#{number} {change.intent.action} to {change.intent.to}: {one}" for one in _broken(world, change, number, sha)
    ]
    world.merges += 1


def _broken(world: World, change: Change, number: int, sha: str) -> Iterator[str]:
    swift = change.intent.action == "rollback" and change.intent.to == way_back(world)
    rules = policy_now(world) if not swift else policy_now(world) or world.rules
    if rules is None:
        yield "nobody can read the policy"
        return
    yield from _content(world, change, sha)
    if change.held_by or change.state is not ChangeState.OPEN:
        yield f"held by {change.held_by}, {change.state}"
    if change.intent.to in bans(world):
        yield "banned"
    if breaks_glass(rules, change):
        return
    if change.intent.action != "rollback" and in_debt(world):
        yield "broken glass that nobody reviewed in time"
    if freezes(world) and not (swift and rules.freezes == "ignore"):
        yield "frozen"
    if not rules.auto and (change.merge_asked is None or change.merge_digest != change.intent.digest):
        yield "nobody pressed Merge"
    if not swift:
        yield from _gates(world, rules, change, sha)
    yield from _reviews(world, rules, change, number, sha, swift=swift)


def breaks_glass(rules: Rules, change: Change) -> bool:
    """Somebody who still has the role broke the glass for what the change still means."""
    glass = change.glass
    return glass is not None and f"slack:{glass.by.user}" in rules.glass and glass.digest == change.intent.digest


def in_debt(world: World) -> bool:
    broke = [one for one in world.changes.merged_for(MODEL, ENVIRONMENT) if one.glass and not one.glass.settled_at]
    return any(world.clock.now() >= (one.merged_at or 0.0) + world.rules.within * 3600 for one in broke)


def policy_now(world: World) -> Rules | None:
    """The policy at the head of main; None where it cannot be read."""
    return world.policies[_files(world, world.checkout.remote["main"])[".slackops.yaml"]]


def way_back(world: World) -> str | None:
    """The version that stood before, passing over what is banned and what a rollback left."""
    runs: list[list[Any]] = []
    at: str | None = world.checkout.remote["main"]
    while at:
        version = version_in(_files(world, at).get(PATH))
        if version and runs and runs[-1][0] == version:
            runs[-1][1] = at
        elif version:
            runs.append([version, at])
        at = next(iter(world.checkout.commits[at].parents), None)
    deployed, left, after_rollback = runs[0][0], set[str](), False
    for version, came_with in runs:
        if after_rollback and version != deployed:
            left.add(version)
        after_rollback = came_with in world.rolled_back
        if version != deployed and version not in left and version not in bans(world):
            return str(version)
    return None


def _files(world: World, commit: str) -> dict[str, bytes]:
    return world.checkout.commits[commit].files


def _state(world: World, name: str) -> list[dict[str, Any]]:
    head = world.checkout.remote.get(STATE)
    data = _files(world, head).get(f"{name}.json") if head else None
    return list(json.loads(data)[name]) if data else []


def bans(world: World) -> set[str]:
    return {one["version"] for one in _state(world, "bans") if one["model"] == MODEL}


def freezes(world: World) -> bool:
    from datetime import datetime

    ends = [one.get("until") for one in _state(world, "freezes") if one.get("model") in (None, MODEL)]
    return any(end is None or world.clock.now() < datetime.fromisoformat(end).timestamp() for end in ends)


def _meaning(world: World, commit: str) -> tuple[str | None, str | None] | None:
    """From which version to which a branch goes; None where it does anything else as well."""
    base = world.checkout.merge_base(commit, world.checkout.remote["main"])
    if base is None:
        return None
    before, after = _files(world, base), _files(world, commit)
    old, new = version_in(before.get(PATH)), version_in(after.get(PATH))
    if old is None or new is None:
        return None
    wanted = before[PATH].replace(f'/{old}"'.encode(), f'/{new}"'.encode())
    return (old, new) if {**before, PATH: wanted} == after else None


def _content(world: World, change: Change, sha: str) -> Iterator[str]:
    if _meaning(world, sha) != (world.deployed(), change.intent.to):
        yield f"the branch means {_meaning(world, sha)}, from {world.deployed()}"
    if world.forge._shown(change.number or 0).head != sha:
        yield "another head"


def _gates(world: World, rules: Rules, change: Change, sha: str) -> Iterator[str]:
    if rules.threshold and (world.registry.down or METRICS[int(change.intent.to)] < rules.threshold):
        yield "metric gate"
    states = [one.state for name, one in world.forge._runs.get(sha, {}).items() if name.startswith("ci/")]
    if rules.check and (not states or set(states) != {CheckState.SUCCESS}):
        yield f"check gate {states}"


def _reviews(world: World, rules: Rules, change: Change, number: int, sha: str, *, swift: bool) -> Iterator[str]:
    last: dict[int, ForgeReview] = {}
    for one in world.forge._reviews.get(number, []):
        if one.verdict in (Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.DISMISSED):
            last[one.account] = one
    heads = {whose(world, n) for n, one in last.items() if _approves(world, rules, change, one, sha, swift=swift)}
    required = rules.back if swift else rules.required
    if len(heads) < required:
        yield f"{len(heads)} of {required} approvals"
    for n, one in last.items():
        theirs = n in accounts_of(world, change) or listed(world, rules, n)
        if one.verdict is Verdict.CHANGES_REQUESTED and theirs and n != ROBOT and writes(world, n):
            yield f"{one.login} objects"


def whose(world: World, account: int) -> object:
    """Who is behind an account, as far as links ever told."""
    return next((person for person, known in world.known.items() if account in known), account)


def last_editor(world: World, change: Change, sha: str) -> set[int]:
    """Whoever pushed to the branch last, the bot aside."""
    base = world.checkout.remote["main"]
    mine = world.checkout.ancestors(sha) - world.checkout.ancestors(base)
    pushed = [(world.checkout.commits[one].time, account) for one, account in world.pushed.items() if one in mine]
    return {max(pushed)[1]} if pushed else set()


def accounts_of(world: World, change: Change) -> set[int]:
    """Every account that one of those who asked has ever linked."""
    people = {*change.requesters, *(world.asked[one] for one in (change.id,) if one in world.asked)}
    return {account for person in people for account in world.known[person]}


def writes(world: World, account: int) -> bool:
    return world.forge.permissions.get(world.forge.logins[account]) == "write"


def linked_now(world: World, account: int) -> Person | None:
    return next((one.person for one in world.links.everyone() if one.confirmed and one.account == account), None)


def listed(world: World, rules: Rules, account: int) -> bool:
    """On the policy's list today, by the forge's name or by the linked Slack user."""
    person, login = linked_now(world, account), world.forge.logins[account]
    user = person.user if person else ""
    names = {f"github:{login}", f"slack:{user}"}
    names |= {"github:acme/leads"} if login in world.forge.teams["acme/leads"] else set()
    names |= {"slack:@leads"} if user in world.chat.groups["S0LEADS"] else set()
    return not rules.frm or bool(names & set(rules.frm))


def _approves(world: World, rules: Rules, change: Change, one: ForgeReview, sha: str, *, swift: bool) -> bool:
    if one.verdict is not Verdict.APPROVED or not writes(world, one.account) or one.account == ROBOT:
        return False
    if _meaning(world, one.commit) != _meaning(world, sha):
        return False
    if one.account in last_editor(world, change, sha):
        return False
    if one.account in accounts_of(world, change):
        may = rules.back_requester if swift else rules.requester
        return may and (swift or listed(world, rules, one.account))
    nobody_knows = change.unlinked and linked_now(world, one.account) is None
    return listed(world, rules, one.account) and not nobody_knows
