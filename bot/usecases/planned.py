"""What a plan tells: a decision with everything that it looked at, fit for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.change import Edit, Scalar
from bot.domain.comparison import Comparison
from bot.domain.comparison_json import comparison_json
from bot.domain.decide import Decision, Refuse
from bot.domain.gates import GateResult
from bot.domain.policy import Environment
from bot.domain.wording import step
from bot.errors import Refused
from bot.usecases.plan_needs import Needs, by_name, held_up, next_window
from bot.usecases.propose import Proposal


@dataclass(frozen=True)
class Outcome:
    """``digest`` is empty where the refusal came before it was known what would change."""

    decision: Literal["propose", "refuse"]
    reason: str | None
    message: str
    unblock: str | None
    frm: str | None
    to: str
    digest: str = ""
    edits: tuple[Edit, ...] = ()
    diff: str = ""
    gates: tuple[GateResult, ...] = ()
    required: int = 0
    eligible: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    """For people: what it would wait for, in sentences."""
    comparison: Comparison | None = None

    @property
    def proposed(self) -> bool:
        """Whether a pull request would be opened."""
        return self.decision == "propose"

    def as_json(self) -> dict[str, Any]:
        """The shape that scripts rely on. ``next_window`` is null where no window holds it up, ``comparison`` where the
        refusal came before there was anything to compare."""
        return {
            "decision": self.decision,
            "reason": self.reason,
            "message": self.message,
            "unblock": self.unblock,
            "from": self.frm,
            "to": self.to,
            "digest": self.digest,
            "edits": [{"file": e.file, "line": e.line, "old": _text(e.old), "new": _text(e.new)} for e in self.edits],
            "diff": self.diff,
            "gates": [
                {"name": g.name, "state": g.state.value, "observed": g.observed, "required": g.required}
                for g in self.gates
            ],
            "approvals": {"required": self.required, "eligible": list(self.eligible)},
            "next_window": next_window(self.gates),
            "comparison": comparison_json(self.comparison) if self.comparison else None,
        }


def _text(scalar: Scalar) -> str | None:
    return None if scalar.type == "absent" else scalar.text


def refused(why: Refused, to: str, environment: Environment | None = None, frm: str | None = None) -> Outcome:
    """Refused before a decision was reached."""
    needs = by_name(environment) if environment else Needs(0, ())
    return Outcome(
        decision="refuse",
        reason=why.reason.value,
        message=why.message,
        unblock=why.unblock,
        frm=frm,
        to=to,
        required=needs.required,
        eligible=needs.eligible,
    )


def outcome(plan: Proposal, decision: Decision, gates: tuple[GateResult, ...], diff: str, needs: Needs) -> Outcome:
    """What was decided about a proposal."""
    intent = plan.intent
    no = decision if isinstance(decision, Refuse) else None
    return Outcome(
        decision="refuse" if no else "propose",
        reason=no.reason.value if no else None,
        message=no.message if no else f"Would propose: {step(intent)}. {plan.chosen}".strip(),
        unblock=no.unblock if no else None,
        frm=intent.frm,
        to=intent.to,
        digest=intent.digest,
        edits=intent.edits,
        diff=diff,
        gates=gates,
        required=needs.required,
        eligible=needs.eligible,
        wants=() if no else tuple(part for part in (held_up(gates), needs.wanted, needs.forge) if part),
    )
