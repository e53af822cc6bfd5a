"""The branch rules of the default branch: do they hold people to our statuses, and let the bot do its work?

https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.domain.branch_rules import BranchRules, RequiredCheck, ReviewMode
from bot.domain.commit_statuses import APPROVALS, GATES
from bot.domain.doctor.finding import Finding, State, fail, listed, ok, warn

NAME = "branch rules"


@dataclass(frozen=True)
class Uses:
    """What the policy uses that the rules may stand in the way of. ``app`` is our App's number, None for a token;
    ``queue``: the App may use merge queues, and is told of them."""

    app: int | None
    enforce: bool = True
    api_commits: bool = False
    queue: bool = False
    recorded: tuple[str, ...] = ()
    unattended: tuple[str, ...] = ()


def check_rules(branch: str, rules: BranchRules, uses: Uses) -> Iterator[Finding]:
    """Every rule that matters."""
    for part in rules.unread:
        fix = "Give the App administration: read (`slackops github-manifest --with protection`), or use a ruleset."
        yield warn(NAME, f"{part} could not be read", fix)
    for context in (GATES, APPROVALS):
        yield from _required(branch, context, rules, uses)
    yield from _hindrances(branch, rules, uses)
    yield from _bypass(rules)
    yield from _mode(rules, uses)


def _required(branch: str, context: str, rules: BranchRules, uses: Uses) -> Iterator[Finding]:
    mine = [check for check in rules.checks if check.context == context]
    pinned = f"with the App {uses.app} as its source" if uses.app else "with the App as its source"
    if not mine:
        fix = f"Add {context} to the required status checks of {branch}, {pinned}."
        message = f"{branch} does not require {context}: anybody who may write merges without it"
        yield Finding(NAME, State.FAIL if uses.enforce else State.WARN, message, fix)
        return
    wrong = [check for check in mine if check.app is None or check.app != uses.app]
    if len(wrong) < len(mine):
        yield ok(NAME, f"{branch} requires {context} from the App {uses.app}")
    else:
        yield fail(NAME, _unpinned(context, wrong[0]), f"Choose the source of {context} on {branch}: {pinned}.")


def _unpinned(context: str, check: RequiredCheck) -> str:
    if check.app is None:
        return f"{context} is not pinned to a source: whoever may write can set it to success"
    return f"{context} is pinned to another source, the App {check.app}: it never comes"


def _hindrances(branch: str, rules: BranchRules, uses: Uses) -> Iterator[Finding]:
    if rules.last_push:
        message = (
            "the last push wants an approval by somebody else (last push): what the bot pushes anew wants a new one"
        )
        yield fail(
            NAME, message, f"Switch off the approval of the most recent push on {branch}: four eyes are held here."
        )
    if rules.dismiss_stale:
        message = "a push dismisses approvals (dismiss stale): after the base moves they are asked for again on GitHub"
        fix = (
            f"Switch off the dismissal of stale approvals on {branch}: an approval of other content never counts here."
        )
        yield warn(NAME, message, fix)
    if rules.strict:
        message = "branches must be up to date (strict): each merge makes every other change wait for a new head"
        yield warn(NAME, message, f"Switch off strict on {branch}: every change is rendered on today's base anyway.")
    if rules.signed and not uses.api_commits:
        message = "commits must be signed, and the bot pushes commits that are not"
        yield fail(NAME, message, "Set `commits: api` in the policy: GitHub then signs them.")
    if rules.merge_queue and not uses.queue:
        message = "merges go through a merge queue, of which the App is not told"
        fix = "Give the App merge_queues: write and the event merge_group (`slackops github-manifest --with queue`)."
        yield fail(NAME, message, fix)
    elif rules.merge_queue:
        message = "merges go through a merge queue: the bot joins it, and judges again what the queue builds"
        yield warn(NAME, message, f"If that is not meant, switch the merge queue off on {branch}.")


def _bypass(rules: BranchRules) -> Iterator[Finding]:
    if rules.we_bypass:
        fix = "Take it off the bypass list: what the bot merges must stand under the same rules."
        yield fail(NAME, "the App may pass the rules by", fix)
    others = [f"{one.kind} {one.who}" for one in rules.bypass]
    if others and not rules.we_bypass:
        yield ok(NAME, f"may pass the rules by: {listed(others)}; what they push is told and written down")


def _mode(rules: BranchRules, uses: Uses) -> Iterator[Finding]:
    name = "review mode"
    if rules.mode is ReviewMode.OURS:
        owners = "; code owners are asked for as well" if rules.code_owners else ""
        yield ok(name, f"ours: the policy alone says whose approval counts{owners}")
        return
    yield ok(name, f"native: GitHub wants {rules.reviews} as well, from people with write access")
    yield from _refused(uses.recorded, "reviews: recorded-by-bot", "own-account")
    yield from _refused(uses.unattended, "on_degraded: rollback", "propose")


def _refused(environments: Collection[str], key: str, instead: str) -> Iterator[Finding]:
    if environments:
        message = f"{key} in {listed(tuple(environments))} is refused (forge_requires_review)"
        fix = f"Say {key.partition(':')[0]}: {instead} there, or require the two statuses and no reviews on GitHub."
        yield warn("review mode", message, fix)
