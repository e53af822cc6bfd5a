"""A row of the audit chain in words."""

from __future__ import annotations

from bot.domain.audit import AuditEntry
from bot.domain.audit_cards import AuditLine
from bot.domain.people import Person
from bot.domain.wording import one_line, short

WORDS = {
    "proposed": "proposed {what}",
    "joined": "asked for {what} too",
    "superseded": "asked for another version in the place of {what}",
    "shown": "was shown {what}, to decide on",
    "approved": "approved {what}",
    "changes_requested": "asked for changes to {what}",
    "review_counts": "has a review of {what} that counts",
    "review_counts_not": "has a review of {what} that does not count",
    "policy approved": "saw the approvals of a new policy complete {what}",
    "policy outside": "changed the policy past every approval {what}",
    "held": "put {what} on hold",
    "released": "let {what} go on",
    "closed": "closed {what}",
    "withdrawn": "withdrew {what}: the registry's alias was moved back",
    "expired": "let {what} expire",
    "rebuilt": "rendered {what} again on a base that moved",
    "merging": "found {what} fit to merge",
    "merge_refused": "did not merge {what}",
    "merged": "merged {what}",
    "obsolete": "found nothing left to do in {what}",
    "healthy": "heard that {what} is healthy",
    "degraded": "heard that {what} degraded",
    "watched": "watches {what} no more",
    "auto_rollback": "looked at taking back {what}",
    "mismatch": "found the registry's alias moved, with no change behind it, to {what}",
    "not_proposed": "did not propose {what}",
    "alias_set": "moved the registry's alias to {what}",
    "taken_on": "took on {what}",
    "frozen": "froze {what}",
    "unfrozen": "lifted the freeze of {what}",
    "banned": "banned {what}",
    "unbanned": "lifted the ban of {what}",
    "broke the glass": "broke the glass for {what}",
    "reviewed broken glass": "reviewed {what}, which broke the glass",
    "broken glass not reviewed in time": "called for a second look at {what}, which broke the glass",
    "merge asked": "pressed Merge on {what}",
    "waived": "waived `{gate}` of {what}",
    "waiver withdrawn": "took back the waiver of `{gate}` of {what}",
    "opened by hand": "opened {what} by hand",
    "changed by hand": "changed by hand what {what} moves",
    "ci re-run": "asked for failed CI of {what} to run again",
    "ci snoozed": "snoozed CI of {what}",
    "incident opened": "opened an incident of {what}",
    "incident reopened": "opened the incident of {what} again",
    "incident critical": "found the incident of {what} critical",
    "incident snooze broke": "broke the snooze of the incident of {what}",
    "incident snooze ended": "let the snooze of the incident of {what} end",
    "incident resolved": "found the incident of {what} over",
    "incident taken": "took on the incident of {what}",
    "incident snoozed": "snoozed the incident of {what}",
    "incident closed": "closed the incident of {what} by hand",
    "retrain asked": "asked for a retraining, {what}",
    "retrain joined": "asked for the retraining that runs, {what}",
    "retrain started": "started a retraining, {what}",
    "retrain ended": "saw a retraining end, {what}",
    "retrain proposed": "had {what} proposed, which came of a retraining",
    "refused": "was refused {asked} of {what}",
    "given_up": "gave up {asked} of {what}",
}
BY_BOT = {
    "review_counts": "finds that {login}'s review of {what} counts",
    "review_counts_not": "finds that {login}'s review of {what} does not count",
    "voided": "voided what {login} said of {what}",
}
"""What the bot notes of a review that somebody else gave."""
ASKED = {
    "review": "a review",
    "promote": "the promotion",
    "rollback": "the rollback",
    "merge_change": "the merge",
    "waive_gate": "a waiver",
    "retrain": "a retraining",
}


def line_of(entry: AuditEntry) -> AuditLine:
    """The row as a line. A row of a kind that has no words here is told by its name."""
    person = person_of(entry.by)
    return AuditLine(entry.at, person, "" if person else name_of(entry.by), text_of(entry))


def text_of(entry: AuditEntry) -> str:
    """`approved 42, production (#7): looks good`; who did it is not in it."""
    asked = str(entry.evidence.get("asked") or "")
    pattern = WORDS.get(entry.what, entry.what.replace("_", " ") + " {what}")
    if entry.login and person_of(entry.by) is None and not entry.by.startswith("github:"):
        pattern = BY_BOT.get(entry.what, pattern)
    gate = one_line(str(entry.evidence.get("gate") or "")).replace("`", "'")
    words = pattern.format(what=_what(entry), asked=ASKED.get(asked, f"`{asked}`"), login=f"@{entry.login}", gate=gate)
    code = entry.evidence.get("reason") if entry.what == "refused" else None
    why = f": {one_line(entry.why)}" if entry.why else ""
    return f"{words}{why}{f' ({code})' if code else ''}"


def _what(entry: AuditEntry) -> str:
    names = ", ".join(part for part in (short(entry.version) if entry.version else "", entry.environment or "") if part)
    return f"{names or entry.model or 'it'}{f' (#{entry.number})' if entry.number else ''}"


def person_of(by: str) -> Person | None:
    """The Slack user, where it is one."""
    kind, _, name = by.partition(":")
    team, slash, user = name.partition("/")
    return Person(team=team, user=user) if kind == "slack" and slash else None


def name_of(by: str) -> str:
    """`@kim` for an account of the forge; `policy` and `slackops` as they are."""
    return f"@{by.removeprefix('github:')}" if by.startswith("github:") else by
