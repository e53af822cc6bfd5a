"""`reviews: recorded-by-bot`: the bot records the word of somebody who has no account on the forge."""

from __future__ import annotations

from bot.domain.approvals import ApprovalRule
from bot.domain.change import Change
from bot.domain.commands import Review
from bot.domain.facts import ForgeReview, Pull, Verdict
from bot.domain.people import Person
from bot.domain.recorded import Recorded, opened, parsed, payload, said_hash, sealed
from bot.domain.wording import review_body
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.context import Context

VERDICT = {"approve": Verdict.APPROVED, "request_changes": Verdict.CHANGES_REQUESTED}
DID = {"approve": "approved", "request_changes": "requested changes of"}


def may_record(ctx: Context, rule: ApprovalRule) -> bool:
    """Whether a word without an account can be recorded. Raises Refused(FORGE_REQUIRES_REVIEW) where the policy would
    have it so and the forge does not take it."""
    if not rule.recorded or ctx.attest is None:
        return False
    if rule.native > 0:
        raise Refused(
            Reason.FORGE_REQUIRES_REVIEW,
            f"GitHub itself requires reviews here ({rule.native}), and a word that the bot records is none.",
            "Link a GitHub account with `/slackops link`, or have somebody decide who has one.",
        )
    return True


def record(ctx: Context, row: Row, change: Change, pull: Pull, command: Review, evidence: str = "") -> ForgeReview:
    """Write the word down on the forge, so that it counts as that person's as long as nobody edits it."""
    assert ctx.attest is not None
    text = review_body(_text(command, pull.number), row.id, evidence)
    said = Recorded(
        change=change.id,
        digest=command.digest,
        head=pull.head,
        number=pull.number,
        repo=ctx.forge.repository,
        person=command.by,
        verdict=VERDICT[command.verdict],
        row=row.id,
        at=ctx.clock.now(),
        said=said_hash(text),
    )
    return ctx.forge.record(pull.number, pull.head, f"{text}\n{sealed(said, ctx.attest.sign(payload(said)))}")


def _text(command: Review, number: int) -> str:
    """For people. A comment must not open a mark of its own."""
    comment = (command.comment or "").strip().replace("<!--", "< !--")
    sentence = (
        f"{who(command.by)} {DID[command.verdict]} #{number} in Slack. SlackOps recorded it, as the policy allows."
    )
    return f"{comment}\n\n{sentence}" if comment else sentence


def who(person: Person) -> str:
    """How a recorded review names somebody: by what no rename changes."""
    return f"`{person}`"


def attested(ctx: Context, change: Change, pull: Pull, review: ForgeReview) -> Recorded | None:
    """The word that a comment of the bot's carries for this change; None for any other comment, and for one that was
    edited, copied, or written under other keys."""
    found = opened(review.body) if ctx.attest is not None and review.login == ctx.forge.login else None
    if found is None or ctx.attest is None or not ctx.attest.verify(found[0], found[1]):
        return None
    said = parsed(found[0])
    if said is None or said.said != said_hash(found[2]):
        return None
    about = (said.change, said.number, said.repo.casefold(), said.head)
    here = (change.id, pull.number, ctx.forge.repository.casefold(), review.commit)
    return said if about == here else None
