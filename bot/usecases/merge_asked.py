"""Who may press Merge, where the environment does not merge by itself; asked again right before the merge."""

from __future__ import annotations

from bot.domain.change import Action, Change
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.usecases.context import Context
from bot.usecases.identity import allowed


def may_merge_it(ctx: Context, policy: Policy, change: Change, person: Person) -> bool:
    """Those who asked for the change, and whoever has the role that asking for it takes."""
    role = Action.ROLLBACK if change.intent.action is Action.ROLLBACK else Action.PROMOTE
    return person in change.requesters or allowed(
        ctx, policy, person, role.value, change.intent.environment, change.intent.model
    )


def merges_itself(ctx: Context, policy: Policy, auto: bool, change: Change) -> bool:
    """Whether it merges once everything is in place: by the policy, because it breaks the glass, or because somebody
    who still may pressed Merge on what it still means."""
    if auto or change.glass is not None:
        return True
    asked = change.merge_asked
    same = change.merge_digest == change.intent.digest
    return asked is not None and same and not change.by_hand and may_merge_it(ctx, policy, change, asked)
