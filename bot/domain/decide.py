"""May this be proposed? Facts in, decision out; the last branch refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.change import Change, Intent
from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.stops import Banned, ban_words
from bot.errors import Reason, Refused

MOST_NAMED = 5


@dataclass(frozen=True)
class Refuse:
    """Not proposed: a stable code, one sentence, and what would unblock it."""

    reason: Reason
    message: str
    unblock: str | None = None

    def error(self) -> Refused:
        """The same, to be raised."""
        return Refused(self.reason, self.message, self.unblock)


@dataclass(frozen=True)
class Join:
    """The same version is asked for already: the asker becomes a co-requester."""

    change: Change


@dataclass(frozen=True)
class Propose:
    """Open the change; ``supersedes`` is the target's open change to another version."""

    intent: Intent
    supersedes: Change | None = None


Decision = Refuse | Join | Propose


@dataclass(frozen=True)
class Deployed:
    """What the target pins at the base head."""

    state: str
    version: str | None
    raw: str | None
    file: str
    line: int
    message: str | None = None

    @property
    def shown(self) -> str | None:
        """The version, else the raw value that no template matches."""
        return self.version or self.raw


@dataclass(frozen=True)
class Facts:
    """Everything that a decision about a new change looks at. ``intent`` has no edits when nothing would change."""

    intent: Intent
    allowed: bool
    role: str
    deployed: Deployed
    gates: tuple[GateResult, ...]
    open_change: Change | None
    ban: Banned | None = None
    """The ban of the version that it goes to."""
    may_waive: tuple[str, ...] = ()
    """Who is in the role `waive` there, as the policy writes them."""


def decide(facts: Facts) -> Decision:
    """Refuse, join the open change, or propose."""
    refusal = _role(facts) or _ban(facts) or _target(facts)
    if refusal:
        return refusal
    current = facts.open_change
    if current and _same(current.intent, facts.intent):
        return Join(current)
    refusal = _already(facts) or _gates(facts)
    if refusal:
        return refusal
    if facts.intent.edits:
        return Propose(facts.intent, current)
    return Refuse(Reason.ALREADY_DEPLOYED, "Nothing would change.", "Run `slackops check` on the deployment repo.")


def _role(facts: Facts) -> Refuse | None:
    if facts.allowed:
        return None
    return not_allowed(facts.role)


def _ban(facts: Facts) -> Refuse | None:
    ban = facts.ban
    if ban is None:
        return None
    return Refuse(
        Reason.VERSION_BANNED,
        f"{ban_words(ban)}.",
        f"Name another version; or `/slackops unban {ban.model} {ban.version} --reason TEXT`.",
    )


def not_allowed(role: str) -> Refuse:
    """The asker lacks the role."""
    return Refuse(
        Reason.NOT_ALLOWED,
        f"You are not in the role `{role}`.",
        f"Ask someone who is, or have the policy's roles.{role} changed by a pull request.",
    )


def _target(facts: Facts) -> Refuse | None:
    seen, intent = facts.deployed, facts.intent
    where = f"{intent.model} in {intent.environment}"
    if seen.state == "unreadable":
        return Refuse(
            Reason.TARGET_UNREADABLE,
            f"The manifest of {where} cannot be read: {seen.message or seen.file}.",
            f"Mend {seen.file} or the target's selector in the policy.",
        )
    if seen.state == "mixed":
        return Refuse(
            Reason.TARGET_MIXED,
            f"The files of {where} do not agree on a version: {seen.message or seen.raw or seen.file}.",
            "Bring them to one version by a pull request, then ask again.",
        )
    return None


def _already(facts: Facts) -> Refuse | None:
    seen, intent = facts.deployed, facts.intent
    if seen.state != "pinned" or seen.version != intent.to or facts.intent.edits:
        return None
    return Refuse(
        Reason.ALREADY_DEPLOYED,
        f"{intent.model} {intent.to} is what {intent.environment} pins already ({seen.file}:{seen.line}).",
        "Nothing to do; `/models` shows what runs where.",
    )


def _gates(facts: Facts) -> Refuse | None:
    stuck = [g for g in facts.gates if g.at == "propose" and g.holds_up]
    if not stuck:
        return None
    gate = stuck[0]
    return Refuse(Reason.GATE_FAILED, f"{gate.name}: {gate.observed}; needs {gate.required}.", _way_out(facts, gate))


def _way_out(facts: Facts, gate: GateResult) -> str:
    """What would let it through, and who could waive it, where the policy names anybody."""
    unknown = gate.state is GateState.UNKNOWN
    if not gate.waivable or not facts.may_waive:
        return "Try again when it is known." if unknown else "Train again, or change the gate."
    names = facts.may_waive[:MOST_NAMED]
    more = f" or {len(facts.may_waive) - len(names)} more" if len(facts.may_waive) > len(names) else ""
    first = "Try again when it is known" if unknown else "Train again"
    named = f'"{gate.name}"' if " " in gate.name else gate.name
    return f"{first}, or ask {' or '.join(names)}{more} to waive: `/promote … --waive {named} --reason TEXT`."


def _same(current: Intent, asked: Intent) -> bool:
    return (current.action, current.to) == (asked.action, asked.to)


def refuse_latest(model: str, environment: str | None, newest: Sequence[ModelVersion]) -> Refuse:
    """`latest` means something else tomorrow, so it is refused with today's newest version named."""
    if not newest:
        return Refuse(Reason.LATEST_REFUSED, f"{model} has no versions yet.", "Register one in MLflow first.")
    version = newest[0].version
    return Refuse(
        Reason.LATEST_REFUSED,
        f"`latest` is not a version; the newest of {model} is {version}.",
        f"Say `/promote {model} {version}{f' {environment}' if environment else ''}`.",
    )
