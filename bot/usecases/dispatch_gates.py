"""From a row of the inbox to its use case: gates, CI, the registry, subscriptions."""

from __future__ import annotations

from bot.domain.commands import (
    Command,
    Compare,
    LookCi,
    LookRegistry,
    PollCi,
    PollRegistry,
    ProposeByRule,
    RerunCi,
    SnoozeCi,
    Subscribe,
    TellCi,
    TellSubscribers,
    WaiveGate,
)
from bot.ports import Row
from bot.usecases.ci_dispatch import carry_out_ci
from bot.usecases.compare_asked import show_comparison
from bot.usecases.context import Context
from bot.usecases.dispatch_drift import carry_out_drift
from bot.usecases.registry_looking import look_registry
from bot.usecases.registry_polling import poll_registry
from bot.usecases.registry_proposing import propose_by_rule
from bot.usecases.repo import Repo
from bot.usecases.subscribing import subscribe, tell_subscribers
from bot.usecases.waiving import waive_gate

Gated = WaiveGate | Compare | RerunCi | SnoozeCi | Subscribe
"""What people ask for."""

GATED_TITLES: dict[type, str] = {
    WaiveGate: "Not waived",
    Compare: "Comparison",
    RerunCi: "Not run again",
    SnoozeCi: "Not snoozed",
    Subscribe: "Not subscribed",
}
"""What was asked for, for the first line of a refusal."""


def carry_out_gates(ctx: Context, repo: Repo, row: Row, command: Command) -> None:
    """Carry out one row of this kind."""
    match command:
        case WaiveGate():
            waive_gate(ctx, repo, row, command)
        case Compare():
            show_comparison(ctx, repo, command)
        case Subscribe():
            subscribe(ctx, repo, row, command)
        case TellSubscribers():
            tell_subscribers(ctx, repo, command)
        case LookRegistry():
            look_registry(ctx, repo, row, command)
        case PollRegistry():
            poll_registry(ctx, repo, row)
        case ProposeByRule():
            propose_by_rule(ctx, repo, row, command)
        case LookCi() | PollCi() | TellCi() | RerunCi() | SnoozeCi():
            carry_out_ci(ctx, repo, row, command)
        case _:
            carry_out_drift(ctx, repo, row, command)
