"""Which versions the aliases point to that gates compare with. A registry that does not answer leaves an alias out."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.facts import ModelVersion
from bot.domain.policy import Gate, MetricGate
from bot.errors import Reason, Refused, SlackOpsError
from bot.usecases.context import Context


def aliased(ctx: Context, gates: Iterable[Gate], registered: str) -> dict[str, ModelVersion | None]:
    """By alias, one question each: the version; None where nothing has it. ``registered`` is the model's name in the
    registry. Never raises."""
    against = (gate.against for gate in gates if isinstance(gate, MetricGate) and gate.against)
    names = dict.fromkeys(name.removeprefix("@") for name in against if name.startswith("@"))
    found: dict[str, ModelVersion | None] = {}
    for name in names:
        try:
            found[name] = ctx.registry.by_alias(registered, name)
        except Refused as why:
            if why.reason is Reason.UNKNOWN_ALIAS:
                found[name] = None
        except SlackOpsError:
            break  # whoever does not answer once is not asked again and again
    return found
