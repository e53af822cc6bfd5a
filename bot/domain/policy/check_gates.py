"""What must hold between gates, and between them and the rest of the policy: names, models, environments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from bot.domain.policy.build_gates import gate_of
from bot.domain.policy.entries import no_environment
from bot.domain.policy.gates import PRIMARY, direction_of, is_for
from bot.domain.policy.load import Key
from bot.domain.policy.model import Environment, Gate
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import ModelRule, PolicyFile
from bot.domain.policy.schema_gates import MAX_GATES, GateRule
from bot.domain.policy.shown import nearest

Finding = tuple[Key, str]
OWN_NAMES = frozenset({"window", "freeze", "ban", "break-glass", "ladder", "version"})
"""What the bot's own gates are called, which nobody waives; those of `after` are called `soak ENVIRONMENT`."""


def check_gates(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """The gates of a policy whose shape is right."""
    for name, stage in file.environments.items():
        yield from _listed(("environments", name, "gates"), stage.gates)
        yield from _of_environment(("environments", name, "gates"), stage.gates, file)
    for name, model in file.models.items():
        yield from _listed(("models", name, "gates"), model.gates)
        yield from _primary(name, model, file)
        yield from _of_model(("models", name, "gates"), model.gates, policy.environments)


def _listed(key: Key, rules: Sequence[GateRule]) -> Iterator[Finding]:
    """One list: how many, and that waivers can tell them apart. Where two lists meet, the bot tells them apart."""
    if len(rules) > MAX_GATES:
        yield key, f"{len(rules)} gates; at most {MAX_GATES}"
    seen: dict[str, Gate] = {}
    for place, (rule, gate) in enumerate((rule, gate_of(rule)) for rule in rules):
        if gate.name in OWN_NAMES or gate.name.startswith("soak "):
            yield (*key, place, "name"), f"{gate.name!r} is the name of a gate of the bot's own; take another"
        if seen.setdefault(gate.name, gate) != gate:
            where = (*key, place, "name") if rule.name else (*key, place)
            yield where, f"another gate of this list is called {gate.name!r} too; add a name: of its own to one of them"


def _primary(name: str, rule: ModelRule, file: PolicyFile) -> Iterator[Finding]:
    """A model that a gate asks for its primary metric has one, whose direction is known."""
    if rule.primary_metric is None:
        user = _asks_primary(name, rule, file)
        if user:
            yield ("models", name), f"primary_metric is missing; {user} asks for it"
    elif direction_of(rule.primary_metric, rule.greater_is_better) is None:
        message = f"the direction of {rule.primary_metric} is not known; add greater_is_better: true or false"
        yield ("models", name, "primary_metric"), message


def _asks_primary(name: str, rule: ModelRule, file: PolicyFile) -> str | None:
    if any(gate.metric == PRIMARY for gate in rule.gates):
        return "one of its gates"
    asking = (stage for stage, one in file.environments.items() if any(_is_primary(gate, name) for gate in one.gates))
    found = next(asking, None)
    return f"a gate of {found}" if found else None


def _is_primary(gate: GateRule, model: str) -> bool:
    return gate.metric == PRIMARY and is_for(gate_of(gate), model)


def _of_environment(key: Key, rules: Sequence[GateRule], file: PolicyFile) -> Iterator[Finding]:
    for place, rule in enumerate(rules):
        if rule.environments:
            yield (*key, place, "environments"), "only at a model's gate; here say models, or nothing for all"
        for number, pattern in enumerate(rule.models):
            if not file.layouts and not any(fnmatchcase(name, pattern) for name in file.models):
                yield (*key, place, "models", number), _no_model(pattern, file.models)


def _no_model(pattern: str, models: Mapping[str, object]) -> str:
    near = nearest(pattern, models)
    return f"there is no model {pattern!r}{f'; did you mean {near}?' if near else ''}"


def _of_model(key: Key, rules: Sequence[GateRule], stages: Sequence[Environment]) -> Iterator[Finding]:
    known = dict.fromkeys(name for stage in stages for name in _names(stage))
    for place, rule in enumerate(rules):
        if rule.models:
            yield (*key, place, "models"), "only at an environment's gate; here say environments, or nothing for all"
        for number, name in enumerate(rule.environments):
            if name not in known:
                yield (*key, place, "environments", number), no_environment(name, known)


def _names(stage: Environment) -> Iterator[str]:
    """All that it may be called by, the environment that it is a region of included."""
    yield from (stage.name, *stage.aliases)
    if stage.fanned is not None:
        yield stage.fanned
        yield from (alias.removesuffix(f"-{stage.region}") for alias in stage.aliases)
