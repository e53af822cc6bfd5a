"""Snapshot in, actions out. Run on a settled change it gives nothing to do.

Actions are in the order in which they must happen: the record first, then statuses (a merge may require them), the card
and its thread, the merge last. Whatever changes the pull request ends the list: the world is looked at again after it,
and a merge is only made when nothing else was left to write, on a fresh look.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cards import ChangeCard, Stage, ThreadEvent, ThreadNews
from bot.domain.change import ChangeState
from bot.domain.change_timing import Timing
from bot.domain.commit_statuses import approvals_status, ended_statuses, gates_status, same_status, shown_as
from bot.domain.comparison_news import comparison_actions
from bot.domain.facts import Status, Verdict
from bot.domain.hand_words import WATCHING_ON_CARD, merged_anyway, would_have
from bot.domain.people import Person
from bot.domain.pull_edit import edit_pull
from bot.domain.queueing import queue_actions, waits_for_queue
from bot.domain.reconcile_actions import (
    Action,
    ClosePull,
    Comment,
    Dequeue,
    DropBranch,
    Expire,
    LeftQueue,
    Merge,
    Rebuild,
    Say,
    SetStatus,
    Settle,
    ShowCard,
)
from bot.domain.reminding import expired, reminders
from bot.domain.snapshot import Snapshot, blocker, note, stage
from bot.domain.stops import offers
from bot.domain.waive_cards import waiver_lines
from bot.domain.waive_says import waiver_says
from bot.domain.wording import commit_message, edit_lines, step, subject, waived_names

MERGE_RETRY_SECONDS = 600.0

FINAL = {
    Stage.MERGED: ChangeState.MERGED,
    Stage.SUPERSEDED: ChangeState.SUPERSEDED,
    Stage.OBSOLETE: ChangeState.OBSOLETE,
    Stage.CLOSED: ChangeState.CLOSED,
}


ENDS_ROUND = (ClosePull, Dequeue, Expire, LeftQueue, Rebuild, Merge)


def reconcile(seen: Snapshot, statuses: dict[str, Status], said: frozenset[str]) -> list[Action]:
    """What is missing. ``statuses`` are those on the head now, ``said`` the marks that the thread has."""
    at = stage(seen)
    if seen.awaits_successor:
        return []
    if at in FINAL:
        ended = [SetStatus(seen.pull.head, status) for status in ended_statuses(seen, at, statuses)]
        return [*ended, *_finish(seen, at, said)]
    if (why := expired(seen, at)) and not seen.change.by_hand:
        return [Expire(why)]
    if _must_rebuild(seen) and seen.today is not None:
        return [Rebuild(seen.today)]
    actions: list[Action] = queue_actions(seen, at)
    actions += [
        SetStatus(seen.pull.head, status)
        for status in (shown_as(one, seen) for one in (gates_status(seen), approvals_status(seen)))
        if not same_status(statuses.get(status.context), status)
    ]
    actions.append(ShowCard(card(seen, at)))
    actions += edit_pull(seen, card(seen, at))
    if seen.change.by_hand and not seen.enforce:
        actions.append(Comment(would_have(seen)))
    actions += comparison_actions(seen, said)
    actions += [say for say in thread(seen, at) if say.mark not in said]
    if may_merge(seen, at):
        actions.append(merge(seen))
    return actions


def _finish(seen: Snapshot, at: Stage, said: frozenset[str]) -> list[Action]:
    by_hand = seen.change.by_hand
    if seen.pull.state == "open" and not seen.pull.merged and not by_hand:
        return [ClosePull(note(seen, at))]
    actions: list[Action] = []
    if seen.branch_exists and not by_hand:
        actions.append(DropBranch(seen.change.branch))
    end = _end(seen, at)
    if seen.change.state is not end:
        actions.append(Settle(end, seen.pull.merge_commit, seen.pull.merged_at))
    if not (_watched(seen) and "card" in said):
        actions.append(ShowCard(card(seen, at)))
    actions += [say for say in thread(seen, at) if say.mark not in said]
    return actions


def _watched(seen: Snapshot) -> bool:
    """Watched, or watched to the end: a look that was late does not turn card or record back to the merge."""
    return seen.change.state is ChangeState.WATCHING or seen.change.outcome is not None


def _end(seen: Snapshot, at: Stage) -> ChangeState:
    """A merge is not the end where the rollout is followed: `watching` decides the rest."""
    if _watched(seen):
        return seen.change.state
    return ChangeState.WATCHING if at is Stage.MERGED and seen.followed else FINAL[at]


def _must_rebuild(seen: Snapshot) -> bool:
    """The starting point moved, or the branch conflicts. A branch that somebody else wrote to is never written over,
    and one that holds the whole base cannot conflict with it, whatever the forge still says."""
    if seen.today is None or not seen.sound or seen.change.by_hand:
        return False
    return seen.today.digest != seen.change.intent.digest or (seen.pull.mergeable is False and seen.behind)


def card(seen: Snapshot, at: Stage) -> ChangeCard:
    """The card as it should stand now."""
    change = seen.change
    intent = change.intent
    return ChangeCard(
        change=change.id,
        digest=intent.digest,
        number=seen.pull.number,
        url=seen.pull.url,
        action=intent.action,
        model=intent.model,
        environment=intent.environment,
        frm=intent.frm,
        to=intent.to,
        stage=at,
        requesters=change.requesters,
        reason=change.reason,
        metrics=seen.metrics,
        gates=seen.gates,
        approvals=seen.tally.approvals,
        required=seen.tally.required,
        reviews=seen.tally.lines,
        edits=edit_lines(intent),
        note=note(seen, at),
        held=seen.held is not None,
        can_decide=at not in FINAL,
        judged=seen.judged,
        also=seen.also,
        stops=offers(replace(change, state=FINAL[at])) if at in FINAL else (),
        by_rule=seen.by_rule,
        why=change.why if seen.enforce else (*change.why, WATCHING_ON_CARD),
        serving=seen.serving,
        steps=seen.steps,
        percent=intent.percent,
        timing=_timing(seen, at),
        details=seen.page,
        waivers=waiver_lines(change.waivers, intent.digest, None if at in FINAL else seen.gates),
    )


def _timing(seen: Snapshot, at: Stage) -> Timing:
    asks = at is Stage.APPROVED and not seen.auto_merge and not seen.stuck and not seen.change.by_hand
    behind = seen.stuck[0].name if seen.stuck else ""
    clear_at = None if at in FINAL else seen.clear_at
    return Timing(clear_at, behind, asks, seen.change.glass)


def thread(seen: Snapshot, at: Stage) -> list[Say]:
    """Everything that the thread should hold by now, oldest kind first."""
    says = [Say(remark.mark, ThreadEvent(remark.text, remark.by)) for remark in seen.change.remarks]
    says += waiver_says(seen)
    says += [_review_say(seen, index) for index in range(len(seen.tally.lines))]
    says += _news(seen, at)
    if at in FINAL:
        says.append(Say(at.value.lower(), ThreadEvent(_ending(seen, at), to=_waited(seen, at))))
    return says


def _review_say(seen: Snapshot, index: int) -> Say:
    line = seen.tally.lines[index]
    did = {Verdict.APPROVED: "approved", Verdict.CHANGES_REQUESTED: "asked for changes"}.get(
        Verdict(line.verdict), "had the review dismissed"
    )
    who = "" if line.person else f"{line.login} "
    comment = f": {line.comment}" if line.comment else ""
    counts = "" if line.counts else f" (does not count: {line.why})"
    return Say(f"review:{line.id}:{line.verdict}", ThreadEvent(f"{who}{did}{comment}{counts}", line.person))


def _news(seen: Snapshot, at: Stage) -> list[Say]:
    intent = seen.change.intent
    what = step(intent)
    if at is Stage.REVIEW:
        need = seen.tally.required - seen.tally.approvals
        text = f"{need} more approval{'s' if need > 1 else ''} needed."
        news = ThreadNews(f"Needs review: {what}", text, seen.approvers)
        return [Say(f"needs-review:{intent.digest}", news), *reminders(seen, at)]
    if at is Stage.BLOCKED:
        cause = seen.failed[0].name if seen.failed else ",".join(seen.tally.objections) or seen.content.value
        news = ThreadNews(f"Blocked: {what}", blocker(seen), seen.notify_blocked, broadcast=True)
        return [Say(f"blocked:{seen.pull.head}:{cause}", news, broadcast=True)]
    if at is Stage.APPROVED and seen.change.merge_refusal:
        news = ThreadNews(f"Not merged: {what}", note(seen, at), seen.notify_blocked)
        return [Say(f"merge-refused:{seen.change.merge_refusal.situation}", news)]
    return []


def _waited(seen: Snapshot, at: Stage) -> tuple[Person, ...]:
    """Those who asked hear the end, but not of what they did themselves, nor of a merge whose rollout is followed: that
    one ends when it is live."""
    if at is Stage.MERGED and seen.followed:
        return ()
    after = seen.successor.requesters if seen.successor else ()
    return tuple(one for one in seen.change.requesters if one != seen.change.closed_by and one not in after)


def _ending(seen: Snapshot, at: Stage) -> str:
    if at is Stage.MERGED:
        return f"Merged as {(seen.pull.merge_commit or seen.pull.head)[:10]}. {merged_anyway(seen)}".strip()
    return note(seen, at)


def may_merge(seen: Snapshot, at: Stage) -> bool:
    """Everything is in place. A merge that the forge refused is tried again when its situation changed, or later."""
    ready = seen.sound and seen.tally.complete and not seen.stuck and not seen.held and not seen.change.by_hand
    if not ready or not seen.auto_merge or seen.pull.mergeable is None or at not in (Stage.MERGING, Stage.APPROVED):
        return False
    if waits_for_queue(seen):
        return False
    refusal = seen.change.merge_refusal
    return refusal is None or refusal.situation != seen.situation or seen.now >= refusal.at + MERGE_RETRY_SECONDS


def merge(seen: Snapshot) -> Merge:
    """Merge with the words of design 4.6."""
    waived = waived_names(seen.gates)
    text = commit_message(seen.change, seen.run_id, waived).split("\n", 1)[1].strip()
    title = f"{subject(seen.change.intent)} (#{seen.pull.number})"
    return Merge(seen.pull.head, seen.merge_method, title, text)
